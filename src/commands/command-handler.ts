import { messageOf, PerhapsDone } from "../errors.ts";
import type { ParsedCommand } from "../models/routing.ts";
import { perhapsDoneNotice, wrongPlaceNotice } from "../render/command-notice.ts";
import type { Answer, Command, CommandContext } from "./command.ts";

/** Runs a command of the table. Resolves with the answer, also where the command failed. */
export async function runCommand(
  commands: readonly Command[],
  { name, args }: ParsedCommand,
  where: Omit<CommandContext, "args" | "commands">,
): Promise<Answer & { readonly failed?: boolean }> {
  const command = commands.find((c) => c.name === name && c.where.includes(where.place));
  if (!command) return { text: wrongPlaceNotice(name, where.place === "main" ? "thread" : "main") };
  try {
    const answer = await command.run({ args, commands, ...where });
    return typeof answer === "string" ? { text: answer } : answer;
  } catch (error) {
    if (error instanceof PerhapsDone)
      return { text: perhapsDoneNotice(name, error.message), failed: true };
    const text = `\`!${name}\` did not work: ${messageOf(error)}. Try again; \`!status\` in the main DM tells how the connection is.`;
    return { text, failed: true };
  }
}
