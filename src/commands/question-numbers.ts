import { OPTION_MARKS } from "../models/option-marks.ts";

const WORDS: readonly (readonly string[])[] = [
  ["one", "first"],
  ["two", "second"],
  ["three", "third"],
  ["four", "fourth"],
  ["five", "fifth"],
  ["six", "sixth"],
  ["seven", "seventh"],
  ["eight", "eighth"],
  ["nine", "ninth"],
  ["ten", "tenth"],
];

/** Before a number they say nothing more. */
const FILLERS = new Set(["the", "option", "options", "number", "numbers", "no", "nr", "choice"]);
const RANGE = /(\d{1,3})\s*(?:-|–|—|\.\.\.?|to|through)\s*(\d{1,3})/g;
const BETWEEN = /[\s,;+&/|]+/;
/** `2`, `2.`, `(2)`, `#2`, `2nd`; a range as it was joined here. */
const NUMBER = /^[#([]*(\d{1,3})(?:st|nd|rd|th)?[.):\]]*$/;
const JOINED = /^(\d{1,3})~(\d{1,3})$/;

/** Pure. The numbers that a text consists of, in every usual way to write them; `undefined` where it says anything else. */
export function numbersIn(text: string): readonly number[] | undefined {
  const words = inDigits(text)
    .replace(RANGE, "$1~$2")
    .split(BETWEEN)
    .filter((word) => word !== "" && word !== "and")
    .filter((word, at, all) => at === all.length - 1 || !FILLERS.has(word.replace(/\.$/, "")));
  const found = words.map(readWord);
  const known = found.filter((numbers) => numbers !== undefined);
  if (known.length === 0 || known.length < found.length) return undefined;
  return [...new Set(known.flat())];
}

function readWord(word: string): readonly number[] | undefined {
  const [, from, to] = JOINED.exec(word) ?? [];
  if (from !== undefined) return upTo(Number(from), Number(to));
  const spoken = WORDS.findIndex((names) => names.includes(word.replace(/[.:)]+$/, "")));
  if (spoken >= 0) return [spoken + 1];
  const [, digits] = NUMBER.exec(word) ?? [];
  return digits === undefined ? undefined : [Number(digits)];
}

function upTo(from: number, to: number): readonly number[] | undefined {
  if (to < from) return undefined;
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** Keycaps, their names as Mattermost types them, and digits of other widths. */
function inDigits(text: string): string {
  const named = OPTION_MARKS.reduce(
    (said, { name, sign }, at) =>
      said.replaceAll(`:${name}:`, ` ${at + 1} `).replaceAll(sign, ` ${at + 1} `),
    text,
  );
  return named
    .replace(/[\u{FE0F}\u{20E3}]/gu, " ")
    .normalize("NFKC")
    .toLowerCase();
}
