import { baseEmoji } from "../models/emoji.ts";
import { asRequestId, type RequestId } from "../models/ids.ts";
import { OPTION_MARKS } from "../models/option-marks.ts";

/** What a reaction of the owner asks for. */
export type ReactionAction =
  | { readonly type: "stop" }
  /** Run the posts that the notice with this key lists. */
  | { readonly type: "run-late"; readonly key: string }
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

/**
 * Pure. `key` says what the post is for; `undefined` for a post of the owner. Every emoji that means nothing on that
 * post is ignored, so that a stray one never decides anything.
 */
export function readReaction(key: string | undefined, emoji: string): ReactionAction | undefined {
  const name = baseEmoji(emoji);
  if (key === undefined) return undefined;
  if (name === "octagonal_sign") return { type: "stop" };
  const [kind, id = "", index] = key.split("/");
  if (kind === "late") return name === "arrow_forward" ? { type: "run-late", key } : undefined;
  if (kind === "reply") {
    const number = OPTION_MARKS.findIndex((mark) => mark.name === name) + 1;
    return number > 0 && index !== undefined ? { type: "choose", key, number } : undefined;
  }
  const requestId = asRequestId(id);
  if (kind === "question")
    return { type: "question", requestId, index: Number(index), emoji: name };
  const means = kind === "permission" && Object.hasOwn(PERMISSION, name);
  const reply = means ? PERMISSION[name] : undefined;
  return reply && { type: "permission", requestId, reply };
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
