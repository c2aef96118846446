import type { TurnPrompt } from "../state/thread-state.ts";
import { clip } from "./markdown/chars.ts";
import { inlineCode } from "./markdown/markup.ts";
import { safeMarkdown } from "./markdown/safe-markdown.ts";

const MAX_LINES = 10;
const MAX_CHARS = 1000;
const MAX_FILES = 5;
const MAX_FILE_NAME_CHARS = 60;

/** A prompt from the terminal, quoted and marked; empty for a prompt that stands in the thread itself. */
export function promptQuote(prompt: TurnPrompt): string {
  if (prompt.postId !== undefined) return "";
  const text = shortened(prompt.text.trim());
  const files = fileNames(prompt.files);
  if (text === "" && files === "") return "";
  const head = ["⌨️ from the terminal", files].filter(Boolean).join(" · ");
  return text === "" ? head : `${head}\n> ${safeMarkdown(text).replaceAll("\n", "\n> ")}`;
}

function shortened(text: string): string {
  const lines = text.split("\n");
  const shown = lines.slice(0, MAX_LINES).join("\n");
  return clip(lines.length > MAX_LINES ? `${shown}\n…` : shown, MAX_CHARS);
}

function fileNames(files: readonly string[]): string {
  if (files.length === 0) return "";
  const shown = files
    .slice(0, MAX_FILES)
    .map((file) => inlineCode(clip(file, MAX_FILE_NAME_CHARS)));
  const rest = files.length - shown.length;
  return `📎 ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
