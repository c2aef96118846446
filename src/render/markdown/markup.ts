/** A text from elsewhere as part of a first line: on one line, with nothing in it that Markdown would act on. */
export function escapeText(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_~[\]|#]/g, "\\$&");
}

/** Inline code on one line, whatever backticks the text has. Empty for an empty text. */
export function inlineCode(text: string): string {
  const line = text.replace(/\s*[\r\n]+\s*/g, " ");
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

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
