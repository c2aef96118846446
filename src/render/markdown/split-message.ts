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
  const parts: MessagePart[] = [];
  let rest = text;
  let state: LineState = TEXT_START;
  let midLine = false;
  for (;;) {
    const fenceChars = fenceCost(state, maxChars);
    const open = fenceChars > 0 && state.fence !== undefined ? openingLine(state.fence) : "";
    const limit = maxChars - countChars(open);
    const window = takeChars(rest, limit + 1);
    if (window.length === rest.length && countChars(rest) <= limit) {
      return [...parts, { open, body: rest, close: "" }];
    }
    const closeCost = (at: LineState): number => fenceCost(at, maxChars);
    const cut = chooseCut({ window, limit, start: state, midLine, closeCost });
    const body = rest.slice(0, cut.at);
    parts.push({ open, body, close: closing(body, cut.state, maxChars) });
    rest = rest.slice(cut.at);
    state = cut.state;
    midLine = cut.midLine;
  }
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
