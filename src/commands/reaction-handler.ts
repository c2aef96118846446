import { baseEmoji } from "../models/emoji.ts";
import { asMessageId, asRequestId, type MessageId, type RequestId } from "../models/ids.ts";
import { OPTION_MARKS } from "../models/option-marks.ts";

/** What a reaction of the owner asks for. */
export type ReactionAction =
  | { readonly type: "stop" }
  /** Run the posts that the notice with this key lists. */
  | { readonly type: "run-late"; readonly key: string }
  /** What is queued shall run now, or not at all. The post with this key said that it waits. */
  | { readonly type: "run-queue" | "drop-queue"; readonly key: string }
  /** Choose what the list with this key has under a number. */
  | { readonly type: "choose"; readonly key: string; readonly number: number }
  | {
      readonly type: "permission";
      readonly requestId: RequestId;
      readonly reply: "once" | "always" | "reject";
    }
  | {
      readonly type: "question";
      readonly requestId: RequestId;
      /** Which of the request's questions the post asks. */
      readonly index: number;
      readonly emoji: string;
    };

const PERMISSION: Readonly<Record<string, "once" | "always" | "reject">> = {
  white_check_mark: "once",
  unlock: "always",
  x: "reject",
};

/** What a post is for, as its key says: `kind/id/index`. */
interface About {
  readonly key: string;
  readonly id: string;
  readonly index: string | undefined;
}

type Reader = (about: About, emoji: string) => ReactionAction | undefined;

const readQueue: Reader = ({ key }, emoji) => {
  if (emoji === "arrow_forward") return { type: "run-queue", key };
  return emoji === "wastebasket" ? { type: "drop-queue", key } : undefined;
};

/** An answer on which something can be chosen names the command that it answered. */
const readAnswer: Reader = (about, emoji) => {
  if (about.index === "queue") return readQueue(about, emoji);
  const number = OPTION_MARKS.findIndex(({ name }) => name === emoji) + 1;
  const isChoice = number > 0 && about.index !== undefined;
  return isChoice ? { type: "choose", key: about.key, number } : undefined;
};

const readPermission: Reader = ({ id }, emoji) => {
  const reply = Object.hasOwn(PERMISSION, emoji) ? PERMISSION[emoji] : undefined;
  return reply && { type: "permission", requestId: asRequestId(id), reply };
};

const READERS: Readonly<Record<string, Reader>> = {
  late: ({ key }, emoji) => (emoji === "arrow_forward" ? { type: "run-late", key } : undefined),
  queued: readQueue,
  reply: readAnswer,
  question: ({ id, index }, emoji) => ({
    type: "question",
    requestId: asRequestId(id),
    index: Number(index),
    emoji,
  }),
  permission: readPermission,
};

/**
 * Pure. `key` says what the post is for; `undefined` for a post of the owner. Every emoji that means nothing on that
 * post is ignored, so that a stray one never decides anything.
 */
export function readReaction(key: string | undefined, emoji: string): ReactionAction | undefined {
  const name = baseEmoji(emoji);
  if (key === undefined) return undefined;
  if (name === "octagonal_sign") return { type: "stop" };
  const [kind = "", id = "", index] = key.split("/");
  const read = Object.hasOwn(READERS, kind) ? READERS[kind] : undefined;
  return read?.({ key, id, index }, name);
}

/** Pure. A ✅ that was given before an option was marked did not send that option. */
export function sentLast(actions: readonly ReactionAction[]): readonly ReactionAction[] {
  const isMark = (action: ReactionAction): boolean =>
    action.type === "question" && OPTION_MARKS.some(({ name }) => name === action.emoji);
  const lastMark = actions.findLastIndex(isMark);
  return actions.filter(
    (action, at) => action.type !== "question" || isMark(action) || at > lastMark,
  );
}

/**
 * What a tap on a prompt asks for. `unqueue`: it shall not be run when its turn comes. `again`: it shall be run again. `undo`,
 * `fork`: the session shall be taken back, or forked, to before it.
 */
export type PromptTap = "unqueue" | "again" | "undo" | "fork";

const PROMPT_TAPS: Readonly<Record<string, PromptTap>> = {
  x: "unqueue",
  repeat: "again",
  leftwards_arrow_with_hook: "undo",
  twisted_rightwards_arrows: "fork",
};

/** Pure. What a reaction on a post of the owner asks for. */
export function readPromptTap(emoji: string): PromptTap | undefined {
  const name = baseEmoji(emoji);
  return Object.hasOwn(PROMPT_TAPS, name) ? PROMPT_TAPS[name] : undefined;
}

/** A post of the bot that belongs to a turn: its prompt's id, and which post of it that is. */
const TURN_POST = /^([^/]+)\/((?:\d+|answer)(?:\.\d+)?)$/;

/**
 * Pure. What a reaction on a post of a turn asks for, by the post's key, and of which prompt. Its answer can be asked for again;
 * the rest goes by the post that quotes the prompt, the first one.
 */
export function readTurnTap(
  key: string,
  emoji: string,
): { readonly tap: PromptTap; readonly turn: MessageId; readonly isFirst: boolean } | undefined {
  const [, turn, place] = TURN_POST.exec(key) ?? [];
  const tap = readPromptTap(emoji);
  if (!turn || !tap || tap === "unqueue") return undefined;
  return { tap, turn: asMessageId(turn), isFirst: place === "0" };
}
