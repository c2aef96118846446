import type { TurnItem } from "../state/thread-state.ts";
import { hasFailed } from "../state/tool-call.ts";
import { countChars } from "./markdown/chars.ts";
import { resultChars } from "./tool-result.ts";
import type { TurnView } from "./turn-view.ts";

/** What stands in one post: a long text that work follows, or work with the shorter texts in it. */
export interface Segment {
  readonly kind: "text" | "work";
  readonly items: readonly TurnItem[];
}

const LONG_TEXT_CHARS = 600;
const REMARK_CHARS = 60;
const LINE_CHARS = 250;
/** What the tool lines of a segment may come to, however many tools ran: the older ones fold. */
const FOLDED_LINES_CHARS = 2400;

/**
 * Cuts a turn into posts. A segment once begun never goes away and keeps its number while the turn grows: sizes are
 * those that an item can reach, and a work segment that is full ends before the item that would not fit. So only a
 * segment of one very long item is ever continued in a further post, and only such a one grows.
 */
export function segmentsOf(view: TurnView): readonly Segment[] {
  const segments: Segment[] = [];
  const budget = budgetOf(view);
  const lastText = view.items.findLastIndex(({ kind }) => kind === "text");
  const settledTo = Math.max(view.tailFrom, lastText);
  let work: TurnItem[] = [];
  let size = 0;
  const flush = (): void => {
    if (work.length > 0) segments.push({ kind: "work", items: work });
    work = [];
    size = 0;
  };
  view.items.forEach((item, index) => {
    if (index < settledTo && isLongText(item, budget)) {
      const thoughts = work.every((each) => isThought(each, view)) ? work : [];
      if (thoughts.length === 0) flush();
      segments.push({ kind: "text", items: [...thoughts, item] });
      work = [];
      size = 0;
      return;
    }
    const added = sizeOf(item, view);
    const hasContent = work.some((each) => !isThought(each, view));
    if (hasContent && added > 0 && size + added > budget) flush();
    work.push(item);
    size += added;
  });
  flush();
  return segments;
}

/** Thinking is a remark beside other items, unless it is shown in full. */
export function isThought(item: TurnItem, view: TurnView): boolean {
  return item.kind === "reasoning" && !view.verbose;
}

function isLongText(item: TurnItem, budget: number): boolean {
  return item.kind === "text" && countChars(item.text) > Math.min(LONG_TEXT_CHARS, budget);
}

/** A part of the body: the checklist takes another. */
function budgetOf({ verbose, maxBodyChars }: TurnView): number {
  const lines = verbose ? 0 : Math.min(FOLDED_LINES_CHARS, maxBodyChars * 0.3);
  return maxBodyChars * 0.7 - lines;
}

function sizeOf(item: TurnItem, view: TurnView): number {
  if (item.kind === "text") return countChars(item.text.trimEnd()) + REMARK_CHARS;
  if (item.kind === "compacted") return REMARK_CHARS;
  if (item.kind === "reasoning") return view.verbose ? countChars(item.text) + REMARK_CHARS : 0;
  if (!view.verbose) return hasFailed(item.call) ? LINE_CHARS : 0;
  return LINE_CHARS + resultChars(item.call, view);
}
