import type { Project } from "../models/session-line.ts";
import { clip } from "../render/markdown/chars.ts";
import { escapeText, inlineCode } from "../render/markdown/markup.ts";
import type { Command } from "./command.ts";
import { findProject } from "./find-project.ts";
import { readOptions } from "./new-options.ts";

export const newSession: Command = {
  name: "new",
  where: ["main"],
  args: "[PROJECT] [--worktree [NAME]] [--model M] [--agent A] [PROMPT]",
  group: "session",
  example: "!new payments-api Fix the flaky retry test",
  help: "start a session in a known project, also in a git worktree of its own; without PROJECT, list them",
  inTurn: true,
  async run({ args, bridge }) {
    const projects = await bridge.projects();
    if (args === "") return listed("`!new PROJECT PROMPT`, with one of:", projects);
    const found = findProject(projects, args);
    if (found.kind === "none" && /^(?:--|[—–])/.test(args)) {
      return listed("The project comes first, then the options:", projects);
    }
    if (found.kind === "none") {
      const lead = `No project known on this machine is like "${escapeText(clip(found.typed, MOST_TYPED_CHARS))}". Name one first, then the prompt:`;
      return listed(lead, projects);
    }
    if (found.kind === "several") {
      return listed(
        `"${escapeText(clip(found.typed, MOST_TYPED_CHARS))}" could be several: use the path.`,
        found.projects,
      );
    }
    const { project } = found;
    if (project.isGone) return goneText(project);
    const options = readOptions(found.prompt);
    return options.kind === "clear" ? bridge.start(project, options.begin) : options.why;
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
    return listed("", known);
  },
};

const goneText = ({ name, directory }: Project): string =>
  `The folder of **${escapeText(name)}**, ${inlineCode(directory)}, is not there any more, so nothing was started. Name another project, or start OpenCode where it is now.`;

const MOST_LISTED = 50;
const MOST_TYPED_CHARS = 100;

/** The latest first; the rest is counted. */
function listed(lead: string, projects: readonly Project[]): string {
  const lines = projects.slice(0, MOST_LISTED).map(line);
  const more = projects.length - lines.length;
  const rest = more > 0 ? [`and ${more} more: \`!new\` finds them by name or path`] : [];
  return [lead, ...lines, ...rest].filter(Boolean).join("\n");
}

const line = ({ name, directory, isGone }: Project): string =>
  `- **${escapeText(name)}** ${inlineCode(directory)}${isGone ? " – not there any more" : ""}`;
