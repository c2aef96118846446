import { inlineCode } from "../render/markdown/markup.ts";
import type { Command } from "./command.ts";

export const help: Command = {
  name: "help",
  where: ["main", "thread"],
  args: "",
  help: "what works here",
  whenEnded: true,
  async run({ commands, place }) {
    const here = commands.filter((command) => command.where.includes(place));
    const lines = here.map((c) => `- ${inlineCode(`!${c.name} ${c.args}`.trim())} – ${c.help}`);
    const lead =
      place === "thread"
        ? "**In this thread** a reply prompts its session. Besides:"
        : "**Here** commands work; a reply in a session's thread prompts that session.";
    return [lead, ...lines].join("\n");
  },
};
