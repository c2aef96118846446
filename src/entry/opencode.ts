import { homedir } from "node:os";
import type { Hooks, Plugin, PluginInput } from "@opencode-ai/plugin";
import type { SharedBridge } from "../bridge/shared-bridge.ts";
import { createTools } from "../bridge/tools.ts";
import { asPluginTools } from "../clients/opencode/agent-tools.ts";
import {
  createHostLogger,
  createOpencodeHost,
  type HostConnection,
} from "../clients/opencode/opencode-client.ts";
import { createTerminalCommand } from "../clients/opencode/opencode-command.ts";
import { eventKey, parseHostEvent } from "../clients/opencode/opencode-events.ts";
import { createExitSign, type ExitSign } from "../clients/opencode/opencode-exit.ts";
import { markOrigin } from "../clients/opencode/opencode-origins.ts";
import { type Config, loadConfig } from "../config.ts";
import { wasSent } from "../conversation/prompt-sender.ts";
import { messageOf, StoreError } from "../errors.ts";
import type { Gateway } from "../gateway/gateway.ts";
import { joinGateway } from "../gateway/gateway-registry.ts";
import { asSessionId } from "../models/ids.ts";
import { createFileLogger } from "../persistence/file-logger.ts";
import { storagePaths } from "../persistence/paths.ts";
import type { HostPort, Logger } from "../ports.ts";
import { systemClock } from "../timing/system-clock.ts";
import { remembering } from "./last-problem.ts";
import { type GatewayHost, makeGateway } from "./make-gateway.ts";
import { screenUpAfterMs } from "./screen-up.ts";
import { clearedLogger, guardSecrets } from "./secrets.ts";
import { gatewayOf, serveDirectory } from "./serve-directory.ts";
import { settingsNotFollowed } from "./settings-not-followed.ts";

type ToastKind = "info" | "warning" | "error";
const LEVELS = { info: "info", warning: "warn", error: "error" } as const;

/** How OpenCode was started. */
const MODE = !Bun.isMainThread ? "terminal" : process.argv.includes("run") ? "run" : "server";

/** The plugin as OpenCode 1 calls it, once for each directory. */
export const server: Plugin = async (input, options) => {
  const connection = connectionOf(input);
  const { directory } = input;
  const { redactor, hidden } = guardSecrets(options, process.env);
  const { log } = storagePaths(process.env, homedir());
  const file = createFileLogger({ path: log, now: systemClock.now });
  const logger = clearedLogger(
    remembering(createHostLogger(connection, directory, file), systemClock),
    redactor,
  );
  const toastAfterMs = screenUpAfterMs(process.uptime() * 1000);
  const toastLater = (message: string, kind: ToastKind): void => {
    // Each as long after its own time: one that comes at the same moment as another takes its place on the screen.
    systemClock.schedule(toastAfterMs, () => void host.toast(redactor.text(message), kind));
  };
  const tell = (message: string, kind: ToastKind): void => {
    logger[LEVELS[kind]](message);
    toastLater(message, kind);
  };
  const host = createOpencodeHost({
    connection,
    directory,
    clock: systemClock,
    onUnauthorized: once((message) => tell(message, "error")),
  });
  const answers = (describe: (sessionId: string) => Promise<string>): Hooks =>
    createTerminalCommand(async (sessionId) => {
      const words = redactor.text(await describe(sessionId));
      await host.toast(words, "info");
      return words;
    });
  const hooks: Hooks = {
    "shell.env": async (_, { env }) => {
      for (const name of hidden) env[name] = "";
    },
  };
  const nothing = (problem: string): Hooks => ({ ...hooks, ...answers(async () => problem) });
  const loaded = loadConfig(options, process.env);
  if (loaded.kind === "off") {
    const missing = `Mattermost is not set up, so nothing is bridged. Set ${loaded.missing.join(" and ")}`;
    logger.info(missing);
    return nothing(missing);
  }
  if (loaded.kind === "wrong") {
    const problems = `Mattermost is not set up right, so nothing is bridged. ${loaded.problems.join(" ")}`;
    tell(problems, "error");
    return nothing(problems);
  }
  const { config } = loaded;
  if (MODE === "run" && config.sessions !== "all") {
    const why = "`opencode run` gets no thread: the setting `sessions` says so";
    logger.info(why);
    return nothing(why);
  }
  const show = (message: string): void => toastLater(message, "warning");
  const onMattermost = { ...gatewayHost(connection, host), logger, redactor, tell, show };
  const joined = tryJoin(() =>
    joinGateway<Served>({
      bot: JSON.stringify([config.url, config.token]),
      owner: config.owner?.toLowerCase(),
      directory,
      makeGateway: () => makeGateway(config, onMattermost),
      makeServed: (gateway, over) =>
        serve({ gateway: gatewayOf(gateway, config), host, logger, directory, config, over }),
      retire: ({ shared }) => shared.retire(),
    }),
  );
  if (typeof joined === "string") {
    tell(joined, "error");
    return nothing(joined);
  }
  const gateway = joined.gateway.it;
  const served = joined.served.it;
  const ignored = settingsNotFollowed(loaded, {
    ...(!joined.gateway.isMade && { bot: gateway.config }),
    ...(!joined.served.isMade && { directory: served.config }),
  });
  if (ignored) tell(ignored, "warning");
  const load = served.shared.join();
  const { bridge } = served.shared;
  return {
    ...hooks,
    ...answers(async (sessionId) => {
      if (gateway.showPairing()) return gateway.describe();
      return `${gateway.describe()} ${await bridge.describe(asSessionId(sessionId))}`;
    }),
    tool: asPluginTools(createTools(bridge, () => gateway.showPairing(), redactor)),
    event: async ({ event }) => {
      const parsed = parseHostEvent(event);
      if (parsed) load.event(parsed, eventKey(event));
    },
    "chat.message": async (request, { parts }) => {
      try {
        markOrigin(request, parts, MODE);
      } catch (error) {
        logger.debug(`where a prompt comes from was not noted: ${messageOf(error)}`);
      }
    },
    dispose: async () => load.leave(await served.exit.isEnding()),
  };
};

