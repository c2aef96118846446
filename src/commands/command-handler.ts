import { messageOf } from "../errors.ts";
import type { SessionId } from "../models/ids.ts";
import type { ParsedCommand, Place } from "../models/routing.ts";
import type { CommandPort } from "../ports.ts";
import type { Command, ThreadPort } from "./command.ts";

/** Runs a command of the table. Resolves with the answer, also where the command failed. */
export async function runCommand(
  commands: readonly Command[],
  { name, args }: ParsedCommand,
  where: {
    readonly writtenMs: number;
    readonly place: Place;
    readonly bridge: CommandPort;
    readonly thread?: ThreadPort;
    readonly sessionId?: SessionId;
  },
): Promise<string> {
  const command = commands.find((c) => c.name === name && c.where.includes(where.place));
  if (!command) return `\`!${name}\` does not work here. \`!help\` lists what does.`;
  try {
    return await command.run({ args, commands, ...where });
  } catch (error) {
    return `\`!${name}\` did not work: ${messageOf(error)}. Try again; \`!status\` in the main DM tells how the connection is.`;
  }
}
