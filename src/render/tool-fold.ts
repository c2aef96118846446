import type { ToolCall, ToolKind } from "../models/host-event.ts";
import type { TurnItem } from "../state/thread-state.ts";
import { hasFailed, isFinished } from "../state/tool-call.ts";
import { escapeText } from "./markdown/markup.ts";

const MAX_LINES = 12;
const NO_LINE: ReadonlySet<ToolKind> = new Set(["todos", "question"]);
/** Folded so many at a time: every fold edits posts further up. */
const STEP = 6;

/** Keys of the items whose lines fold into counts: the older ones of a turn with more than twelve lines, failures not. */
export function foldedKeys(items: readonly TurnItem[]): ReadonlySet<string> {
  const lines = items.flatMap((item) =>
    item.kind === "tool" && hasLine(item.call) && isFinished(item.call) ? [item] : [],
  );
  if (lines.length <= MAX_LINES) return new Set();
  const older = lines.slice(0, (Math.ceil(lines.length / STEP) - MAX_LINES / STEP) * STEP);
  return new Set(older.filter(({ call }) => !hasFailed(call)).map(({ key }) => key));
}

/** Whether a tool is shown as a line at all: todos are shown as the list that they make, questions as their own posts. */
export function hasLine(call: ToolCall): boolean {
  return !NO_LINE.has(call.kind);
}

/** `✓ 9 read · 4 grep · 2 bash` */
export function foldLine(calls: readonly ToolCall[]): string {
  const counts = new Map<string, number>();
  for (const { tool } of calls) counts.set(tool, (counts.get(tool) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return `✓ ${sorted.map(([tool, count]) => `${count} ${escapeText(tool)}`).join(" · ")}`;
}
