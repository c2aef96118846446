import type { DesiredPost } from "../models/desired-post.ts";
import type { ShownTurn } from "../state/thread-state.ts";
import { headline } from "./turn-outcome.ts";
import type { TurnView } from "./turn-view.ts";

/** How the first line of a turn's post begins while the turn goes on. */
const UNFINISHED = /^(?:⏳|🔁|✋|📥)/u;

export const isUnfinished = (message: string): boolean => UNFINISHED.test(message);

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
