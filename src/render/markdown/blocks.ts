import { closingLine } from "./fence.ts";
import { stateAfter, TEXT_START } from "./markdown-lines.ts";

/** A piece of a post. Tight pieces stand line below line: a single newline is a line break in Mattermost. */
export interface Block {
  readonly text: string;
  readonly tight: boolean;
}

const STARTS_BLOCK = /^\s*(?:[-*+>#=]|\d+[.)]|```|~~~)|^(?: {4}|\t)|\||\n/;

export const line = (text: string): Block => ({ text, tight: true });
export const loose = (text: string): Block => ({ text, tight: false });
/** Somebody's Markdown: tight only where it is a single line that begins no list, table or the like. */
export const prose = (text: string): Block => ({ text, tight: !STARTS_BLOCK.test(text) });

/** Puts the pieces below each other; a code block that one leaves open is closed where another follows. */
export function stacked(blocks: readonly Block[]): Block {
  const shown = blocks.filter(({ text }) => text !== "");
  let text = "";
  shown.forEach((block, index) => {
    const below = shown[index + 1];
    if (below === undefined) text += block.text;
    else if (block.tight) text += block.text + (below.tight ? "\n" : "\n\n");
    else text += `${withClosedFence(block.text)}\n\n`;
  });
  return { text, tight: shown[0]?.tight ?? true };
}

/** What comes below a text is not in its code. */
export function withClosedFence(text: string): string {
  const { fence } = text.split("\n").reduce(stateAfter, TEXT_START);
  if (fence === undefined) return text;
  return `${text}${text.endsWith("\n") ? "" : "\n"}${closingLine(fence)}`;
}
