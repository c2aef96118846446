import { Command, CommanderError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import type { Terminal } from "./terminal.ts";

/** What each command does; resolves with the exit code. */
export interface Commands {
  playground(args: readonly string[]): Promise<number>;
}

/** Reads the command line and does what it says; resolves with the exit code. */
export async function runProgram(
  given: readonly string[],
  commands: Commands,
  terminal: Terminal,
): Promise<number> {
  let code = 0;
  const program = new Command("opencode-mattermost")
    .description("Every OpenCode session as a thread in your Mattermost direct messages.")
    .version(packageJson.version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.say(text.trimEnd()),
      writeErr: (text) => terminal.complain(text.trimEnd()),
    })
    .showHelpAfterError("Run it with --help to see what there is.");

  program
    .command("playground")
    .description("try it: a local Mattermost stand-in, a scripted model, the real OpenCode")
    .helpOption(false)
    .allowUnknownOption()
    .argument("[options...]", "--help lists them")
    .action(async (args: string[]) => {
      code = await commands.playground(args);
    });

  try {
    await program.parseAsync([...given], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}
