import { HostError } from "../../errors.ts";
import type { AgentTool } from "../../models/agent-tool.ts";
import type { HostEvent } from "../../models/host-event.ts";
import type { Clock, HostPort, Logger } from "../../ports.ts";
import { offerTools } from "./agent-tools.ts";
import { createAsks } from "./asks.ts";
import type { PluginContext } from "./context.ts";
import { readEnvelope } from "./envelope.ts";
import { createEventFeed } from "./event-feed.ts";
import { diffsOf, sumOf } from "./file-changes.ts";
import { createOpencode2Host } from "./host.ts";
import type { HttpApi } from "./http-api.ts";
import { createInstances } from "./instances.ts";
import { readOutput } from "./running-output.ts";
import { settle } from "./settle.ts";
import { createTranslator } from "./translator.ts";

/** OpenCode 2 in this process: its instances, its events, told once each, and a host port for each directory. */
export interface Opencode2 {
  /** An instance of the plugin, whose events are heard from now on. The returned function takes it out again. */
  attach(context: PluginContext): () => void;
  host(directory: string): HostPort;
  /** Gives the model of an instance's directory the tools. Never throws. */
  offer(context: PluginContext, tools: readonly AgentTool[]): void;
  /** Makes OpenCode load a directory, and so this plugin for it. Rejects with `HostError`. */
  load(directory: string): Promise<void>;
  /** The events of a directory's sessions go to `on`. The returned function ends that. */
  serve(directory: string, on: (event: HostEvent) => void): () => void;
}

export function createOpencode2(deps: {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Absent where this process is no service. */
  readonly http: () => HttpApi | undefined;
}): Opencode2 {
  const { clock, logger, http } = deps;
  const instances = createInstances();
  const translator = createTranslator(() => http() !== undefined);
  const host = (directory: string): HostPort =>
    createOpencode2Host({ directory, clock, logger, translator, instances, http });
  const anywhere = host("");
  const feed = createEventFeed({
    translator,
    clock,
    logger,
    session: anywhere.session,
    messages: (id) => anywhere.messages(id, 50),
    async changes(id, prompt) {
      const path = `/api/session/${id}/diff?from=${prompt}&context=0`;
      const diffs = await http()?.call("read the changes", "GET", path);
      return diffs === undefined ? undefined : sumOf(diffsOf(Object(diffs).data));
    },
    output: (id, shell, from) => readOutput(http(), translator.session(id)?.directory, shell, from),
  });

  const asks = createAsks(http);

  async function listen(context: PluginContext, signal: AbortSignal): Promise<void> {
    for await (const raw of context.event.subscribe({ signal })) {
      const event = readEnvelope(raw);
      if (!event) continue;
      asks.take(event);
      feed.take(event);
    }
  }

  return {
    host,
    async load(directory) {
      const what = "load the directory";
      const agent = instances.any(directory)?.agent;
      if (!agent) throw new HostError(`OpenCode could not ${what}`, { kind: "refused" });
      // Of the calls that a plugin has, this one looks into another directory, and loads it for that.
      await settle(what, clock, () => agent.list({ location: { directory } }));
    },
    offer(context, tools) {
      const offered = tools.filter((tool) => !tool.asks || http() !== undefined);
      void offerTools(context, offered, asks).catch((error) => {
        logger.warn(`the model has no tools of this plugin: ${String(error)}`);
      });
    },
    serve: feed.serve,
    attach(context) {
      const remove = instances.add(context);
      const listening = new AbortController();
      void listen(context, listening.signal)
        .catch((error) => {
          if (!listening.signal.aborted) logger.warn(`OpenCode's events ended: ${String(error)}`);
        })
        .finally(remove);
      return () => {
        listening.abort();
        remove();
      };
    },
  };
}
