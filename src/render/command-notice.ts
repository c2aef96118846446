import { inlineCode } from "./markdown/markup.ts";

/** How a command is typed, and an example of it. */
interface Usage {
  readonly name: string;
  readonly args: string;
  readonly example: string;
}

/** `!rename TITLE` */
export const usageOf = ({ name, args }: Omit<Usage, "example">): string =>
  inlineCode(`!${name} ${args}`.trim());

/** A command that needs something after its name. */
export function missingWordsNotice({ example, ...usage }: Usage): string {
  return `Nothing was done: it takes ${usageOf(usage)}. For example: ${inlineCode(example)}`;
}

/** A command that works in the other place. */
export function wrongPlaceNotice(name: string, worksIn: "main" | "thread"): string {
  const where =
    worksIn === "main"
      ? "in the main DM: send it there, outside of all threads"
      : "in a session's thread: send it as a reply there (`!sessions` lists the threads)";
  return `\`!${name}\` works ${where}. Nothing was done.`;
}

/** A command for the thread of a live session, where there is none. */
export function onlyInThreadsNotice(name: string): string {
  return wrongPlaceNotice(name, "thread");
}

/** Nobody can tell whether a command was done, and it is not done again for that. */
export function perhapsDoneNotice(name: string, reason: string): string {
  return `⚠️ **Perhaps done**: \`!${name}\` was given to OpenCode, which did not say what came of it (${reason}). Look at the session before you send it again.`;
}

/** The OpenCode in which the session runs cannot do what a command is for. */
export function unsupportedNotice(name: string): string {
  return `This OpenCode cannot do what \`!${name}\` is for, so nothing was done. \`!help\` lists what works here.`;
}

/** A number that is none of a list's, right after the list. */
export function outOfRangeNotice(count: number): string {
  return `Nothing was chosen, and nothing was sent to the session: the list has numbers from 1 to ${count}.`;
}

/** Help for something that is no command. */
export function noSuchCommandNotice(typed: string, meant: string): string {
  const hint = meant === "" ? "" : ` Did you mean \`!help ${meant}\`?`;
  return `There is no command ${inlineCode(`!${typed}`)}.${hint} \`!help\` lists them all.`;
}
