import type { ToolCall } from "../models/host-event.ts";

/** A text among a tool's arguments; empty where there is none of that name. */
export function argument(call: ToolCall, name: string): string {
  const value = call.input[name];
  return typeof value === "string" ? value : "";
}

/** The files that an edit touched, as its arguments name them. */
export function editedFiles(call: ToolCall): readonly string[] {
  const path = argument(call, "filePath") || argument(call, "path");
  if (path !== "") return [path];
  const patch = argument(call, "patchText");
  const found = patch.matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm);
  return [...found].map(([, file = ""]) => file.trim());
}

/** As seen from the session's directory. */
export function relativePath(path: string, directory: string): string {
  if (path === directory) return ".";
  const root = directory.replace(/[\\/]+$/, "");
  const isInside = root !== "" && path.startsWith(root) && /^[\\/]/.test(path.slice(root.length));
  return isInside ? path.slice(root.length + 1) : path;
}
