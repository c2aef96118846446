import type { ToolCall } from "../models/host-event.ts";
import type { ThreadState } from "../models/thread-state.ts";
import { hasFailed, isFinished } from "../thread-state/tool-call.ts";
import { clip, firstLine, oneLine } from "./chars.ts";
import { duration } from "./duration.ts";
import { escapeText, inlineCode } from "./markup.ts";
import { subAgentTitle } from "./sub-agent.ts";
import { argument, editedFiles, relativePath } from "./tool-call.ts";
import { changedLines } from "./usage.ts";

type Context = Pick<ThreadState, "session" | "children">;
type Describe = (call: ToolCall, context: Context) => string;

const MAX_SUBJECT_CHARS = 120;
const MAX_ERROR_CHARS = 120;

const code = (text: string): string => inlineCode(clip(oneLine(text), MAX_SUBJECT_CHARS));
const plain = (text: string): string => escapeText(clip(oneLine(text), MAX_SUBJECT_CHARS));
const from =
  (...names: readonly string[]): Describe =>
  (call) =>
    code(names.map((name) => argument(call, name)).find(Boolean) ?? "");

/** What a call is about, by tool. A tool that is not here shows the title that OpenCode gives it. */
const SUBJECTS: Readonly<Record<string, Describe>> = {
  bash: from("command"),
  read: filesOf,
  write: filesOf,
  edit: filesOf,
  multiedit: filesOf,
  patch: filesOf,
  apply_patch: filesOf,
  list: filesOf,
  grep: from("pattern"),
  glob: from("pattern"),
  webfetch: from("url"),
  websearch: from("query"),
  codesearch: from("query"),
  skill: from("name"),
  task: subAgent,
};

/** Tools whose time says nothing. */
const INSTANT = new Set("read write edit multiedit patch apply_patch list grep glob".split(" "));

/** `bash · npm test`: the tool and what it works on. */
export function toolAction(call: ToolCall, context: Context): string {
  if (call.tool === "todowrite") return "updating the todo list";
  if (call.tool === "question") return "asking you";
  const subject = subjectOf(call, context);
  if (call.tool === "task") return subject;
  return call.tool === "bash" && subject !== "" ? `bash ${subject}` : named(call, subject);
}

/** `✓ bash · npm test · 3.2 s`, `✗ …` with the error's first line, `⏳ …` for what still runs. */
export function toolLine(call: ToolCall, context: Context, turnEnded: boolean): string {
  const subject = subjectOf(call, context);
  const what = call.tool === "task" ? subject : named(call, subject);
  if (!isFinished(call)) return turnEnded ? `✗ ${what} · stopped` : `⏳ ${what}`;
  const details = hasFailed(call) ? failure(call) : success(call);
  return [`${hasFailed(call) ? "✗" : "✓"} ${what}`, ...details].filter(Boolean).join(" · ");
}

function named(call: ToolCall, subject: string): string {
  return [plain(call.tool), subject].filter(Boolean).join(" · ");
}

function subjectOf(call: ToolCall, context: Context): string {
  const describe = Object.hasOwn(SUBJECTS, call.tool) ? SUBJECTS[call.tool] : undefined;
  return describe?.(call, context) ?? plain(call.title ?? "");
}

function success(call: ToolCall): readonly string[] {
  const took = (call.endMs ?? 0) - (call.startMs ?? call.endMs ?? 0);
  const showTime = !INSTANT.has(call.tool) && took >= 100;
  return [call.changes ? changedLines(call.changes) : "", showTime ? duration(took) : ""];
}

function failure(call: ToolCall): readonly string[] {
  const exit = (call.exitCode ?? 0) === 0 ? "" : `exit ${call.exitCode}`;
  const reason = call.error === undefined ? tellingLine(call.output) : firstLine(call.error);
  return [exit, escapeText(clip(reason, MAX_ERROR_CHARS))];
}

function tellingLine(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  return lines.find((line) => /error|fail|denied|not found|cannot/i.test(line)) ?? lines[0] ?? "";
}

function filesOf(call: ToolCall, { session }: Context): string {
  const [first, ...more] = editedFiles(call).map((path) => relativePath(path, session.directory));
  if (first === undefined) return plain(call.title ?? "");
  return code(first) + (more.length > 0 ? ` and ${more.length} more` : "");
}

function subAgent(call: ToolCall, { session, children }: Context): string {
  const child = call.childSessionId === undefined ? undefined : children[call.childSessionId];
  const title = argument(call, "description") || call.title || subAgentTitle(child?.title ?? "");
  const name = `🤖 ${plain(title) || "sub-agent"}`;
  const action = isFinished(call) || child?.action?.tool === "task" ? undefined : child?.action;
  return action === undefined ? name : `${name} · ${toolAction(action, { session, children })}`;
}
