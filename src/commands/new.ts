import type { Project } from "../models/session-line.ts";
import { escapeText, inlineCode } from "../render/markdown/markup.ts";
import type { Command } from "./command.ts";

export const newSession: Command = {
  name: "new",
  where: ["main"],
  args: "[PROJECT] [PROMPT]",
  group: "session",
  example: "!new payments-api Fix the flaky retry test",
  help: "start a session in a known project; without PROJECT, list them",
  inTurn: true,
  async run({ args, bridge }) {
    const projects = await bridge.projects();
    const [first = ""] = args.split(/\s+/);
    const named = first === "" ? [] : matching(projects, first);
    const [project, ...more] = named;
    if (project && more.length === 0) {
      return bridge.start(project, args.slice(first.length).trim());
    }
    const lead = lineAbove(first, named.length);
    return [lead, ...(named.length > 1 ? named : projects).map(line)].join("\n");
  },
};

export const projects: Command = {
  name: "projects",
  where: ["main"],
  args: "",
  group: "session",
  example: "!projects",
  help: "the projects that `!new` can start a session in",
  async run({ bridge }) {
    const known = await bridge.projects();
    if (known.length === 0)
      return "No project is known on this machine yet: start OpenCode in one.";
    return known.map(line).join("\n");
  },
};

/** By the whole name before a part of it; a path is exact. */
function matching(projects: readonly Project[], words: string): readonly Project[] {
  const wanted = words.toLowerCase();
  const exact = projects.filter(
    ({ name, directory }) => name.toLowerCase() === wanted || directory === words,
  );
  if (exact.length > 0) return exact;
  return projects.filter(({ name }) => name.toLowerCase().includes(wanted));
}

function lineAbove(first: string, found: number): string {
  if (found > 1) return `"${escapeText(first)}" could be several: use the path.`;
  if (first !== "")
    return `No project known on this machine is like "${escapeText(first)}". Name one first, then the prompt:`;
  return "`!new PROJECT PROMPT`, with one of:";
}

const line = ({ name, directory }: Project): string =>
  `- **${escapeText(name)}** ${inlineCode(directory)}`;
