import { countChars, takeChars } from "./chars.ts";
import {
  type CutRank,
  cutRank,
  isAtomic,
  type LineState,
  startsKeptBlock,
  stateAfter,
} from "./markdown-lines.ts";

interface CutRequest {
  /** The text from the last cut on, one code point more than may be used. */
  readonly window: string;
  readonly limit: number;
  readonly start: LineState;
  /** The window begins in the middle of a line. */
  readonly midLine: boolean;
  /** What ending a part in this state takes beside its text. */
  readonly closeCost: (state: LineState) => number;
}

interface Cut {
  /** An index into the window, in UTF-16 units; never 0. */
  readonly at: number;
  readonly state: LineState;
  readonly midLine: boolean;
}

interface LineCut extends Cut {
  readonly chars: number;
  readonly rank: CutRank;
  /** A list or a table begins here. */
  readonly keepsBlock: boolean;
  readonly inBlock: boolean;
  readonly line: string;
}

const LEAST_LEFT = 1 / 8;

/** The best place to end a part: between blocks, else between lines, else between words, else between graphemes. */
export function chooseCut(request: CutRequest): Cut {
  const cuts = lineCuts(request);
  return (
    keptBlockCut(cuts, request.limit) ??
    wellFilledCut(cuts, request.limit) ??
    cutInLine(cuts, request)
  );
}

function lineCuts({ window, limit, start, midLine, closeCost }: CutRequest): readonly LineCut[] {
  const cuts: LineCut[] = [];
  let state = start;
  let at = 0;
  let chars = 0;
  for (const line of window.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const continued = at === 0 && midLine;
    if (at > 0 && chars + closeCost(state) <= limit) {
      const rank = cutRank(state, line);
      const keepsBlock = startsKeptBlock(state, line);
      const { list, table } = stateAfter(state, line);
      const inBlock = list || table;
      cuts.push({ at, chars, state, rank, line, keepsBlock, inBlock, midLine: false });
    }
    if (!continued) state = stateAfter(state, line);
    at += line.length;
    chars += countChars(line);
  }
  return cuts;
}

/**
 * Where the text runs over inside a list or a table that began in it: before that block, which may then fit whole. Not
 * where it takes nearly all of the room already: it would leave next to nothing behind and hardly fit.
 */
function keptBlockCut(cuts: readonly LineCut[], limit: number): LineCut | undefined {
  const last = cuts.findLastIndex((cut) => cut.keepsBlock);
  const block = cuts[last];
  if (block === undefined || cuts.at(-1)?.inBlock !== true) return undefined;
  if (block.chars < limit * LEAST_LEFT) return undefined;
  return cuts.slice(last + 1).every((cut) => cut.rank < 3) ? block : undefined;
}

function wellFilledCut(cuts: readonly LineCut[], limit: number): LineCut | undefined {
  const filled = cuts.filter((cut) => cut.chars >= limit / 2);
  for (const rank of [3, 2, 1, 0]) {
    const best = filled.findLast((cut) => cut.rank >= rank);
    if (best !== undefined) return best;
  }
  return undefined;
}

function cutInLine(cuts: readonly LineCut[], request: CutRequest): Cut {
  const last = cuts.at(-1);
  if (last !== undefined && isAtomic(last.state, last.line)) return last;
  const before = last?.at ?? 0;
  const line = request.window.slice(before);
  const continued = last === undefined && request.midLine;
  const state = continued ? request.start : stateAfter(last?.state ?? request.start, line);
  const room = request.limit - (last?.chars ?? 0) - request.closeCost(state);
  const least = request.limit / 2 - (last?.chars ?? 0);
  return { at: before + inLine(line, room, least), state, midLine: true };
}

/** After the last word that fits, else after the last grapheme, else after the last code point; at least one. */
function inLine(line: string, room: number, leastChars: number): number {
  const end = takeChars(line, Math.max(1, room)).length;
  const word = lastWord(line, takeChars(line, Math.max(0, leastChars)).length, end);
  return word || lastGrapheme(line, end) || end;
}

/** A cut there would make a fence of what is none. */
const isFenceLike = (line: string, at: number): boolean => /[`~]/.test(line[at] ?? "");

/** The last place after a blank; 0 where there is none from `from` on. */
function lastWord(line: string, from: number, end: number): number {
  for (let at = end; at >= Math.max(1, from); at -= 1) {
    const isStart = /\s/.test(line[at - 1] ?? "") && !JOINS.test(line.slice(at, at + 2));
    if (isStart && !isFenceLike(line, at)) return at;
  }
  return 0;
}

/** What belongs to the character before it. */
const JOINS = /^[\p{M}\p{Cf}]|^\n/u;
/** Longer graphemes are cut, and where a run of flags begins is not looked for any further. */
const LOOKED_BACK = 1_024;
const LOOKED_AHEAD = 64;

function lastGrapheme(line: string, end: number): number {
  const from = Math.max(0, end - LOOKED_BACK);
  let last = 0;
  for (const { index } of graphemes(line.slice(from, end + LOOKED_AHEAD))) {
    const at = from + index;
    if (at > end) break;
    if (index > 0 && !isFenceLike(line, at)) last = at;
  }
  return last;
}

function graphemes(text: string): Iterable<Intl.SegmentData> {
  return new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text);
}
