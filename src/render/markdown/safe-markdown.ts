import { stateAfter, TEXT_START } from "./markdown-lines.ts";

/**
 * What a model wrote, as Markdown that loads nothing by itself: pictures outside of code become links, because a
 * client would fetch them unasked and their address can carry secrets out. Code stays byte for byte.
 */
export function safeMarkdown(text: string): string {
  if (!text.includes("![")) return text;
  const lines = text.split("\n");
  const code = codeLines(lines);
  const labels = definedLabels(text);
  return lines
    .map((line, index) => {
      if (code[index] || !line.includes("![")) return line;
      return withoutPictures(line, paragraphTo(lines, code, index), {
        rest: paragraphFrom(lines, code, index),
        labels,
      });
    })
    .join("\n");
}

interface Following {
  /** The lines after this one in its paragraph. */
  readonly rest: string;
  readonly labels: ReadonlySet<string>;
}

function withoutPictures(line: string, before: readonly string[], following: Following): string {
  return line.replace(/!\[(\]?)/g, (found, empty: string, at: number) => {
    const isPicture =
      !isEscaped(line, at) &&
      !isInCode(line, before, at) &&
      opensPicture(`${line.slice(at + 2)}\n${following.rest}`, following.labels);
    if (!isPicture) return found;
    return empty === "" ? "[" : "[picture]";
  });
}

/** Whether what follows `![` can be read as a picture by any of the clients; they differ in how brackets nest. */
function opensPicture(after: string, labels: ReadonlySet<string>): boolean {
  if (/\]\s*[([]/.test(after)) return true;
  const label = /^[^\]]*/.exec(after)?.[0] ?? "";
  return labels.has(normalLabel(label));
}

function definedLabels(text: string): ReadonlySet<string> {
  const found = text.matchAll(/^[ \t>]*\[([^\]]+)\]:/gm);
  return new Set([...found].map(([, label = ""]) => normalLabel(label)));
}

const normalLabel = (label: string): string => label.replace(/\s+/g, " ").trim().toLowerCase();

function isEscaped(line: string, at: number): boolean {
  const backslashes = /\\*$/.exec(line.slice(0, at))?.[0].length ?? 0;
  return backslashes % 2 === 1;
}

/**
 * Whether the place is inside inline code however many of the lines before it belong to the same block: clients agree on
 * the code then, and a stray backtick further up cannot smuggle a picture in.
 */
function isInCode(line: string, before: readonly string[], at: number): boolean {
  let block = line;
  let place = at;
  if (!isInSpan(block, place)) return false;
  for (const earlier of before.toReversed()) {
    block = `${earlier}\n${block}`;
    place += earlier.length + 1;
    if (!isInSpan(block, place)) return false;
  }
  return true;
}

function isInSpan(block: string, place: number): boolean {
  const token = /\\[\s\S]|`+/g;
  for (let found = token.exec(block); found !== null; found = token.exec(block)) {
    if (found.index > place) return false;
    const run = found[0];
    if (run.startsWith("\\")) continue;
    const end = closingRun(block, token.lastIndex, run.length);
    if (end === undefined) continue;
    if (end > place) return true;
    token.lastIndex = end;
  }
  return false;
}

function closingRun(block: string, from: number, length: number): number | undefined {
  const runs = block.slice(from).matchAll(/`+/g);
  const closing = runs.find((run) => run[0].length === length);
  return closing === undefined ? undefined : from + closing.index + length;
}

function paragraphTo(lines: readonly string[], code: readonly boolean[], index: number): string[] {
  const before = lines.slice(0, index);
  const edge = before.findLastIndex((line, at) => code[at] || line.trim() === "");
  return before.slice(edge + 1);
}

function paragraphFrom(lines: readonly string[], code: readonly boolean[], index: number): string {
  const after = lines.slice(index + 1);
  const edge = after.findIndex((line, at) => code[index + 1 + at] || line.trim() === "");
  return (edge < 0 ? after : after.slice(0, edge)).join("\n");
}

/**
 * Which lines are code whatever client reads them: those of fenced blocks, as far as they are indented as their fence is,
 * and, in a text without lists, indented ones.
 */
function codeLines(lines: readonly string[]): readonly boolean[] {
  const hasLists = lines.some((line) => /^\s*(?:[-*+]|\d+[.)])\s/.test(line));
  let state = TEXT_START;
  let afterBlank = true;
  return lines.map((line) => {
    const { fence } = state;
    state = stateAfter(state, line);
    const indented = !hasLists && afterBlank && /^(?: {4}|\t)/.test(line);
    afterBlank = line.trim() === "" || indented;
    return indented || (fence !== undefined && line.startsWith(fence.prefix));
  });
}
