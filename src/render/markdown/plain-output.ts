/** Colours, cursor moves and window titles: an escape character and what belongs to it. */
const CONTROL_SEQUENCES = /(?![\r\n\t])\p{Cc}(?:\[[0-?]*[ -/]*[@-~]|\][^\p{Cc}]*(?:\p{Cc}\\?)?)/gu;
const COLOURS = /(?![\r\n\t])\p{Cc}\[[0-9;]*m/gu;
const CONTROL_CHARACTERS = /(?!\t)\p{Cc}/gu;

/** Without its colours and nothing else less: a text that somebody has to judge keeps what a terminal would not show. */
export const withoutColours = (text: string): string => text.replace(COLOURS, "");

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
