import { type Fence, fenceAfter, looksLikeFence } from "./fence.ts";

/** Where in a Markdown text a line begins: known from the lines before it alone. */
export interface LineState {
  readonly fence?: Fence;
  readonly list: boolean;
  readonly table: boolean;
  readonly previous: "none" | "blank" | "fence" | "text";
}

export const TEXT_START: LineState = { list: false, table: false, previous: "none" };

/** How good a place before a line is for a cut: between blocks, between list items, between lines, or poor. */
export type CutRank = 3 | 2 | 1 | 0;

const ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/;
const HEADING = /^ {0,3}#{1,6}[ \t]/;

const isBlank = (line: string): boolean => line.trim() === "";
const isRow = (line: string): boolean => line.includes("|");

export function stateAfter(state: LineState, line: string): LineState {
  const fence = fenceAfter(state.fence, line, state.list);
  if (fence !== undefined || state.fence !== undefined) {
    const edge = fence === undefined || state.fence === undefined;
    const previous = edge ? "fence" : isBlank(line) ? "blank" : "text";
    return { ...(fence && { fence }), list: state.list, table: false, previous };
  }
  return {
    list: continuesList(state, line) || ITEM.test(line),
    table: isRow(line),
    previous: isBlank(line) ? "blank" : "text",
  };
}

export function cutRank(state: LineState, line: string): CutRank {
  if (state.fence !== undefined) return rankInFence(state.fence, state, line);
  if (isBlank(line)) return 0;
  if (startsKeptBlock(state, line)) return 3;
  if (state.table && isRow(line)) return 1;
  if (state.list && continuesList(state, line)) return ITEM.test(line) ? 2 : 1;
  if (state.previous === "blank" || state.previous === "fence" || HEADING.test(line)) return 3;
  return looksLikeFence(line) ? 2 : 1;
}

/** A list or a table begins with this line: it is kept whole where it fits. */
export function startsKeptBlock(state: LineState, line: string): boolean {
  if (state.fence !== undefined) return false;
  return (ITEM.test(line) && !state.list) || (isRow(line) && !state.table && !state.list);
}

/** Lines that mean nothing when cut. */
export function isAtomic(state: LineState, line: string): boolean {
  return (state.fence === undefined && isRow(line)) || looksLikeFence(line);
}

function rankInFence(fence: Fence, state: LineState, line: string): CutRank {
  if (state.previous === "fence" || fenceAfter(fence, line, state.list) === undefined) return 0;
  return state.previous === "blank" ? 2 : 1;
}

function continuesList(state: LineState, line: string): boolean {
  if (!state.list) return false;
  return state.previous !== "blank" || isBlank(line) || /^[ \t]/.test(line) || ITEM.test(line);
}
