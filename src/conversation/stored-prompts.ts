import type { StoredMessage } from "../models/host-event.ts";
import type { MessageId, PostId } from "../models/ids.ts";

/** A prompt of a session, as OpenCode has stored it. */
export interface StoredPrompt {
  readonly id: MessageId;
  /** What the person wrote. */
  readonly text: string;
  readonly files: readonly string[];
  /** The post that it came from; absent for one from the terminal. */
  readonly postId?: PostId;
  /** A command that the person gave to the session's shell. */
  readonly byHand: boolean;
  /** What was said in voice messages is part of the text. */
  readonly isSpoken: boolean;
}

/**
 * Pure. The prompts that a person gave, oldest first, up to the one that the session was taken back to before: what OpenCode or a
 * plugin wrote into the session by itself is none.
 */
export function promptsIn(
  messages: readonly StoredMessage[],
  undoneFrom?: MessageId,
): readonly StoredPrompt[] {
  const end = messages.findIndex(({ message }) => message.id === undoneFrom);
  const left = end < 0 ? messages : messages.slice(0, end);
  return left.flatMap((message) => (message.role === "user" ? (promptOf(message) ?? []) : []));
}

function promptOf({
  message: { id },
  parts,
}: Extract<StoredMessage, { role: "user" }>): StoredPrompt | undefined {
  const texts = parts.flatMap((p) => (p.kind === "text" && !p.synthetic ? p.text : []));
  const files = parts.flatMap((p) => (p.kind === "file" ? p.name : []));
  const byHand = parts.some(({ kind }) => kind === "by-hand");
  const text = texts.join("\n\n");
  if (text.trim() === "" && files.length === 0 && !byHand) return undefined;
  const [postId] = parts.flatMap((p) => (p.kind === "text" && p.postId ? p.postId : []));
  const isSpoken = parts.some((p) => p.kind === "text" && p.origin === "voice");
  return { id, text, files, byHand, isSpoken, ...(postId && { postId }) };
}
