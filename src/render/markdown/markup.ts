import { visibleText } from "./visible-text.ts";

/**
 * A text from elsewhere as part of a first line: on one line, all of it visible, nothing in it that Markdown would act on. What
 * not every client lets a backslash keep from that (formulas, addresses in angle brackets) is written as its number.
 */
export function escapeText(text: string): string {
  return visibleText(text)
    .replace(/[\t\n\r ]+/g, " ")
    .trim()
    .replace(/&(?=#?\w+;)/g, "&amp;")
    .replaceAll("$", "&#36;")
    .replace(/\\(?![\dA-Za-z])|[`*_~[\]|]|(?<!&)#/g, "\\$&")
    .split(" ")
    .map(withoutAutolink)
    .join(" ");
}

/** The same as the label of a link, which brackets or another link in it would end. */
export function linkLabel(text: string): string {
  return escapeText(text)
    .replaceAll("\\[", "&#91;")
    .replaceAll("\\]", "&#93;")
    .replaceAll("<", "&lt;")
    .replaceAll("@", "&#64;")
    .replaceAll("://", "&#58;//")
    .replaceAll("www", "ww&#119;");
}

/** What `escapeText` made it of, but for its blanks. */
export function unescapeText(text: string): string {
  return text
    .replace(/\\([^\dA-Za-z\s])/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&#36;", "$")
    .replaceAll("&amp;", "&")
    .replace(CODED, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)));
}

const CODED = /⟨U\+((?:10|[\dA-F])?[\dA-F]{4})⟩/g;

/** An address in angle brackets is a link, and a backslash does not keep every client from it. */
function withoutAutolink(word: string): string {
  const address = word.slice(word.indexOf("<") + 1, word.lastIndexOf(">"));
  return /[@:]|www/.test(address) ? word.replaceAll("<", "&lt;") : word;
}

/** Inline code on one line, all of it visible, whatever backticks the text has. Empty for an empty text. */
export function inlineCode(text: string): string {
  const line = inOneLine(visibleText(text));
  if (line.trim() === "") return "";
  const delimiter = "`".repeat(longestRun(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return delimiter + pad + line + pad + delimiter;
}

/** A code block that no line of `text` can close. */
export function codeBlock(text: string, language = ""): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}${text.endsWith("\n") ? "" : "\n"}${fence}`;
}

function inOneLine(text: string): string {
  const lines = text.split(/[\r\n]+/);
  const last = lines.length - 1;
  return lines
    .map((line, at) => (at < last ? line.trimEnd() : line))
    .map((line, at) => (at > 0 ? line.trimStart() : line))
    .filter((line, at) => line !== "" || at === 0 || at === last)
    .join(" ");
}

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}
