import type { DesiredPost, RenderOptions } from "../models/desired-post.ts";
import type { PermissionReply, PermissionRequest } from "../models/host-event.ts";
import type { Decision, Permission, ThreadState } from "../state/thread-state.ts";
import { decidedBy } from "./decision.ts";
import { clip, countChars, oneLine } from "./markdown/chars.ts";
import { codeBlock, escapeText, inlineCode } from "./markdown/markup.ts";
import { visibleText } from "./markdown/visible-text.ts";
import { relativePath } from "./relative-path.ts";
import { askedBy } from "./sub-agent.ts";

const MAX_PATTERN_CHARS = 120;
const MAX_PATTERNS = 3;

const DECIDED: Readonly<Record<PermissionReply | "gone", string>> = {
  once: "✅ **Allowed once**",
  always: "🔓 **Always allowed**",
  reject: "❌ **Denied**",
  gone: "⚫ **No longer asked**",
};

interface Subject {
  readonly body: string;
  readonly file: { readonly name: string; readonly text: string };
}

/** A request for permission: what is asked and how to answer, later what was decided. */
export function renderPermission(
  permission: Permission,
  state: ThreadState,
  options: RenderOptions,
): DesiredPost {
  const { request, decision } = permission;
  const isOpen = decision === undefined && state.ended === undefined;
  const head = headLines(permission, state, options).join("\n");
  const subject = subjectOf(request, state.session.directory);
  const whole = subject.body === "" ? head : `${head}\n${subject.body}`;
  const fits = countChars(whole) <= options.maxPostChars;
  return {
    key: `permission/${request.id}`,
    message: fits ? whole : `${head}\n${attachedLine(subject)}`,
    ...(!fits && { files: [subject.file] }),
    marks: isOpen ? marksOf(request) : [],
    settled: "final",
    urgency: "interactive",
  };
}

function headLines(
  { request, decision }: Permission,
  state: ThreadState,
  { project, utcOffsetMinutes }: RenderOptions,
): readonly string[] {
  const what = `**${escapeText(request.permission)}**${askedBy(request.sessionId, state)}`;
  if (decision !== undefined) return [decidedLine(decision, utcOffsetMinutes, what)];
  if (state.ended !== undefined) return [`⚫ **Not decided**, the session ended · ${what}`];
  return [`✋ **${escapeText(project)}** needs your OK: ${what}`, legend(request)];
}

function decidedLine(
  decision: Decision<PermissionReply | "gone">,
  utcOffsetMinutes: number,
  what: string,
): string {
  const who = decision.answer === "gone" ? "" : ` ${decidedBy(decision, utcOffsetMinutes)}`;
  return `${DECIDED[decision.answer]}${who} · ${what}`;
}

function legend({ always }: PermissionRequest): string {
  if (always.length === 0) return "✅ once · ❌ deny – tap, or reply yes, no, because …";
  const shown = always.slice(0, MAX_PATTERNS).map((pattern) => {
    return inlineCode(visibleText(clip(pattern, MAX_PATTERN_CHARS)));
  });
  const rest = always.length - shown.length;
  const allowed = shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
  return `✅ once · 🔓 always ${allowed} · ❌ deny – tap, or reply yes, always, no, because …`;
}

function marksOf({ always }: PermissionRequest): readonly string[] {
  return always.length === 0 ? ["white_check_mark", "x"] : ["white_check_mark", "unlock", "x"];
}

/** The whole of what is asked for; nothing of it is cut. */
function subjectOf(request: PermissionRequest, directory: string): Subject {
  const { command, diff, path, patterns } = request;
  if (command !== undefined && command !== "") {
    return { body: shown(command, "sh"), file: { name: "command.sh", text: command } };
  }
  const place = path === undefined || path === "" ? "" : relativePath(path, directory);
  if (diff !== undefined && diff !== "") {
    const block = codeBlock(visibleText(diff), "diff");
    const body = [inlineCode(visibleText(place)), block].filter(Boolean).join("\n");
    return { body, file: { name: "change.diff", text: diff } };
  }
  const text = place || patterns.join("\n");
  return { body: shown(text, ""), file: { name: "request.txt", text } };
}

/** What a permission is about, on one line. */
export function permissionInBrief(request: PermissionRequest, directory: string): string {
  const { permission, command, path, patterns } = request;
  const place = path ? relativePath(path, directory) : "";
  const subject = clip(oneLine(command || place || patterns.join(", ")), MAX_PATTERN_CHARS);
  return `**${escapeText(permission)}** ${inlineCode(visibleText(subject))}`.trim();
}

/** One line as inline code, because a code block does not wrap on a phone. */
function shown(text: string, language: string): string {
  const visible = visibleText(text);
  return visible.trim().includes("\n") ? codeBlock(visible, language) : inlineCode(visible.trim());
}

function attachedLine({ file }: Subject): string {
  const lines = file.text.trimEnd().split("\n").length;
  const size = lines > 1 ? `${lines} lines` : `${countChars(file.text)} characters`;
  return `📎 too long for a post: all of it is in \`${file.name}\` (${size})`;
}
