import type { Command } from "./command.ts";

export const lock: Command = {
  name: "lock",
  where: ["main", "thread"],
  args: "",
  help: "switch everything off: no process acts on anything but `!unlock`",
  whenEnded: true,
  async run({ bridge }) {
    bridge.lock(true);
    return "🔒 **Locked**: nothing is acted on until `!unlock`. What runs goes on; the threads still show it.";
  },
};

export const unlock: Command = {
  name: "unlock",
  where: ["main", "thread"],
  args: "",
  help: "end `!lock`",
  whenEnded: true,
  async run({ bridge }) {
    bridge.lock(false);
    return "🔓 **Unlocked**. What you wrote meanwhile was not acted on: send it again.";
  },
};
