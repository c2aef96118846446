import type { Command } from "./command.ts";

/** It may have waited for its turn while a later word came. */
const SUPERSEDED = "Nothing was switched: you have said something else since.";

export const lock: Command = {
  name: "lock",
  where: ["main", "thread"],
  args: "",
  group: "bridge",
  example: "!lock",
  help: "switch everything off: no process acts on anything but `!unlock`",
  whenEnded: true,
  anyAge: true,
  atOnce: true,
  async run({ bridge, writtenMs }) {
    return bridge.lock(true, writtenMs)
      ? "🔒 **Locked**: nothing is acted on until `!unlock`. What runs goes on; the threads still show it."
      : SUPERSEDED;
  },
};

export const unlock: Command = {
  name: "unlock",
  where: ["main", "thread"],
  args: "",
  group: "bridge",
  example: "!unlock",
  help: "end `!lock`",
  whenEnded: true,
  anyAge: true,
  atOnce: true,
  async run({ bridge, writtenMs }) {
    return bridge.lock(false, writtenMs)
      ? "🔓 **Unlocked**. What you wrote or tapped meanwhile was not acted on: do it again."
      : SUPERSEDED;
  },
};
