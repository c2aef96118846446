import { messageOf } from "../errors.ts";
import type { ParsedCommand } from "../models/routing.ts";
import { wrongPlaceNotice } from "../render/command-notice.ts";
import type { Command, CommandContext } from "./command.ts";

/** Runs a command of the table. Resolves with the answer, also where the command failed. */
export async function runCommand(
  commands: readonly Command[],
  { name, args }: ParsedCommand,
  where: Omit<CommandContext, "args" | "commands">,
): Promise<string> {
  const command = commands.find((c) => c.name === name && c.where.includes(where.place));
  if (!command) return wrongPlaceNotice(name, where.place === "main" ? "thread" : "main");
  try {
    return await command.run({ args, commands, ...where });
  } catch (error) {
    return `\`!${name}\` did not work: ${messageOf(error)}. Try again; \`!status\` in the main DM tells how the connection is.`;
  }
}
