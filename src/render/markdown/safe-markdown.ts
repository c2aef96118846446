import { storable } from "../../models/storable.ts";
import { codeLines, type Line, linesOf } from "./code-lines.ts";
import { pictureMarks } from "./picture-marks.ts";

/** Some clients end a line there, others do not: then nothing is sure to be code. */
const ODD_LINE_ENDS = /[\u2424\u2028\u2029\u0085]/;

/**
 * What a model wrote, as Markdown that loads nothing by itself: what any client may show as a picture becomes a link, because it
 * would be fetched unasked and its address can carry secrets out. What every client shows as code stays byte for byte, but for
 * what is not stored.
 */
export const safeMarkdown = (text: string): string => untilSafe(text, "picture");

/** The same for a post that is finished: it does not become longer. */
export const withoutPictures = (text: string): string => untilSafe(text, "");

/** Once is enough as far as is known; that it is so is looked at each time. What is not stored is gone before: it would hide one. */
function untilSafe(text: string, emptyLabel: string): string {
  for (let before = storable(text); ; ) {
    const after = withoutMarks(before, emptyLabel);
    if (after === before) return after;
    before = after;
  }
}

function withoutMarks(text: string, emptyLabel: string): string {
  if (!text.includes("![")) return text;
  const lines = linesOf(text);
  const isOdd = ODD_LINE_ENDS.test(text);
  const isCode = isOdd ? lines.map(() => false) : codeLines(lines);
  const paragraphs = isOdd ? [{ text, start: 0 }] : paragraphsOf(text, lines, isCode);
  const hasLabels = paragraphs.some((paragraph) => paragraph.text.includes("]:"));
  const about = { hasLabels, hasSureLines: !isOdd };
  let safe = "";
  let done = 0;
  for (const { text: paragraph, start } of paragraphs) {
    for (const mark of pictureMarks(paragraph, about)) {
      const at = start + mark;
      // Another exclamation mark before it would take its place.
      const before = text[at - 1] === "!" ? " " : "";
      safe += `${text.slice(done, at)}${before}[${text[at + 2] === "]" ? emptyLabel : ""}`;
      done = at + 2;
    }
  }
  return safe + text.slice(done);
}

/** What stands between empty lines and lines of code. Nothing that Markdown acts on reaches further. */
function paragraphsOf(
  text: string,
  lines: readonly Line[],
  isCode: readonly boolean[],
): readonly Line[] {
  const paragraphs: Line[] = [];
  let start: number | undefined;
  lines.forEach((line, at) => {
    const isText = line.text !== "" && !isCode[at];
    if (isText) start ??= line.start;
    if (isText || start === undefined) return;
    paragraphs.push({ text: text.slice(start, line.start), start });
    start = undefined;
  });
  return start === undefined ? paragraphs : [...paragraphs, { text: text.slice(start), start }];
}
