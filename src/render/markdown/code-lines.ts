/** A line of a text: where it stands in it, without what ends it. */
export interface Line {
  readonly text: string;
  readonly start: number;
}

/** Lines as Markdown has them: `\n`, `\r\n` and a lone `\r` end one. */
export function linesOf(text: string): readonly Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ text: text.slice(start, index), start });
    start = index + end.length;
  }
  return [...lines, { text: text.slice(start), start }];
}

/**
 * How much clients may disagree on what a line is part of: `list`: it may be in a list; `block`: in something that ends where a
 * plain line follows an empty one; `rest`: from here on nothing is sure.
 */
type Doubt = "none" | "list" | "block" | "rest";

const PLAIN_START = /^(?![-*+][\s]|[-*+]$|\d+[.)]|[<>[])\S/;
const BULLET = /^\s*(?:[-*+]|\d+[.)])(?:\s|$)/;
/** Some clients let the text of such an item come after an empty line. */
const EMPTY_ITEM = /^\s*(?:(?:[-*+]|\d+[.)])\s+)*(?:[-*+]|\d+[.)])\s*$/;
/** What may stand before the text of a line: indentation, quote marks, bullets. */
const PREFIX = /^[\s>*+\-\d.)]*/;
const OPENING = /^( {0,3})(`{3,}|~{3,})[^`~|]*$/;
const INDENTED = /^(?: {4}|\t)/;
/** In a list such a line of code can be taken for the end of the list, or for another item. */
const RISKY_IN_LIST = /^\s*[-*+_=#<>[|\d]/;

/**
 * Which lines are code whatever client reads them: those of closed fences and indented ones, as far as nothing above puts that
 * in doubt. Clients differ in where lists, quotes and HTML end, and some need a fence to be closed.
 */
export function codeLines(lines: readonly Line[]): readonly boolean[] {
  const isCode = lines.map(() => false);
  let doubt: Doubt = "none";
  let afterEmpty = true;
  for (let at = 0; at < lines.length; at += 1) {
    const { text } = lines[at] ?? { text: "" };
    if (afterEmpty && doubt !== "rest" && PLAIN_START.test(text)) doubt = "none";
    const end = codeEnd(lines, at, doubt, afterEmpty);
    if (end === undefined) {
      doubt = doubtAfter(doubt, text);
      afterEmpty = text === "";
      continue;
    }
    isCode.fill(true, at, end + 1);
    // An indented line may follow another one.
    afterEmpty &&= end === at;
    at = end;
  }
  return isCode;
}

/** The last of the lines of code that begin here. */
function codeEnd(
  lines: readonly Line[],
  at: number,
  doubt: Doubt,
  afterEmpty: boolean,
): number | undefined {
  if (doubt === "none" && afterEmpty && INDENTED.test(lines[at]?.text ?? "")) return at;
  return doubt === "none" || doubt === "list" ? fenceEnd(lines, at, doubt) : undefined;
}

function doubtAfter(doubt: Doubt, line: string): Doubt {
  if (line === "") return doubt;
  const text = line.replace(PREFIX, "");
  const isOpen = EMPTY_ITEM.test(line) || (text.startsWith("[") && !text.includes("]"));
  if (doubt === "rest" || isOpen || /^(?:<|```|~~~)/.test(text)) return "rest";
  if (doubt === "block" || text.startsWith("[") || line.trimStart().startsWith(">")) return "block";
  return BULLET.test(line) ? "list" : doubt;
}

/** The line that closes the fence which this line opens, where every client sees both. */
function fenceEnd(lines: readonly Line[], at: number, doubt: "none" | "list"): number | undefined {
  const [, indent = "", marker = ""] = OPENING.exec(lines[at]?.text ?? "") ?? [];
  if (marker === "") return undefined;
  for (let end = at + 1; end < lines.length; end += 1) {
    const { text } = lines[end] ?? { text: "" };
    if (text.trimStart().startsWith(marker)) {
      return closes(text, indent, marker, doubt) ? end : undefined;
    }
    if (doubt === "list" && !staysInItem(text, indent)) return undefined;
  }
  return undefined;
}

function closes(line: string, indent: string, marker: string, doubt: "none" | "list"): boolean {
  const [, before, run = ""] = /^( {0,3})(`+|~+)[ \t]*$/.exec(line) ?? [];
  return run.length >= marker.length && (doubt === "none" || before === indent);
}

const staysInItem = (line: string, indent: string): boolean =>
  line.trim() !== "" && line.startsWith(indent) && !RISKY_IN_LIST.test(line);
