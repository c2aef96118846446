import { clip, oneLine } from "./markdown/chars.ts";
import { escapeText, linkLabel } from "./markdown/markup.ts";
import { sessionTitle } from "./session-card.ts";

const MOST_CHARS = 200;
const LISTED = 15;

/** A prompt, as people know it again. */
interface Shown {
  readonly text: string;
  readonly files: readonly string[];
  readonly byHand: boolean;
}

function brief({ text, files, byHand }: Shown): string {
  if (text.trim() === "" && byHand) return "(a shell command)";
  const words = text.trim() === "" ? `📎 ${files.join(", ")}` : text;
  return escapeText(clip(oneLine(words), MOST_CHARS));
}

const quoted = (prompt: Shown | undefined): string => (prompt ? `\n> ${brief(prompt)}` : "");

/** `hasFiles`: files follow. */
export function undoneNotice(prompt: Shown | undefined, hasFiles: boolean): string {
  const files = hasFiles
    ? "files included"
    : "but for its files: OpenCode keeps those in a git repository only";
  return `↩️ **Undone** to before this prompt, ${files}. \`!redo\` brings it back until the next prompt.${quoted(prompt)}`;
}

/** `isAll`: nothing is undone any more. */
export function redoneNotice(prompt: Shown | undefined, isAll: boolean): string {
  return isAll
    ? "↪️ **Redone**: everything is there again."
    : `↪️ **Redone**, with this prompt and its answer. \`!redo\` again goes on.${quoted(prompt)}`;
}

export const nothingToUndoNotice = (): string =>
  "Nothing to undo: this session has no prompt. A reply here prompts it.";

export const nothingToRedoNotice = (): string =>
  "Nothing to redo: nothing was undone, or a prompt has come since. `!undo` undoes the last prompt.";

export const nothingToRetryNotice = (): string =>
  "Nothing to run again: this session has no prompt. A reply here prompts it.";

export const nothingToCompactNotice = (): string =>
  "Nothing to sum up: this session has no prompt. A reply here prompts it.";

/** What a tap was for is not in the session any more. */
export const promptGoneNotice = (): string =>
  "Nothing was done: that prompt is not in the session any more, because it was undone. `!redo` may bring it back.";

/** Something that needs an idle session. */
export const busyNotice = (what: string): string =>
  `Not done: the session works just now. \`!stop\` it or wait for its end, then ${what} again.`;

/** Files of a prompt that is run again which are not at hand. */
export const filesLeftNotice = (names: readonly string[]): string =>
  `📎 ${escapeText(names.join(", "))} did not go along: attach it to a reply.`;

/** `before`: absent where everything went along. */
export function forkedNotice(title: string, link: string | undefined, before?: Shown): string {
  const from = before
    ? `, from before this prompt:\n> ${brief(before)}`
    : ", with everything so far";
  return `🔀 **Forked** into ${linked(title, link)}${from}`;
}

/** In the thread of the fork. */
export function forkOfNotice(title: string, link: string | undefined, before?: Shown): string {
  const from = before
    ? ` from before this prompt:\n> ${brief(before)}`
    : ", with everything so far";
  return `🔀 **A fork** of ${linked(title, link)}${from}`;
}

const linked = (title: string, link: string | undefined): string =>
  link ? `[${linkLabel(sessionTitle(title))}](${link})` : `“${escapeText(sessionTitle(title))}”`;

export const nothingBeforeNotice = (): string =>
  "Not forked: nothing comes before the first prompt. `!new` in the main DM starts an empty session.";

export const nothingToForkNotice = (): string =>
  "Not forked: this session has no prompt. `!new` in the main DM starts another one.";

/** A number that is none of a prompt's. */
export function whichPromptNotice(prompts: readonly Shown[]): string {
  const from = Math.max(0, prompts.length - LISTED);
  const lines = prompts.slice(from).map((prompt, at) => `> ${from + at + 1}. ${brief(prompt)}`);
  return [
    `Not forked: \`!fork N\` forks from before prompt N, which is one of these:`,
    ...lines,
  ].join("\n");
}
