import type { ToolCall, ToolKind } from "../../models/host-event.ts";
import { defined } from "./opencode-wire.ts";

type Input = Readonly<Record<string, unknown>>;
type Meaning = Pick<ToolCall, "kind" | "paths" | "subject">;

/** OpenCode's own tools: their kind, and the arguments that say what a call is about. Another tool's title says it. */
const TOOLS: Readonly<Record<string, readonly [kind: ToolKind, ...subject: readonly string[]]>> = {
  bash: ["shell", "command"],
  read: ["read"],
  list: ["read"],
  write: ["edit"],
  edit: ["edit"],
  multiedit: ["edit"],
  patch: ["edit"],
  apply_patch: ["edit"],
  grep: ["search", "pattern"],
  glob: ["search", "pattern"],
  webfetch: ["web", "url"],
  websearch: ["web", "query"],
  codesearch: ["web", "query"],
  skill: ["skill", "name"],
  task: ["sub-agent", "description"],
  todowrite: ["todos"],
  todoread: ["todos"],
  question: ["question"],
};

/** What a call of an OpenCode tool means, whatever OpenCode calls the tool and its arguments. */
export function meaningOf(tool: string, input: Input): Meaning {
  const known = Object.hasOwn(TOOLS, tool) ? TOOLS[tool] : undefined;
  const [kind, ...names] = known ?? ["other" as const];
  const subject = names.map((name) => text(input, name)).find(Boolean);
  return { kind, paths: pathsOf(kind, input), ...defined({ subject }) };
}

function pathsOf(kind: ToolKind, input: Input): readonly string[] {
  if (kind !== "read" && kind !== "edit") return [];
  const path = text(input, "filePath") || text(input, "path");
  if (path !== "") return [path];
  const named = text(input, "patchText").matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm);
  return [...named].map(([, file = ""]) => file.trim());
}

function text(input: Input, name: string): string {
  const value = input[name];
  return typeof value === "string" ? value : "";
}
