import type { PermissionRequest } from "../models/host-event.ts";
import { countChars } from "./markdown/chars.ts";
import { escapeText, inlineCode } from "./markdown/markup.ts";
import { visibleText } from "./markdown/visible-text.ts";

/** The share of a post for what "always" would allow. */
const SHARE = 0.4;

/** Whether "always" is offered: only where all that it would allow can be shown. */
export function offersAlways(request: PermissionRequest, maxPostChars: number): boolean {
  const { always } = request;
  return always.length > 0 && countChars(alwaysAllows(request)) <= maxPostChars * SHARE;
}

const LEAD = "🔓 always would allow **";
const EMPTY = "(empty)";
/** Said instead where that is too long. */
export const NO_ALWAYS = "no 🔓: what always would allow is too long to be shown here";

/** All that "always" would allow, one pattern a line. */
export function alwaysAllows({ permission, always }: PermissionRequest): string {
  const [first = "", ...more] = always.map(patternOf);
  const lead = `${LEAD}${escapeText(permission)}**:`;
  return more.length === 0 ? `${lead} ${first}` : [lead, first, ...more].join("\n");
}

const patternOf = (pattern: string): string =>
  inlineCode(visibleText(pattern).replace(/\r?\n/g, "⟨U+000A⟩")) || EMPTY;

/** The lines of a post without those at its end that say so, or that it is not offered. */
export function withoutAlways(lines: readonly string[]): readonly string[] {
  if (lines.at(-1) === NO_ALWAYS) return lines.slice(0, -1);
  const at = lines.findLastIndex((line) => line.startsWith(LEAD));
  const isLast = at >= 0 && lines.slice(at + 1).every(isPattern);
  return isLast ? lines.slice(0, at) : lines;
}

/** Not the end of a block: that has nothing but backticks. */
const isPattern = (line: string): boolean => line === EMPTY || /^`+[^`]/.test(line);
