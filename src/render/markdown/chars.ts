import { plainOutput } from "./plain-output.ts";

/** Length as Mattermost counts it: Unicode code points. */
export function countChars(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += unitsAt(text, index)) count += 1;
  return count;
}

/** The first `chars` code points. */
export function takeChars(text: string, chars: number): string {
  let index = 0;
  for (let taken = 0; taken < chars && index < text.length; taken += 1) {
    index += unitsAt(text, index);
  }
  return text.slice(0, index);
}

/** At most `maxChars` code points, the cut marked. */
export function clip(text: string, maxChars: number): string {
  if (text.length <= maxChars || countChars(text) <= maxChars) return text;
  return `${takeChars(text, Math.max(0, maxChars - 1)).trimEnd()}…`;
}

/** Everything on one line as a terminal would show it, runs of blanks, tabs and line ends as one blank. */
export function oneLine(text: string): string {
  return plainOutput(text)
    .replace(/[\t\n\r ]+/g, " ")
    .replace(/^ | $/g, "");
}

export function firstLine(text: string): string {
  return (
    plainOutput(text)
      .split("\n")
      .map((line) => line.trim())
      .find((line) => line !== "") ?? ""
  );
}

function unitsAt(text: string, index: number): 1 | 2 {
  const point = text.codePointAt(index);
  return point !== undefined && point > 0xffff ? 2 : 1;
}
