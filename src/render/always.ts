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

/** All that "always" would allow, one pattern a line. */
export function alwaysAllows({ permission, always }: PermissionRequest): string {
  const [first = "", ...more] = always.map(patternOf);
  const lead = `${LEAD}${escapeText(permission)}**:`;
  return more.length === 0 ? `${lead} ${first}` : [lead, first, ...more].join("\n");
}

const patternOf = (pattern: string): string =>
  inlineCode(visibleText(pattern).replace(/\r?\n/g, "⟨U+000A⟩")) || "(empty)";

/** The lines of a post without those at its end that say so. */
export function withoutAlways(lines: readonly string[]): readonly string[] {
  const at = lines.findLastIndex((line) => line.startsWith(LEAD));
  const isLast = at >= 0 && lines.slice(at + 1).every((line) => line.startsWith("`"));
  return isLast ? lines.slice(0, at) : lines;
}
