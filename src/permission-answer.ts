import type { PermissionReply } from "./models/host-event.ts";

export interface PermissionAnswer {
  readonly reply: PermissionReply;
  /** Told to the model. */
  readonly reason?: string;
}

const WORDS: Readonly<Record<string, PermissionReply>> = {
  yes: "once",
  y: "once",
  ok: "once",
  okay: "once",
  once: "once",
  allow: "once",
  always: "always",
  no: "reject",
  n: "reject",
  deny: "reject",
  reject: "reject",
};

/**
 * Pure. Reads a typed answer: one word, or a denial with its reason (`no, because …`, `no: …`). Anything else is
 * `undefined`, so that a sentence that begins with "yes" does not allow a command.
 */
export function readPermissionAnswer(text: string): PermissionAnswer | undefined {
  const match = /^\s*!?([a-z]+)\s*([.!]?\s*$|[,:;–-][\s\S]*$|\s+[\s\S]*$)/i.exec(text);
  if (!match) return undefined;
  const word = (match[1] ?? "").toLowerCase();
  const reply = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  const rest = (match[2] ?? "").replace(/^[\s,.:;!–-]+/, "").trim();
  if (!reply) return undefined;
  if (rest === "") return { reply };
  const isReason = /^\s*[,:;–-]|^\s+because\b/i.test(match[2] ?? "") || /^\s*!/.test(text);
  return reply === "reject" && isReason ? { reply, reason: rest } : undefined;
}
