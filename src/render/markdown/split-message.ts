import { countChars, takeChars } from "./chars.ts";
import { closingLine, openingLine } from "./fence.ts";
import { type LineState, TEXT_START } from "./markdown-lines.ts";
import { chooseCut } from "./message-cut.ts";

/** One post's share: `body` is the input's own text, `open` and `close` are the fence lines added around it. */
export interface MessagePart {
  readonly open: string;
  readonly body: string;
  readonly close: string;
}

/**
 * Cuts a Markdown text into posts of at most `maxChars` Unicode code points. Where a part ends depends on the text up to
 * one character past its limit and on nothing later: as a text grows, only its last part changes.
 */
export function splitMessage(text: string, maxChars: number): string[] {
  return splitParts(text, maxChars).map((part) => part.open + part.body + part.close);
}

export function splitParts(text: string, maxChars: number): readonly MessagePart[] {
  const cuts = knownCuts(text, maxChars);
  for (;;) {
    const { to, state, midLine } = cuts.at(-1) ?? START;
    const rest = text.slice(to);
    const fenceChars = fenceCost(state, maxChars);
    const open = fenceChars > 0 && state.fence !== undefined ? openingLine(state.fence) : "";
    const limit = maxChars - countChars(open);
    const window = takeChars(rest, limit + 1);
    if (window.length === rest.length && countChars(rest) <= limit) {
      remember({ text, maxChars, cuts });
      return [...cuts.map(({ part }) => part), { open, body: rest, close: "" }];
    }
    const closeCost = (at: LineState): number => fenceCost(at, maxChars);
    const cut = chooseCut({ window, limit, start: state, midLine, closeCost });
    const body = rest.slice(0, cut.at);
    const part = { open, body, close: closing(body, cut.state, maxChars) };
    const [reached, seen] = [to + cut.at, to + window.length];
    cuts.push({ part, to: reached, seenTo: seen, state: cut.state, midLine: cut.midLine });
  }
}

/** Where a text is cut, and how it goes on there. */
interface Cut {
  readonly part: MessagePart;
  readonly to: number;
  /** What follows in the text has no part in it. */
  readonly seenTo: number;
  readonly state: LineState;
  readonly midLine: boolean;
}

const START = { to: 0, state: TEXT_START, midLine: false };

interface Split {
  readonly text: string;
  readonly maxChars: number;
  readonly cuts: readonly Cut[];
}

/** More answers than this rarely grow at the same time. */
const SPLITS_REMEMBERED = 8;
/** The texts that were cut last, newest first: one that grows is not cut anew from its beginning for each word. */
let recent: readonly Split[] = [];

/** The cuts that are the same in a text that went before: what they depend on is. */
function knownCuts(text: string, maxChars: number): Cut[] {
  for (const known of recent) {
    if (known.maxChars !== maxChars) continue;
    const count = known.cuts.findLastIndex(
      ({ seenTo }) => seenTo < known.text.length && text.startsWith(known.text.slice(0, seenTo)),
    );
    if (count >= 0) return known.cuts.slice(0, count + 1);
  }
  return [];
}

function remember(split: Split): void {
  const [first] = split.cuts;
  if (!first) return;
  const begin = split.text.slice(0, first.seenTo);
  const others = recent.filter(({ text }) => !text.startsWith(begin));
  recent = [split, ...others].slice(0, SPLITS_REMEMBERED);
}

/** What closing an open fence takes; 0 where none is open, or where its lines would take the room of the text. */
function fenceCost({ fence }: LineState, maxChars: number): number {
  if (fence === undefined) return 0;
  const cost = countChars(closingLine(fence)) + 1;
  return countChars(openingLine(fence)) + cost > maxChars / 2 ? 0 : cost;
}

function closing(body: string, state: LineState, maxChars: number): string {
  if (state.fence === undefined || fenceCost(state, maxChars) === 0) return "";
  return `${body.endsWith("\n") ? "" : "\n"}${closingLine(state.fence)}`;
}
