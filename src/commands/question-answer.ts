import type { Question } from "../models/host-event.ts";
import { OPTION_MARKS } from "../models/option-marks.ts";
import type { PendingQuestion } from "../state/thread-state.ts";

/** What a reaction or a text does to the question asked now. */
export type QuestionAction =
  | { readonly type: "answer"; readonly answer: readonly string[] }
  | { readonly type: "mark"; readonly index: number; readonly on: boolean }
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
  if (emoji !== "white_check_mark" || !question.multiple) return undefined;
  const labels = (chosen ?? []).flatMap((at) => question.options[at]?.label ?? []);
  return labels.length > 0 ? { type: "answer", answer: labels } : undefined;
}

const wordsOf = (text: string): readonly string[] =>
  text.split(/\s*(?:,|\band\b|\s)\s*/).filter(Boolean);

/** Pure. Whether a number in the text is the place of one option and the name of another. */
export function isAmbiguous({ options }: Question, text: string): boolean {
  return wordsOf(text.trim()).some((word) => {
    const named = options.findIndex(({ label }) => label === word);
    const placed = /^\d+$/.test(word) ? Number(word) - 1 : -1;
    return named >= 0 && named !== placed && options[placed] !== undefined;
  });
}

/**
 * Pure. A typed answer: numbers (`2`, `1, 3`), labels, or where allowed any other text. `undefined` where it is no answer
 * to this question.
 */
export function readQuestionText(question: Question, text: string): readonly string[] | undefined {
  const said = text.trim();
  if (said === "") return undefined;
  const label = labelOf(question, said);
  if (label !== undefined) return [label];
  const words = wordsOf(said);
  const labels = words.map((word) => labelOf(question, word));
  const known = labels.filter((found) => found !== undefined);
  const allKnown = known.length === words.length && (question.multiple || known.length === 1);
  if (allKnown) return [...new Set(known)];
  return question.custom ? [said] : undefined;
}

function labelOf({ options }: Question, word: string): string | undefined {
  if (/^\d+[.)]?$/.test(word)) return options[Number.parseInt(word, 10) - 1]?.label;
  return options.find(({ label }) => label.toLowerCase() === word.toLowerCase())?.label;
}
