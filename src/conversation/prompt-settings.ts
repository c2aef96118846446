import type { StoredMessage } from "../models/host-event.ts";
import type { PromptSettings } from "../models/host-offers.ts";
import type { SessionId } from "../models/ids.ts";
import type { HostPort } from "../ports.ts";
import { storedMessages } from "./stored-messages.ts";

/** The last prompt and its answer are mostly among them. */
const READ_FIRST = 6;

/**
 * What the session's last prompt ran with: whatever is prompted next goes on with it, because OpenCode fills in defaults of its
 * own for what is not said. `undefined` where there is none. Read from OpenCode, because another process may have sent it. Rejects
 * where it cannot be read.
 */
export async function lastSettings(
  host: Pick<HostPort, "messages">,
  sessionId: SessionId,
  isIdle: boolean,
): Promise<PromptSettings | undefined> {
  const isEnough = (read: readonly StoredMessage[]): boolean =>
    settingsIn(read, isIdle) !== undefined;
  return settingsIn(await storedMessages(host, sessionId, isEnough, READ_FIRST), isIdle);
}

/**
 * Pure. A plugin may add a message that nobody asked to be run, with defaults for its settings: what is not answered counts only
 * while the session works, and where a person may have written it.
 */
export function settingsIn(
  messages: readonly StoredMessage[],
  isIdle: boolean,
): PromptSettings | undefined {
  const answered = new Set(
    messages.flatMap((m) => (m.role === "assistant" ? m.message.parentId : [])),
  );
  const isPrompt = (m: StoredMessage): boolean =>
    answered.has(m.message.id) ||
    (!isIdle && m.parts.some((part) => part.kind === "text" && !part.synthetic));
  const last = messages.findLast((m) => m.role === "user" && m.message.settings && isPrompt(m));
  return last?.role === "user" ? last.message.settings : undefined;
}
