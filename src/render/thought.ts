import type { TurnItem } from "../state/thread-state.ts";
import { duration } from "./duration.ts";

/** `💭 thought for 8 s`: the finished thinking among the items; empty where there is none. */
export function thoughtLine(items: readonly TurnItem[]): string {
  const ms = thoughtMs(items);
  return ms === undefined ? "" : `💭 thought for ${duration(ms)}`;
}

/** `💭 8 s`, for a first line. */
export function thoughtRemark(items: readonly TurnItem[]): string {
  const ms = thoughtMs(items);
  return ms === undefined ? "" : `💭 ${duration(ms)}`;
}

function thoughtMs(items: readonly TurnItem[]): number | undefined {
  const spans = items.flatMap((item) =>
    item.kind === "reasoning" && item.endMs !== undefined ? [item.endMs - item.startMs] : [],
  );
  return spans.length === 0 ? undefined : spans.reduce((sum, ms) => sum + ms, 0);
}
