import { clip, countChars, takeChars } from "./chars.ts";
import { plainOutput } from "./plain-output.ts";

const MAX_LINES = 8;
const MAX_LINE_CHARS = 120;
/** The last lines of what a command has printed so far. */
export function lastLines(output: string): string {
  const lines = plainOutput(output).trimEnd().split("\n").slice(-MAX_LINES);
  return lines
    .map((line) => clip(line, MAX_LINE_CHARS))
    .join("\n")
    .replace(/^\n+/, "");
}

/** Beginning and end, where it is longer than `maxChars`. */
export function shortened(text: string, maxChars: number): string {
  if (countChars(text) <= maxChars) return text;
  const half = Math.floor((maxChars - 3) / 2);
  const end = [...text].slice(-half).join("");
  return `${takeChars(text, half)}\n…\n${end}`;
}
