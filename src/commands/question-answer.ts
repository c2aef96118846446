import type { Question } from "../models/host-event.ts";
import { OPTION_MARKS } from "../models/option-marks.ts";
import { oneOnlyNotice, tapInsteadNotice, useNumbersNotice } from "../render/request-notice.ts";
import type { PendingQuestion } from "../state/thread-state.ts";
import { numbersIn } from "./question-numbers.ts";

/** What a reaction or a text does to the question asked now. */
export type QuestionAction =
  | { readonly type: "answer"; readonly answer: readonly string[] }
  | { readonly type: "mark"; readonly index: number; readonly on: boolean }
  /** It is to be sent, and nothing has been chosen. */
  | { readonly type: "nothing-chosen" }
  | { readonly type: "dismiss" };

/** Pure. `emoji` is a base name; what means nothing for this question is `undefined`. */
export function readQuestionReaction(
  question: Question,
  chosen: PendingQuestion["chosen"],
  emoji: string,
  added: boolean,
): QuestionAction | undefined {
  const index = OPTION_MARKS.findIndex((mark) => mark.name === emoji);
  const option = question.options[index];
  if (option && question.multiple) return { type: "mark", index, on: added };
  if (!added) return undefined;
  if (option) return { type: "answer", answer: [option.label] };
  if (emoji === "x") return { type: "dismiss" };
  if (emoji !== "white_check_mark") return undefined;
  const labels = (chosen ?? []).flatMap((at) => question.options[at]?.label ?? []);
  return question.multiple && labels.length > 0
    ? { type: "answer", answer: labels }
    : { type: "nothing-chosen" };
}

/** What to say to a typed answer that cannot be taken. */
export function notTakenText(
  { options }: Question,
  said: Exclude<TypedAnswer, { type: "answer" }>,
): string {
  if (said.type === "one-only") return oneOnlyNotice();
  if (said.type === "none") return useNumbersNotice(options.length);
  return tapInsteadNotice(said.number, options[said.number - 1]?.label ?? "");
}

/**
 * A typed answer to a question. `ambiguous`: a number that may mean an option's place or what an option says. `one-only`: several
 * where one may be chosen. `none`: it is none of the options, or not all of it is.
 */
export type TypedAnswer =
  | { readonly type: "answer"; readonly answer: readonly string[] }
  | { readonly type: "ambiguous"; readonly number: number }
  | { readonly type: "one-only" }
  | { readonly type: "none" };

/**
 * Pure. What an option says comes first, as it stands; then numbers, in any usual way to write them; then, where that is allowed,
 * any other text.
 */
export function readQuestionText(question: Question, text: string): TypedAnswer {
  const said = text.trim();
  const number = doubtIn(question, [said]);
  if (number !== undefined) return { type: "ambiguous", number };
  const label = labelOf(question, said);
  if (label !== undefined) return { type: "answer", answer: [label] };
  return (
    chosenIn(question, said) ??
    (question.custom && said !== "" ? { type: "answer", answer: [said] } : { type: "none" })
  );
}

/** What sets options apart. A label may hold an "and" or a sign, so that those come last. */
const PARTS = [/[,;\n]/, /[,;\n+&/|]|\band\b/i];

/** Options that are named one by one, by what they say or by their places; `undefined` where the text is about something else. */
function chosenIn(question: Question, said: string): TypedAnswer | undefined {
  const ways = PARTS.map((between) =>
    said
      .split(between)
      .map((part) => part.trim())
      .filter(Boolean),
  );
  const isKnown = (part: string): boolean => namedBy(question, part) !== undefined;
  const parts = ways.find((way) => way.every(isKnown)) ?? ways.at(-1) ?? [];
  const found = parts.map((part) => namedBy(question, part));
  const known = found.flatMap((labels) => labels ?? []);
  const isWhole = found.every((labels) => labels?.every((label) => label !== undefined));
  if (known.every((label) => label === undefined)) return undefined;
  const number = doubtIn(question, parts);
  if (number !== undefined) return { type: "ambiguous", number };
  if (!isWhole) return question.custom && !isNumbers(said) ? undefined : { type: "none" };
  const answer = [...new Set(known.filter((label) => label !== undefined))];
  return answer.length > 1 && !question.multiple
    ? { type: "one-only" }
    : { type: "answer", answer };
}

const isNumbers = (said: string): boolean => numbersIn(said) !== undefined;

/** The options that a part of an answer names; a number without an option is `undefined`. */
function namedBy(question: Question, part: string): readonly (string | undefined)[] | undefined {
  const label = labelOf(question, part);
  if (label !== undefined) return [label];
  return numbersIn(part)?.map((number) => question.options[number - 1]?.label);
}

/** Without what a keyboard or somebody who quotes puts around it. */
const bare = (text: string): string =>
  text.replace(/^[\s\p{Cf}*_`"“”„«»]+|[\s\p{Cf}*_`"“”„«».!:]+$/gu, "").toLowerCase();

/** What is written as it stands comes before what only differs in its letters' size or ends in a stop. */
const labelOf = ({ options }: Question, said: string): string | undefined =>
  options.find(({ label }) => label.trim() === said)?.label ??
  options.find(({ label }) => bare(label) !== "" && bare(label) === bare(said))?.label;

/** The first number that may mean two things. */
function doubtIn(question: Question, parts: readonly string[]): number | undefined {
  return parts
    .flatMap((part) => numbersIn(part) ?? [])
    .find((number) => isDoubtful(question, number));
}

/** A label that begins with a number: `10`, `5 minutes`, `$20`. A number may be meant as one of its kind, an option or not. */
const QUANTITY = /^[^\p{L}\d]{0,3}\d/u;

function isDoubtful({ options }: Question, number: number): boolean {
  const placed = options[number - 1];
  if (!placed) return false;
  const naming = options.filter(({ label }) => numbersOf(label).includes(number));
  if (naming.length > 0) return naming.some((option) => option !== placed);
  return options.some(({ label }) => QUANTITY.test(label.trim()));
}

/** Whole numbers that stand by themselves in a label. */
const numbersOf = (label: string): readonly number[] =>
  [...label.matchAll(/(?<![\w.,])\d{1,3}(?![\w]|[.,]\d)/g)].map(([digits]) => Number(digits));
