import type { OpencodeClient } from "@opencode-ai/sdk/v2";
import { z } from "zod";
import type { AgentOffer, CommandOffer, HostOffers, ModelOffer } from "../../models/host-offers.ts";
import type { Clock } from "../../ports.ts";
import { TERMINAL_COMMAND } from "./opencode-command.ts";
import { WireSession, WireTodos, wireSettings } from "./opencode-wire.ts";
import { changesIn } from "./session-changes.ts";

interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
}

/** Asks OpenCode; rejects with `HostError`. */
export type Ask = (
  what: string,
  call: (client: OpencodeClient) => PromiseLike<Answer>,
) => Promise<unknown>;

const WireModel = z.object({
  id: z.string(),
  name: z.string().optional(),
  limit: z.object({ context: z.number() }).optional().catch(undefined),
  variants: z.record(z.string(), z.unknown()).optional().catch(undefined),
  capabilities: z
    .object({ input: z.object({ audio: z.boolean() }).partial() })
    .optional()
    .catch(undefined),
});

const WireProviders = z.object({
  providers: z.array(
    z.object({
      id: z.string(),
      name: z.string().optional(),
      models: z.record(z.string(), z.unknown()),
    }),
  ),
});

function modelsOf(raw: unknown): readonly ModelOffer[] {
  return WireProviders.parse(raw).providers.flatMap((provider) =>
    Object.values(provider.models).flatMap((one): readonly ModelOffer[] => {
      const { data } = WireModel.safeParse(one);
      if (!data) return [];
      return [
        {
          provider: provider.id,
          model: data.id,
          name: data.name ?? data.id,
          providerName: provider.name ?? provider.id,
          variants: Object.keys(data.variants ?? {}),
          contextLimit: data.limit?.context ?? 0,
          hears: data.capabilities?.input.audio ?? false,
        },
      ];
    }),
  );
}

const WireAgent = z.object({
  name: z.string(),
  description: z.string().catch(""),
  mode: z.string(),
  hidden: z.boolean().catch(false),
});

const agentsOf = (raw: unknown): readonly AgentOffer[] =>
  allOf(WireAgent, raw)
    .filter(({ mode, hidden }) => mode !== "subagent" && !hidden)
    .map(({ name, description }) => ({ name, description }));

const WireCommand = z.object({ name: z.string(), description: z.string().catch("") });

/** What is for the terminal alone is left out. */
const commandsOf = (raw: unknown): readonly CommandOffer[] =>
  allOf(WireCommand, raw).filter(({ description }) => description !== TERMINAL_COMMAND.description);

/** One that cannot be read hides no other. */
const allOf = <T>(schema: z.ZodType<T>, raw: unknown): readonly T[] =>
  z
    .array(z.unknown())
    .parse(raw)
    .flatMap((one) => schema.safeParse(one).data ?? []);

const Shared = z.object({ share: z.object({ url: z.string() }) });

/** A longer session's oldest changes are not told. */
const MESSAGES_READ = 5_000;

/** What OpenCode 1 can do beside the main job. */
export function createOffers(ask: Ask, clock: Clock): Required<HostOffers> {
  const begun = (call: Promise<unknown>): Promise<void> => begins(call, clock);
  return {
    async fork(sessionID, messageID) {
      const made = await ask("fork the session", (c) =>
        c.session.fork({ sessionID, ...(messageID && { messageID }) }),
      );
      return WireSession.parse(made);
    },
    async undo(sessionID, messageID) {
      await ask("undo", (c) => c.session.revert({ sessionID, messageID }));
    },
    async redo(sessionID) {
      await ask("redo", (c) => c.session.unrevert({ sessionID }));
    },
    models: async () => modelsOf(await ask("list models", (c) => c.config.providers())),
    agents: async () => agentsOf(await ask("list agents", (c) => c.app.agents())),
    commands: async () => commandsOf(await ask("list commands", (c) => c.command.list())),
    runCommand(sessionID, { name, args, messageId, settings }) {
      const { model, ...rest } = settings ?? {};
      const given = {
        ...rest,
        ...(model && { model: `${model.provider}/${model.model}` }),
        command: name,
        arguments: args,
        messageID: messageId,
      };
      return begun(ask("run the command", (c) => c.session.command({ sessionID, ...given })));
    },
    shell(sessionID, command, messageID, settings) {
      const { agent = "build", model } = wireSettings(settings);
      const given = { agent, ...(model && { model }), command, messageID };
      return begun(ask("run the shell command", (c) => c.session.shell({ sessionID, ...given })));
    },
    compact: (sessionID, { provider, model }) =>
      begun(
        ask("compact the session", (c) =>
          c.session.summarize({ sessionID, providerID: provider, modelID: model }),
        ),
      ),
    async todos(sessionID) {
      return WireTodos.parse(await ask("read the todos", (c) => c.session.todo({ sessionID })));
    },
    async diff(sessionID) {
      const what = "read the changes";
      const session = WireSession.parse(await ask(what, (c) => c.session.get({ sessionID })));
      const limit = MESSAGES_READ;
      const messages = await ask(what, (c) => c.session.messages({ sessionID, limit }));
      return changesIn(messages, session.undoneFrom);
    },
    async rename(sessionID, title) {
      await ask("rename the session", (c) => c.session.update({ sessionID, title }));
    },
    async share(sessionID) {
      const shared = await ask("share the session", (c) => c.session.share({ sessionID }));
      return Shared.parse(shared).share.url;
    },
    async unshare(sessionID) {
      await ask("unshare the session", (c) => c.session.unshare({ sessionID }));
    },
  };
}

/** OpenCode answers these when all is over. What it refuses it refuses at once; whatever takes longer has begun. */
const BEGUN_WITHIN_MS = 1_000;

async function begins(call: Promise<unknown>, clock: Clock): Promise<void> {
  // What fails later is told by OpenCode's events.
  call.catch(() => undefined);
  const begun = new Promise<void>((resolve) => {
    clock.schedule(BEGUN_WITHIN_MS, resolve);
  });
  await Promise.race([call, begun]);
}
