import type { PromptOrigin } from "../models/host-event.ts";
import type { TurnPrompt } from "../state/thread-state.ts";
import { clip } from "./markdown/chars.ts";
import { inlineCode } from "./markdown/markup.ts";
import { plainOutput } from "./markdown/plain-output.ts";
import { safeMarkdown } from "./markdown/safe-markdown.ts";

const MAX_LINES = 10;
const MAX_CHARS = 1000;
const MAX_FILES = 5;
const MAX_FILE_NAME_CHARS = 60;

const ORIGIN: Readonly<Record<PromptOrigin, string>> = {
  new: "💬 from `!new`",
  again: "🔁 run again",
  voice: "🎙️ heard",
  run: "⌨️ from `opencode run`",
  plugin: "🧩 from a plugin",
};

/**
 * A prompt that does not stand in the thread itself, quoted and marked; before it what was added to the session without a prompt.
 * Empty where there is neither.
 */
export function promptQuote(prompt: TurnPrompt): string {
  const added = (prompt.added ?? []).map((text) => quoted("➕ added to the session", text));
  return [...added, ownQuote(prompt)].filter(Boolean).join("\n\n");
}

function ownQuote({ postId, text, files, origin }: TurnPrompt): string {
  // What was spoken stands nowhere else.
  if (postId !== undefined && origin !== "voice") return "";
  const names = fileNames(files);
  if (text.trim() === "" && names === "") return "";
  const from = origin ? ORIGIN[origin] : "⌨️ from the terminal";
  return quoted([from, names].filter(Boolean).join(" · "), text);
}

function quoted(head: string, text: string): string {
  const shown = shortened(plainOutput(text).trim());
  return shown === "" ? head : `${head}\n> ${safeMarkdown(shown).replaceAll("\n", "\n> ")}`;
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
