import type { Project } from "../models/session-line.ts";

/** What a text that begins with the name of a project is about. `typed`: what was taken for the name. */
export type FoundProject =
  | { readonly kind: "found"; readonly project: Project; readonly prompt: string }
  | { readonly kind: "several"; readonly projects: readonly Project[]; readonly typed: string }
  | { readonly kind: "none"; readonly typed: string };

const QUOTED =
  /^(?:"([^"]+)"|'([^']+)'|`([^`]+)`|[“”„]([^“”„]+)[“”]|[‘’‚]([^‘’‚]+)[‘’]|«([^»]+)»|\*{1,2}([^*]+)\*{1,2})/;

/**
 * Pure. The longest name or path that a text begins with is the project, what comes after it the prompt. A path may be written from
 * `~` on, or by its end. Where no name fits, the first word, or what stands in quotes, may be a part of one.
 */
export function findProject(projects: readonly Project[], given: string): FoundProject {
  const text = given.replace(/^[\s\p{Cf}]+/u, "");
  const quoted = QUOTED.exec(text);
  if (quoted) {
    const typed = quoted.slice(1).find((inside) => inside !== undefined) ?? "";
    const whole = longest(projects, typed).filter(({ chars }) => chars === typed.length);
    return only(whole.length > 0 ? whole : partly(projects, typed), typed, after(text, quoted[0]));
  }
  const begun = longest(projects, text);
  const typed = begun[0] ? text.slice(0, begun[0].chars) : (text.split(/\s+/, 1)[0] ?? "");
  return only(begun.length > 0 ? begun : partly(projects, typed), typed, after(text, typed));
}

const after = (text: string, name: string): string =>
  text
    .slice(name.length)
    .replace(/^[:,.!?…]+(?=\s|$)/, "")
    .trim();

interface Match {
  readonly project: Project;
  readonly chars: number;
}

function only(matches: readonly Match[], typed: string, prompt: string): FoundProject {
  const [first, ...others] = matches;
  if (!first) return { kind: "none", typed };
  if (others.length === 0) return { kind: "found", project: first.project, prompt };
  return { kind: "several", projects: matches.map(({ project }) => project), typed };
}

/** The projects with the longest name or path that the text begins with. */
function longest(projects: readonly Project[], text: string): readonly Match[] {
  const matches = projects.map((project) => ({ project, chars: begins(project, text) }));
  const most = Math.max(0, ...matches.map(({ chars }) => chars));
  return most === 0 ? [] : matches.filter(({ chars }) => chars === most);
}

/** Where a name or a path ends: a slash may stand behind it, and what ends a phrase. */
const NAME_ENDS = /^\/?(?=$|\s|[:,.!?…]+(?:\s|$))/;

/** How much of a text is a project's name or path; 0 where it begins with neither. */
function begins(project: Project, text: string): number {
  const said = plainDashes(text.toLowerCase());
  const lengths = waysToSay(project).map((way) => {
    const end = said.startsWith(way) ? NAME_ENDS.exec(said.slice(way.length)) : null;
    return end ? way.length + end[0].length : 0;
  });
  return Math.max(0, ...lengths);
}

/** Keyboards make them longer. */
const plainDashes = (text: string): string => text.replace(/[‐‑–—]/g, "-");

/** The name, the whole path, the path from `~` on, and every end of it. */
function waysToSay({ name, directory, short }: Project): readonly string[] {
  const steps = directory.split(/[\\/]/).filter(Boolean);
  const ends = steps.map((_, at) => steps.slice(at).join("/"));
  return [name, directory, short, ...ends, ...ends.map((end) => `/${end}`)]
    .filter(Boolean)
    .map((way) => plainDashes(way.toLowerCase()));
}

function partly(projects: readonly Project[], typed: string): readonly Match[] {
  const wanted = typed.toLowerCase();
  if (wanted === "") return [];
  return projects
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .map((project) => ({ project, chars: typed.length }));
}
