import { countChars, takeChars } from "./chars.ts";

/** Beginning and end of a text, and how much is left out between them; together at most `maxChars`. */
export interface Ends {
  readonly head: string;
  readonly left: string;
  readonly tail: string;
}

const LEFT_CHARS = 50;

/** `undefined` where the text is no longer than `maxChars`. */
export function endsOf(text: string, maxChars: number): Ends | undefined {
  const chars = countChars(text);
  if (chars <= maxChars) return undefined;
  const half = Math.max(1, Math.floor((maxChars - LEFT_CHARS) / 2));
  // Twice as many units hold at least as many characters.
  const tail = [...text.slice(-2 * half)].slice(-half).join("");
  return { head: takeChars(text, half), left: `⟨${chars - 2 * half} characters left out⟩`, tail };
}
