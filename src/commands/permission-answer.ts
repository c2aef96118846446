import type { PermissionReply } from "../models/host-event.ts";

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

/** The separator of a reason. A hyphen is one only before a space: `no-op` is a word of its own. */
const REASON = /^\s*(?:[,:;–—]|-(?=\s))\s*|^\s+(?=because\b)/i;

/**
 * Pure. Reads a typed answer: one word, or a denial with its reason (`no, because …`, `no: …`, `!no …`). Anything else is
 * `undefined`, so that a sentence that begins with "yes" does not allow a command.
 */
export function readPermissionAnswer(text: string): PermissionAnswer | undefined {
  const match = /^\s*(!?)([a-z]+)(?![a-z])([\s\S]*)$/i.exec(text);
  if (!match) return undefined;
  const [, command, typed = "", rest = ""] = match;
  const word = typed.toLowerCase();
  const reply = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
  if (!reply) return undefined;
  if (/^[\s,.:;!–—-]*$/.test(rest)) return { reply };
  if (reply !== "reject") return undefined;
  const reason = reasonIn(rest, command === "!");
  return reason ? { reply, reason } : undefined;
}

/** Told to the model as it was written. */
function reasonIn(rest: string, isCommand: boolean): string | undefined {
  if (REASON.test(rest)) return rest.replace(REASON, "").trim();
  return isCommand && /^\s/.test(rest) ? rest.trim() : undefined;
}
