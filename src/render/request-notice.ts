// What is said of requests that wait, and of answers to them.
import { inlineCode } from "./markdown/markup.ts";

const NOT_SENT = "What you wrote was not sent to the session.";

/** A typed answer that could mean more than one request. */
export function severalWaitNotice(count: number): string {
  return `${count} requests wait: answer each by a reaction on its post.`;
}

/** A typed answer that was written before the request that waits. */
export function askedSinceNotice(): string {
  return "Not taken as an answer: what waits now was asked after you wrote this. Look at it, then answer again.";
}

/** "always" to a request that can be allowed this once only. */
export function noAlwaysNotice(): string {
  return "This one cannot be allowed for always. Reply yes or no, or tap.";
}

/** "always" where what that would allow could not be shown. */
export function longAlwaysNotice(): string {
  return "What always would allow is too long to be shown here, so it is not offered. Reply yes or no, or choose it in OpenCode's terminal.";
}

/** An answer to a request whose post did not say everything yet. */
export function completedSinceNotice(): string {
  return "Not taken as an answer: what is asked has been completed since. Look at it, then answer again.";
}

/** A text that answers none of the permissions that wait. `brief`: what the only one is about. */
export function permissionWaitsNotice(waiting: {
  readonly count: number;
  readonly brief: string;
  readonly hasAlways: boolean;
}): string {
  const { count, brief, hasAlways } = waiting;
  const what = count === 1 ? `A permission waits: ${brief}` : `${count} permissions wait`;
  const words = hasAlways ? "yes, always or no" : "yes or no";
  const how =
    count === 1
      ? `Reply ${words} (with the reason, if you like), or tap on its post.`
      : "Answer each by a tap on its post.";
  return `✋ ${what}. ${how} ${NOT_SENT}`;
}

/** A text while more than one question waits. */
export function questionsWaitNotice(count: number): string {
  return `❓ ${count} questions wait: answer each by a tap on its post. ${NOT_SENT}`;
}

/** A number that may be an option's place, or what an option says. */
export function tapInsteadNotice(number: number, placed: string): string {
  return `${number} may be the place of ${inlineCode(placed)}, or something that you would choose. Tap the one that you mean, or write what it says.`;
}

/** A command for permissions, where a question waits. */
export const questionInsteadNotice = (): string =>
  "Nothing was answered: what waits here is a question. Reply with the number of an option or with what it says, or tap on its post.";

/** A ✅ under a question of which no option is chosen. */
export const nothingChosenNotice = (): string =>
  "Nothing was answered: no option is chosen yet. Tap the numbers; where several may be chosen, take ✅ away then and tap it again.";

/** Several options for a question that takes one. */
export function oneOnlyNotice(): string {
  return "Only one can be chosen here. Reply with its number, or tap it.";
}

/** Nothing but a file, where words are asked for. */
export function wordsNotFilesNotice(names: readonly string[]): string {
  const files = names.map(inlineCode).join(", ");
  return `📎 An answer takes words, not files: reply with those, or tap on the question. ${files} was not given to the session: send it when the question is answered.`;
}

/** A typed answer that is none of a question's options. */
export function useNumbersNotice(count: number): string {
  return `That is none of the options, or not all of it is. Reply with numbers from 1 to ${count}, or tap.`;
}
