import type { ChatRequest } from "./chat-request.ts";

/** `chat`: a turn of a session or sub-agent. The other two OpenCode asks for by itself. */
export type CallKind = "chat" | "title" | "summary";

const TITLE_SYSTEM = /^You are a title generator/;
const SUMMARY_SYSTEM = /^(You are a context summarization agent|Summarize what was done in this)/;
/** How the prompts begin, for an OpenCode whose hidden agents got system prompts of their own. */
const TITLE_PROMPT = /^Generate a title for this conversation/;
const SUMMARY_PROMPT = /Create a new anchored summary|<prior-summary>|<previous-summary>/;

export function callKind({ messages, tools }: ChatRequest): CallKind {
  const system = messages.filter(({ role }) => role === "system").map(({ text }) => text);
  if (system.some((text) => TITLE_SYSTEM.test(text))) return "title";
  if (system.some((text) => SUMMARY_SYSTEM.test(text))) return "summary";
  if (tools.length > 0) return "chat";
  const users = messages.filter(({ role }) => role === "user").map(({ text }) => text);
  if (TITLE_PROMPT.test(users[0] ?? "")) return "title";
  return SUMMARY_PROMPT.test(users.at(-1) ?? "") ? "summary" : "chat";
}
