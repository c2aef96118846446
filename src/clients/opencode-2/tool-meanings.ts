import type { ToolCall, ToolKind } from "../../models/host-event.ts";

export type Input = Readonly<Record<string, unknown>>;
type Meaning = Pick<ToolCall, "kind" | "paths" | "subject">;

/** OpenCode 2's own tools: their kind, and the argument that says what a call is about. */
const TOOLS: Readonly<Record<string, readonly [kind: ToolKind, subject?: string]>> = {
  shell: ["shell", "command"],
  execute: ["shell", "code"],
  read: ["read"],
  write: ["edit"],
  edit: ["edit"],
  patch: ["edit"],
  grep: ["search", "pattern"],
  glob: ["search", "pattern"],
  webfetch: ["web", "url"],
  websearch: ["web", "query"],
  skill: ["skill", "name"],
  subagent: ["sub-agent", "description"],
  question: ["question"],
};

/** What a call of an OpenCode 2 tool means, whatever OpenCode calls the tool and its arguments. */
export function meaningOf(tool: string, input: Input): Meaning {
  const known = Object.hasOwn(TOOLS, tool) ? TOOLS[tool] : undefined;
  const [kind, name] = known ?? ["other" as const];
  const subject = name === undefined ? "" : text(input, name);
  const isFile = kind === "read" || kind === "edit";
  const path = isFile ? text(input, "path") || text(input, "filePath") : "";
  return { kind, paths: path === "" ? [] : [path], ...(subject !== "" && { subject }) };
}

function text(input: Input, name: string): string {
  const value = input[name];
  return typeof value === "string" ? value : "";
}
