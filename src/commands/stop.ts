import { threadCommand } from "./command.ts";

const LATER =
  "Not stopped: what runs now was begun after you wrote this. Send `!stop` again to stop that.";

export const stop = threadCommand(
  {
    name: "stop",
    args: "",
    group: "run",
    help: "stop what runs; so does 🛑 on any post of the bot",
    example: "!stop",
    anyAge: true,
    atOnce: true,
    alsoTyped: [
      "stop",
      "abort",
      "cancel",
      "clear",
      "halt",
      "interrupt",
      "quit",
      "exit",
      "kill",
      "esc",
    ],
  },
  async ({ thread, writtenMs }) => {
    const stopped = await thread.stop(writtenMs);
    if (stopped === "later") return LATER;
    return stopped === "stopped" ? "" : "Nothing runs here.";
  },
);
