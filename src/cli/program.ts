import { Command, CommanderError, InvalidArgumentError } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import type { DoctorFlags } from "./doctor.ts";
import type { SetupFlags } from "./setup.ts";
import type { Terminal } from "./terminal.ts";
import type { UpFlags } from "./up.ts";

/** What each command does; resolves with the exit code. */
export interface Commands {
  setup(flags: SetupFlags): Promise<number>;
  doctor(flags: DoctorFlags): Promise<number>;
  up(directories: readonly string[], flags: UpFlags): Promise<number>;
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
    .command("setup")
    .description(
      "ask for the server, the bot's token and the owner, check each, and write the settings",
    )
    .option("--url <address>", "the server's address, such as https://chat.example.com")
    .option("--owner <name>", "your Mattermost username or user id")
    .option("--token-file <path>", "a file that holds the bot's token and nothing else")
    .option("--token-stdin", "read the bot's token from standard input")
    .option("--allow-insecure", "allow plain http to another machine")
    .option("--plugin <spec>", "how OpenCode is to find the plugin: a package or file:///a/folder")
    .option("--timeout <seconds>", "how long an answer may take (15)", seconds)
    .option("-y, --yes", "ask nothing: for scripts")
    .addHelpText("after", SETUP_HELP)
    .action(async (flags: SetupFlags) => {
      code = await commands.setup(flags);
    });

  program
    .command("doctor")
    .description("look at everything that the bridge needs, and say what to do")
    .option("--json", "for programs")
    .option("--opencode <path>", "the OpenCode to look at, where it is not the one on the PATH")
    .option("--timeout <seconds>", "how long an answer may take (15)", seconds)
    .action(async (flags: DoctorFlags) => {
      code = await commands.doctor(flags);
    });

  program
    .command("up")
    .description("keep OpenCode running for these projects, so that !new works from your phone")
    .argument("<directories...>", "the projects")
    .option("--port <number>", "where OpenCode 1 listens on this machine (any free port)", port)
    .option("--opencode <path>", "the OpenCode to run, where it is not the one on the PATH")
    .option("--systemd", "only print a unit with which systemd does it at every boot")
    .addHelpText("after", UP_HELP)
    .action(async (directories: string[], flags: UpFlags) => {
      code = await commands.up(directories, flags);
    });

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

const SETUP_HELP = `
Without a flag, MATTERMOST_URL, MATTERMOST_TOKEN and MATTERMOST_OWNER are taken, then what is stored. There is no flag for the
token itself: the command lines of all processes can be read by everybody on the machine.`;

function seconds(text: string): number {
  const number = Number(text);
  if (text.trim() !== "" && number > 0 && number <= 600) return number;
  throw new InvalidArgumentError("Give a number of seconds, such as 15.");
}

const UP_HELP = `
With OpenCode 1 this runs a server of its own, with the password of OPENCODE_SERVER_PASSWORD, or one that nobody knows. With
OpenCode 2 it starts your background service, or takes it where it runs already.`;

function port(text: string): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError("Give a number from 0 to 65535.");
}
