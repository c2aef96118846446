import { inlineCode } from "../render/markdown/markup.ts";
import { type Answer, threadCommand } from "./command.ts";

const LISTED = 60;

export const file = threadCommand(
  {
    name: "file",
    aliases: ["ls"],
    args: "PATH",
    group: "look",
    help: "a file of the project, or what a folder of it holds (`!file .`)",
    example: "!file src/index.ts",
  },
  async ({ args, thread }): Promise<Answer | string> => {
    const path = args.replace(/^(["'`])(.*)\1$/s, "$2");
    const found = await thread.look(path);
    if (found.kind === "refused") return `${inlineCode(path)} ${found.why}`;
    if (found.kind === "file") {
      const name = found.path.split("/").at(-1) ?? found.path;
      return { text: `📎 ${inlineCode(found.path)}`, files: [{ name, text: found.bytes }] };
    }
    const names = found.entries.map(({ name, isFolder }) =>
      inlineCode(isFolder ? `${name}/` : name),
    );
    const more = names.length - LISTED;
    const shown = names.slice(0, LISTED).join(" · ") || "empty";
    return `📁 ${inlineCode(found.path || ".")}\n${shown}${more > 0 ? ` · … and ${more} more` : ""}`;
  },
);
