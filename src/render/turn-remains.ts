import type { DesiredPost } from "../models/desired-post.ts";
import type { ShownTurn } from "../state/thread-state.ts";
import { AT_WORK } from "./turn-activity.ts";
import { headline } from "./turn-outcome.ts";
import type { TurnView } from "./turn-view.ts";

/** Whether a post of a turn tells, by its text, that the turn goes on. */
export const isUnfinished = (message: string): boolean =>
  AT_WORK.some((mark) => message.startsWith(mark));

/** The posts of a turn whose process died, as they were read; they only do not look at work any more. */
export const remainsOf = (posts: ShownTurn["posts"], view: TurnView): readonly DesiredPost[] =>
  posts.map(({ key, message }) => ({
    key,
    message: isUnfinished(message) ? cutOff(message, view) : message,
    settled: "final",
    urgency: "normal",
  }));

function cutOff(message: string, view: TurnView): string {
  const [, ...rest] = message.split("\n");
  return [`${headline(view, { kind: "stopped" }, [])} · cut off`, ...rest].join("\n");
}
