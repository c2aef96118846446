import type { ToolCall, ToolKind } from "../models/host-event.ts";
import type { ThreadState } from "../state/thread-state.ts";
import { hasFailed, isFinished } from "../state/tool-call.ts";
import { duration } from "./duration.ts";
import { clip, firstLine, oneLine } from "./markdown/chars.ts";
import { escapeText, inlineCode } from "./markdown/markup.ts";
import { plainOutput, withoutColours } from "./markdown/plain-output.ts";
import { visibleText } from "./markdown/visible-text.ts";
import { reasonOf } from "./reason.ts";
import { relativePath } from "./relative-path.ts";
import { subAgentTitle } from "./sub-agent.ts";
import { changedLines } from "./usage.ts";

type Context = Pick<ThreadState, "session" | "children">;
const MAX_SUBJECT_CHARS = 120;
const MAX_ERROR_CHARS = 120;

const short = (text: string): string =>
  clip(oneLine(visibleText(withoutColours(text))), MAX_SUBJECT_CHARS);
const code = (text: string): string => inlineCode(short(text));
const plain = (text: string): string => escapeText(short(text));

/** Tools whose time says nothing. */
const INSTANT: ReadonlySet<ToolKind> = new Set(["read", "edit", "search"]);

/** `bash · npm test`: the tool and what it works on. */
export function toolAction(call: ToolCall, context: Context): string {
  if (call.kind === "todos") return "updating the todo list";
  if (call.kind === "question") return "asking you";
  const subject = subjectOf(call, context);
  if (call.kind === "sub-agent") return subject;
  const isCommand = call.kind === "shell" && subject !== "";
  return isCommand ? `${plain(call.tool)} ${subject}` : named(call, subject);
}

/** `✓ bash · npm test · 3.2 s`, `✗ …` with the error's first line, `⏳ …` for what still runs. */
export function toolLine(call: ToolCall, context: Context, turnEnded: boolean): string {
  const subject = subjectOf(call, context);
  const what = call.kind === "sub-agent" ? subject : named(call, subject);
  if (!isFinished(call)) return turnEnded ? `✗ ${what} · stopped` : `⏳ ${what}`;
  const details = hasFailed(call) ? failure(call) : success(call);
  return [`${hasFailed(call) ? "✗" : "✓"} ${what}`, ...details].filter(Boolean).join(" · ");
}

function named(call: ToolCall, subject: string): string {
  return [plain(call.tool), subject].filter(Boolean).join(" · ");
}

function subjectOf(call: ToolCall, context: Context): string {
  if (call.kind === "sub-agent") return subAgent(call, context);
  if (call.paths.length > 0) return filesOf(call, context);
  return call.subject === undefined ? plain(call.title ?? "") : code(call.subject);
}

const CUT: Readonly<Record<NonNullable<ToolCall["cut"]>, string>> = {
  "time-limit": "over its time limit",
  stopped: "stopped",
};

const tookMs = ({ startMs, endMs }: ToolCall): number => (endMs ?? 0) - (startMs ?? endMs ?? 0);

function success(call: ToolCall): readonly string[] {
  const took = tookMs(call);
  const showTime = !INSTANT.has(call.kind) && took >= 100;
  return [call.changes ? changedLines(call.changes) : "", showTime ? duration(took) : ""];
}

function failure(call: ToolCall): readonly string[] {
  if (call.cut) return [CUT[call.cut], duration(tookMs(call))];
  const exit = (call.exitCode ?? 0) === 0 ? "" : `exit ${call.exitCode}`;
  const reason =
    call.error === undefined ? tellingLine(call.output) : firstLine(reasonOf(call.error));
  return [exit, escapeText(clip(reason, MAX_ERROR_CHARS))];
}

function tellingLine(output: string): string {
  const lines = plainOutput(output)
    .split("\n")
    .map((line) => line.trim());
  return lines.find((line) => /error|fail|denied|not found|cannot/i.test(line)) ?? lines[0] ?? "";
}

function filesOf(call: ToolCall, { session }: Context): string {
  const [first = "", ...more] = call.paths.map((path) => relativePath(path, session.directory));
  return code(first) + (more.length > 0 ? ` and ${more.length} more` : "");
}

function subAgent(call: ToolCall, { session, children }: Context): string {
  const child = call.childSessionId === undefined ? undefined : children[call.childSessionId];
  const title = call.subject || call.title || subAgentTitle(child?.title ?? "");
  const name = `🤖 ${plain(title) || "sub-agent"}`;
  const action =
    isFinished(call) || child?.action?.kind === "sub-agent" ? undefined : child?.action;
  return action === undefined ? name : `${name} · ${toolAction(action, { session, children })}`;
}
