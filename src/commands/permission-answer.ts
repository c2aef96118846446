import { baseEmoji } from "../models/emoji.ts";
import type { PermissionReply } from "../models/host-event.ts";

export interface PermissionAnswer {
  readonly reply: PermissionReply;
  /** Told to the model. */
  readonly reason?: string;
}

/** Consent that goes on for longer is more than that. */
const MOST_CHARS = 80;

/** Single letters mean something only where nothing else is said. */
const LETTERS: Readonly<Record<string, PermissionReply>> = {
  y: "once",
  k: "once",
  n: "reject",
};

/** Several of them may be said at once: "yes, sure, go ahead". */
const CONSENT =
  "yes|yeah|yea|yep|yup|lgtm|sounds good|ok|okay|sure|fine|once|allow|allow it|allowed|approve|approved|accept|go|go ahead|go for it|do it|proceed|please do|✅";
const ALWAYS = "always|always allow|allow always|🔓";
const DENIAL =
  "please don't|please do not|don't do that|don't do it|don't do this|don't|dont|do not|no way|no thank you|no thanks|not now|never|nope|nah|no|n|deny|deny it|denied|decline|disallow|reject|reject it|rejected|❌";
const COURTESY = "please|pls|thanks|thank you|thx";

/** The longest first: "no thanks" before "no". */
const longestFirst = (phrases: string): string =>
  phrases
    .split("|")
    .sort((a, b) => b.length - a.length)
    .join("|");

const BETWEEN = String.raw`[\s,.;:!…–—-]*`;
const saysOnly = (phrases: string): RegExp =>
  new RegExp(`^${BETWEEN}(?:(?:${longestFirst(phrases)})(?![\\p{L}\\p{N}'])${BETWEEN})+$`, "iu");

const ONLY_CONSENT = saysOnly(`${CONSENT}|${ALWAYS}|${COURTESY}`);
const ONLY_COURTESY = saysOnly(COURTESY);
const ONLY_DENIAL = saysOnly(`${DENIAL}|${COURTESY}`);
const SAYS_ALWAYS = new RegExp(`(?<!\\p{L})(?:${ALWAYS})(?!\\p{L})`, "iu");

const DENIAL_SIGNS = String.raw`:(?:-1|thumbsdown|x)\w*:|[👎✖✗✘❎🚫][\u{FE0F}\u{1F3FB}-\u{1F3FF}]*`;

/**
 * A denial, and what comes after it: nothing, or a reason set apart by a stop, a new line or "because". A hyphen sets apart only
 * before a space: `no-op` is a word of its own, and so does a point: `no.5`.
 */
const DENIED = new RegExp(
  String.raw`^\s*(?:${longestFirst(DENIAL).replaceAll("'", "['’]")}|${DENIAL_SIGNS})(?:\s*[,:;!–—…]\s*|\s*(?:\.+|-+)(?=\s|$)\s*|\s*\n\s*|\s+(?=because\b)|\s*$)([\s\S]*)$`,
  "iu",
);

/**
 * Pure. Reads a typed answer: consent, where the text is nothing else; or a denial with its reason (`no, because …`, `No. Use rg`,
 * `!no …`). Anything else is `undefined`, so that a sentence that begins with "yes" does not allow a command.
 */
export function readPermissionAnswer(text: string): PermissionAnswer | undefined {
  const [, command = "", typed = ""] = /^\s*([!！]?)([\s\S]*)$/.exec(text) ?? [];
  const said = plain(typed);
  const letter = said.toLowerCase().replace(/[\s,.;:!]+/g, "");
  const letterMeans = Object.hasOwn(LETTERS, letter) ? LETTERS[letter] : undefined;
  if (letterMeans) return { reply: letterMeans };
  const isShort = said.length <= MOST_CHARS && !ONLY_COURTESY.test(said);
  if (isShort && ONLY_CONSENT.test(said)) {
    return { reply: SAYS_ALWAYS.test(said) ? "always" : "once" };
  }
  if (isShort && ONLY_DENIAL.test(said)) return { reply: "reject" };
  const reason = reasonIn(typed, command !== "");
  return reason === undefined ? undefined : { reply: "reject", reason };
}

/** Told to the model as it was written. */
function reasonIn(typed: string, isCommand: boolean): string | undefined {
  const apart = DENIED.exec(typed)?.[1]?.trim() ?? "";
  if (/\p{L}/u.test(apart)) return apart;
  return isCommand ? /^no\s+([\s\S]*)$/i.exec(typed)?.[1]?.trim() : undefined;
}

const SIGNS: Readonly<Record<string, string>> = {
  white_check_mark: "✅",
  ok_hand: "✅",
  unlock: "🔓",
  x: "❌",
};

/** Bold, italics, code and quotation marks around all of it, and what nobody sees. */
const WRAPPED = /^[\s\p{Cf}*_~`"“”„«»]+|[\s\p{Cf}*_~`"“”„«»]+$/gu;

/** Emoji in one writing, without colour and skin; apostrophes straight. */
const plain = (text: string): string =>
  text
    .replace(WRAPPED, "")
    .replace(/:skin-tone-\d:/g, "")
    .replace(/:([a-z0-9_+-]+):/gi, (typed, name: string) => SIGNS[baseEmoji(name)] ?? typed)
    .replace(/[\u{FE0F}\u{1F3FB}-\u{1F3FF}]/gu, "")
    .replace(/👍|✔|✓|☑|👌/gu, "✅")
    .replace(/👎|✖|✗|✘|❎|🚫/gu, "❌")
    .replaceAll("’", "'");
