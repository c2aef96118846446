import { findAgents } from "../commands/agent.ts";
import { findModels, modelName } from "../commands/model-search.ts";
import type { AgentOffer, PromptSettings } from "../models/host-offers.ts";
import type { SessionBegin } from "../models/session-begin.ts";
import type { HostPort } from "../ports.ts";
import { inlineCode } from "../render/markdown/markup.ts";

const MOST_LISTED = 12;

/** One of what there is, by words for it; a text where it is not clear which. `undefined` where nothing is wanted. */
async function one<T>(
  what: "model" | "agent",
  wanted: string | undefined,
  list: (() => Promise<readonly T[]>) | undefined,
  by: {
    readonly find: (offers: readonly T[], words: string) => readonly T[];
    readonly nameOf: (offer: T) => string;
  },
): Promise<{ readonly found?: T } | string> {
  if (wanted === undefined) return {};
  if (!list) return cannot(what);
  const [first, ...more] = by.find(await list(), wanted);
  if (first && more.length === 0) return { found: first };
  return unclear(what, wanted, [...(first ? [first] : []), ...more].map(by.nameOf));
}

/** What a new session's first prompt runs with, by words for it. Resolves with a text where those are not clear. */
export async function firstSettings(
  host: Pick<HostPort, "models" | "agents">,
  wanted: Pick<SessionBegin, "model" | "agent">,
): Promise<PromptSettings | string> {
  const byName = { find: findModels, nameOf: modelName };
  const model = await one("model", wanted.model, host.models, byName);
  if (typeof model === "string") return model;
  const named = { find: findAgents, nameOf: ({ name }: AgentOffer) => name };
  const agent = await one("agent", wanted.agent, host.agents, named);
  if (typeof agent === "string") return agent;
  const { provider, model: name } = model.found ?? {};
  return {
    ...(agent.found && { agent: agent.found.name }),
    ...(provider !== undefined && name !== undefined && { model: { provider, model: name } }),
  };
}

const cannot = (what: string): string =>
  `Nothing was started: this OpenCode does not say which ${what}s it has, so \`--${what}\` cannot be used. Leave it out.`;

function unclear(what: string, words: string, names: readonly string[]): string {
  if (names.length === 0) {
    return `Nothing was started: no ${what} is like ${inlineCode(words)}. \`!${what}\` in a thread lists them.`;
  }
  const lines = names.slice(0, MOST_LISTED).map((name) => `- ${inlineCode(name)}`);
  const more = names.length > MOST_LISTED ? [`and ${names.length - MOST_LISTED} more`] : [];
  const lead = `Nothing was started: ${inlineCode(words)} could be several ${what}s. Name one, such as \`--${what}=${names[0]}\`:`;
  return [lead, ...lines, ...more].join("\n");
}
