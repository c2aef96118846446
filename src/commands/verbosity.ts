import { asVerbosity } from "../models/session-settings.ts";
import { threadCommand } from "./command.ts";

const WHAT = {
  quiet: "one post a turn, at its end, and what needs you",
  normal: "what happens while it happens, and the answer",
  verbose: "every tool line, tool output and thinking in full",
} as const;

export const verbosity = threadCommand(
  {
    name: "verbosity",
    args: "[quiet|normal|verbose]",
    group: "look",
    help: "show or choose how much of each turn this thread shows",
    example: "!verbosity quiet",
  },
  async ({ args, thread }) => {
    if (args === "") {
      const now = thread.choices.verbosity();
      return `Verbosity is \`${now}\`: ${WHAT[now]}. \`!verbosity quiet\`, \`normal\` or \`verbose\` changes it.`;
    }
    const chosen = asVerbosity(args.toLowerCase());
    if (!chosen) return "Nothing was changed: `!verbosity` takes `quiet`, `normal` or `verbose`.";
    await thread.choices.chooseVerbosity(chosen);
    return `👁️ \`${chosen}\` from the next prompt on: ${WHAT[chosen]}.`;
  },
);
