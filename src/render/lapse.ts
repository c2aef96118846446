import type { UtcOffset } from "../models/desired-post.ts";
import type { Decision } from "../state/thread-state.ts";
import { timeOfDay } from "./time-of-day.ts";

interface Request {
  readonly lapsesMs?: number;
}

/** Until when a request waits for certain; empty where it waits for ever. */
export const openUntil = ({ lapsesMs }: Request, utcOffsetMinutes: UtcOffset): string =>
  lapsesMs === undefined ? "" : `⏱ open until ${timeOfDay(lapsesMs, utcOffsetMinutes)} at least`;

/** What became of a request that its host asks no more. */
export const goneWords = (
  { lapsesMs }: Request,
  { atMs }: Pick<Decision<unknown>, "atMs">,
): string =>
  lapsesMs !== undefined && atMs >= lapsesMs
    ? "⚫ **Lapsed**: nobody answered in time, so OpenCode gave the turn up"
    : "⚫ **No longer asked**";
