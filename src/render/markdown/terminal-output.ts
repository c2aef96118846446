import { clip, countChars, takeChars } from "./chars.ts";

const MAX_LINES = 8;
const MAX_LINE_CHARS = 120;
/** Colours, cursor moves and window titles: an escape character and what belongs to it. */
const CONTROL_SEQUENCES = /(?![\r\n\t])\p{Cc}(?:\[[0-?]*[ -/]*[@-~]|\][^\p{Cc}]*(?:\p{Cc}\\?)?)/gu;
const CONTROL_CHARACTERS = /(?!\t)\p{Cc}/gu;

/** What a terminal would show of it: no colours, of a line written over and over only the last version. */
export function plainOutput(output: string): string {
  return output
    .replace(CONTROL_SEQUENCES, "")
    .split("\n")
    .map((line) => lastVersion(line).replace(CONTROL_CHARACTERS, ""))
    .join("\n");
}

function lastVersion(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end -= 1;
  return line.slice(line.lastIndexOf("\r", end - 1) + 1, end);
}

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
