import { plainOutput } from "./plain-output.ts";

/** Length as Mattermost counts it: Unicode code points. */
export function countChars(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length - 1; index += 1) if (isPair(text, index)) count -= 1;
  return count;
}

/** The first `chars` code points. */
export function takeChars(text: string, chars: number): string {
  let index = 0;
  for (let taken = 0; taken < chars && index < text.length; taken += 1) {
    index += isPair(text, index) ? 2 : 1;
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

/** Whether one character takes two units from here on. */
function isPair(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  if (unit < 0xd800 || unit > 0xdbff) return false;
  const next = text.charCodeAt(index + 1);
  return next >= 0xdc00 && next <= 0xdfff;
}
