/** A fenced code block that a line has opened. */
export interface Fence {
  /** What stands before the fence on its lines: indentation and quote marks. */
  readonly prefix: string;
  /** The run of backticks or tildes. */
  readonly marker: string;
  /** What follows the run: the language, mostly. */
  readonly info: string;
}

const OPENING = /^([ \t>]*)((?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,})(.*)$/;
const CLOSING = /^([ \t>]*)(`{3,}|~{3,})[ \t]*$/;
const MAX_INFO_CHARS = 100;

/**
 * The fence that is open after `line`, given the one open before it. `inList`: the line may belong to a list item, where
 * deeper indentation does not make it indented code.
 */
export function fenceAfter(
  before: Fence | undefined,
  line: string,
  inList: boolean,
): Fence | undefined {
  const text = line.replace(/\r?\n?$/, "");
  if (before === undefined) return openedBy(text, inList);
  if (before.prefix.includes(">") && !/^[ \t]*>/.test(text)) return openedBy(text, inList);
  return closes(before, text) ? undefined : before;
}

export function openingLine(fence: Fence): string {
  return `${fence.prefix}${fence.marker}${fence.info}\n`;
}

export function closingLine(fence: Fence): string {
  return `${fence.prefix}${fence.marker}`;
}

export function looksLikeFence(line: string): boolean {
  return /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:```|~~~)/.test(line);
}

function openedBy(line: string, inList: boolean): Fence | undefined {
  const [, before = "", bullet = "", marker = "", info = ""] = OPENING.exec(line) ?? [];
  if (marker === "" || (marker.startsWith("`") && info.includes("`"))) return undefined;
  if (!inList && bullet === "" && indentOf(before) > (before.includes(">") ? 4 : 3)) {
    return undefined;
  }
  const kept = info.length > MAX_INFO_CHARS ? "" : info.trimEnd();
  return { prefix: before + " ".repeat(bullet.length), marker, info: kept };
}

function closes(fence: Fence, line: string): boolean {
  const [, prefix = "", marker = ""] = CLOSING.exec(line) ?? [];
  return (
    marker.length >= fence.marker.length &&
    marker[0] === fence.marker[0] &&
    indentOf(prefix) < indentOf(fence.prefix) + 4
  );
}

function indentOf(prefix: string): number {
  const spaces = prefix.slice(prefix.lastIndexOf(">") + 1);
  return spaces.replaceAll("\t", "    ").length;
}
