import type { Command } from "./command.ts";

export const stop: Command = {
  name: "stop",
  where: ["thread"],
  args: "",
  help: "stop what runs; so does 🛑 on any post of the bot",
  async run({ thread }) {
    return (await thread?.stop()) ? "" : "Nothing runs here.";
  },
};
