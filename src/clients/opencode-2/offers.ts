import { z } from "zod";
import type { AgentOffer, CommandOffer, HostOffers, ModelOffer } from "../../models/host-offers.ts";
import type { MessageId, SessionId } from "../../models/ids.ts";
import type { Calls } from "./calls.ts";
import { diffsOf } from "./file-changes.ts";
import type { HttpApi } from "./http-api.ts";
import { MessageId as MessageIdSchema, WireSession } from "./wire.ts";

type ByHttp = "fork" | "undo" | "redo" | "shell" | "compact" | "diff";

/** What OpenCode 2 can do beside the main job. It keeps no todo list, shares nothing, and knows no command again that it was given. */
export function createOffers(deps: {
  readonly calls: Calls;
  /** Absent where this process is no service: then the half of it cannot be had. */
  readonly http: () => HttpApi | undefined;
}): HostOffers {
  const { calls, http } = deps;
  return {
    ...(http() && byHttp(deps)),
    models: async () => modelsOf(await calls.list("model"), await calls.list("provider")),
    agents: async () => agentsOf(await calls.list("agent")),
    commands: async () => commandsOf(await calls.list("command")),
    async rename(sessionID, title) {
      await calls.session("update", { sessionID, title });
    },
  };
}

function byHttp({ calls }: { readonly calls: Calls }): Required<Pick<HostOffers, ByHttp>> {
  const { http } = calls;
  return {
    async fork(id, before) {
      const path = `/api/session/${id}/fork`;
      const made = await http("fork the session", "POST", path, before ? { before } : {});
      return WireSession.parse(Data.parse(made).data);
    },
    async undo(id, messageID) {
      const path = `/api/session/${id}/revert/stage`;
      await http("undo", "POST", path, { messageID, files: true });
    },
    async redo(id) {
      await http("redo", "DELETE", `/api/session/${id}/revert`);
    },
    async shell(sessionID, command, id) {
      const path = `/api/session/${sessionID}/shell`;
      await http("run the shell command", "POST", path, { id, command });
    },
    async compact(id) {
      await http("compact the session", "POST", `/api/session/${id}/compact`, {});
    },
    async diff(id) {
      const ends = await Promise.all([promptOf(calls, id, "asc"), promptOf(calls, id, "desc")]);
      const [first, last] = ends;
      if (first === undefined || last === undefined) return [];
      const path = `/api/session/${id}/diff?from=${first}&to=${last}&context=3`;
      return diffsOf(Data.parse(await http("read the changes", "GET", path)).data);
    },
  };
}

/** The first or the last prompt of a session. */
async function promptOf(
  { http }: Calls,
  id: SessionId,
  order: "asc" | "desc",
): Promise<MessageId | undefined> {
  const path = `/api/session/${id}/message?limit=1&type=user&order=${order}`;
  return Prompts.parse(await http("read the changes", "GET", path)).data[0]?.id;
}

const Data = z.object({ data: z.unknown() });
const Prompts = z.object({ data: z.array(z.object({ id: MessageIdSchema })) });

const WireModel = z.object({
  id: z.string(),
  providerID: z.string(),
  name: z.string(),
  capabilities: z
    .object({ input: z.array(z.string()) })
    .optional()
    .catch(undefined),
  variants: z
    .array(z.object({ id: z.string() }))
    .catch([])
    .default([]),
  limit: z.object({ context: z.number() }).optional().catch(undefined),
});
const WireProvider = z.object({ id: z.string(), name: z.string() });
const WireAgent = z.object({
  id: z.string(),
  description: z.string().catch("").default(""),
  mode: z.string(),
  hidden: z.boolean().catch(false).default(false),
});
const WireCommand = z.object({ name: z.string(), description: z.string().catch("").default("") });

function modelsOf(models: readonly unknown[], providers: readonly unknown[]): ModelOffer[] {
  const names = new Map(allOf(WireProvider, providers).map(({ id, name }) => [id, name]));
  return allOf(WireModel, models).map((model) => ({
    provider: model.providerID,
    model: model.id,
    name: model.name,
    providerName: names.get(model.providerID) ?? model.providerID,
    variants: model.variants.map(({ id }) => id),
    contextLimit: model.limit?.context ?? 0,
    hears: model.capabilities?.input.includes("audio") ?? false,
  }));
}

const agentsOf = (agents: readonly unknown[]): AgentOffer[] =>
  allOf(WireAgent, agents)
    .filter(({ mode, hidden }) => mode !== "subagent" && !hidden)
    .map(({ id, description }) => ({ name: id, description }));

const commandsOf = (commands: readonly unknown[]): CommandOffer[] => allOf(WireCommand, commands);

const allOf = <T>(schema: z.ZodType<T>, list: readonly unknown[]): T[] =>
  list.flatMap((one) => schema.safeParse(one).data ?? []);