/** What serves a directory, however often OpenCode loads the plugin for it. */
interface Served {
  readonly shared: SharedBridge;
  readonly exit: ExitSign;
  readonly config: Config;
}

function serve(deps: {
  readonly gateway: Gateway;
  readonly host: HostPort;
  readonly logger: Logger;
  readonly directory: string;
  readonly config: Config;
  readonly over: () => void;
}): Served {
  const exit = createExitSign({
    terminal: Bun.isMainThread ? undefined : globalThis,
    commandLine: process.argv,
    clock: systemClock,
  });
  const onOver = (): void => {
    exit.stop();
    deps.over();
  };
  return { exit, config: deps.config, shared: serveDirectory({ ...deps, onOver }) };
}

/** What the gateway of this process needs of OpenCode. */
function gatewayHost(
  connection: HostConnection,
  host: HostPort,
): Pick<GatewayHost, "wasPrompted" | "loadDirectory"> {
  return {
    wasPrompted: (session, post) => wasSent(host, session, post),
    async loadDirectory(directory) {
      await createOpencodeHost({ connection, directory, clock: systemClock }).sessions(1);
    },
  };
}

/** Without its folder this process would count as dead for all others, so it does nothing; then the problem is what comes back. */
function tryJoin<T>(join: () => T): T | string {
  try {
    return join();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return `Nothing is bridged to Mattermost: ${messageOf(error)}. Mend that and restart OpenCode.`;
  }
}

/** What the plugin's own client was made with: an in-process `fetch`, where OpenCode has no port open. */
function connectionOf({ client, serverUrl }: PluginInput): HostConnection {
  const inner: unknown = Reflect.get(client, "_client");
  const config = hasConfig(inner) ? inner.getConfig() : {};
  return {
    own: client,
    baseUrl: config.baseUrl ?? serverUrl.toString(),
    fetch: config.fetch ?? fetch,
    headers: config.headers,
  };
}

function once(say: (message: string) => void): (message: string) => void {
  let said = false;
  return (message) => {
    if (!said) say(message);
    said = true;
  };
}

interface ClientConfig {
  readonly baseUrl?: string;
  readonly fetch?: typeof fetch;
  readonly headers?: unknown;
}

const hasConfig = (inner: unknown): inner is { getConfig(): ClientConfig } =>
  typeof inner === "object" &&
  inner !== null &&
  typeof Reflect.get(inner, "getConfig") === "function";
