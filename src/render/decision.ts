import type { UtcOffset } from "../models/desired-post.ts";
import type { Decision } from "../state/thread-state.ts";
import { timeOfDay } from "./time-of-day.ts";

/** `by @alice, 10:21`, or `in the terminal, 10:21`: who decided, and when. */
export function decidedBy(
  { by, atMs }: Pick<Decision<unknown>, "by" | "atMs">,
  utcOffsetMinutes: UtcOffset,
): string {
  const who = by === undefined ? "in the terminal" : `by @${by.replace(/^@/, "")}`;
  return `${who}, ${timeOfDay(atMs, utcOffsetMinutes)}`;
}
