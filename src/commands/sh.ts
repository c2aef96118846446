import { hostCommand } from "./command.ts";

export const sh = hostCommand(
  "shell",
  {
    name: "sh",
    args: "COMMAND",
    group: "run",
    help: "a shell command in the session's folder, as `!` does in the terminal; the model sees its output too",
    example: "!sh git status",
    inTurn: true,
  },
  ({ args, thread }) => thread.work.shell(args),
);
