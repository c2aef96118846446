import type { Prompter } from "../../src/cli/prompter.ts";

/** Answers in this order; `undefined` is ctrl+c. More questions than answers are a mistake. */
export function scriptedPrompter(answers: readonly (string | boolean | undefined)[]): Prompter {
  const left = [...answers];
  function next<T extends string | boolean>(
    question: string,
    isRight: (answer: unknown) => answer is T,
  ) {
    if (left.length === 0) throw new Error(`Nothing is left to answer: ${question}`);
    const answer = left.shift();
    if (answer === undefined || isRight(answer)) return Promise.resolve(answer);
    throw new Error(`${String(answer)} is no answer to: ${question}`);
  }
  const isText = (answer: unknown): answer is string => typeof answer === "string";
  const isChoice = (answer: unknown): answer is boolean => typeof answer === "boolean";
  return {
    text: (question) => next(question, isText),
    secret: (question) => next(question, isText),
    confirm: (question) => next(question, isChoice),
  };
}
