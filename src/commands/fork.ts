import { hostCommand } from "./command.ts";

export const fork = hostCommand(
  "fork",
  {
    name: "fork",
    args: "[N]",
    group: "session",
    help: "a session of its own, in a thread of its own, with everything so far; with N, from before prompt N; so does 🔀 on a prompt",
    example: "!fork 3",
    inTurn: true,
  },
  async ({ args, thread }) => {
    if (args === "") return thread.history.fork();
    const number = /^#?\d{1,6}[.)]?$/.test(args) ? Number(args.replace(/\D/g, "")) : 0;
    return thread.history.fork(number);
  },
);
