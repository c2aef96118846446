import { countChars } from "../render/markdown/chars.ts";
import { codeBlock, inlineCode } from "../render/markdown/markup.ts";
import { changedFiles, changedLines } from "../render/usage.ts";
import { hostCommand } from "./command.ts";

/** A longer one is attached. */
const MOST_CHARS = 3_000;
const LISTED = 20;

export const diff = hostCommand(
  "diff",
  {
    name: "diff",
    aliases: ["changes"],
    args: "",
    group: "look",
    help: "what the session changed in files: as text when short, as a file when long",
    example: "!diff",
  },
  async ({ thread }, read) => {
    const files = await read(thread.sessionId);
    if (files.length === 0) return "This session has changed no files that OpenCode knows of.";
    const sum = { files: files.length, additions: 0, deletions: 0 };
    for (const { additions, deletions } of files) {
      sum.additions += additions;
      sum.deletions += deletions;
    }
    const head = `📄 **${changedFiles(sum)}**`;
    const patch = files
      .map((file) => file.patch.trimEnd())
      .filter(Boolean)
      .join("\n");
    if (patch !== "" && countChars(patch) <= MOST_CHARS)
      return `${head}\n${codeBlock(patch, "diff")}`;
    const lines = files
      .slice(0, LISTED)
      .map((file) => `- ${[inlineCode(file.path), changedLines(file)].filter(Boolean).join(" ")}`);
    const more = files.length - lines.length;
    const text = [head, ...lines, ...(more > 0 ? [`- … and ${more} more`] : [])].join("\n");
    return {
      text,
      ...(patch !== "" && { files: [{ name: "changes.patch", text: `${patch}\n` }] }),
    };
  },
);
