import type { DesiredPost, RenderOptions, UtcOffset } from "../models/desired-post.ts";
import type { PermissionReply, PermissionRequest } from "../models/host-event.ts";
import { isLookedUp } from "../state/call-input.ts";
import type { Decision, Permission, ThreadState } from "../state/thread-state.ts";
import { alwaysAllows, NO_ALWAYS, offersAlways } from "./always.ts";
import { type AskedFor, askedFor } from "./asked-for.ts";
import { decidedBy } from "./decision.ts";
import { goneWords, openUntil } from "./lapse.ts";
import { clip, countChars, oneLine } from "./markdown/chars.ts";
import { escapeText, inlineCode } from "./markdown/markup.ts";
import { visibleText } from "./markdown/visible-text.ts";
import { relativePath } from "./relative-path.ts";
import { askedBy } from "./sub-agent.ts";

const MAX_NAME_CHARS = 200;
const MAX_BRIEF_CHARS = 120;

const DECIDED: Readonly<Record<PermissionReply, string>> = {
  once: "✅ **Allowed once**",
  always: "🔓 **Always allowed**",
  reject: "❌ **Denied**",
};

const NOT_KNOWN =
  "⚠️ Not all that this call was given is known: look at OpenCode's own screen before you allow it.";

/**
 * A request for permission: what is asked and how to answer, later what was decided. None while it is being found out what the
 * call was given: nobody answers what was not shown.
 */
export function renderPermission(
  permission: Permission,
  state: ThreadState,
  options: RenderOptions,
): readonly DesiredPost[] {
  if (isLookedUp(permission)) return [];
  const { request, decision, input } = permission;
  const isOpen = decision === undefined && state.ended === undefined;
  const always = offersAlways(request, options.maxPostChars);
  const showsAlways = always && (isOpen || decision?.answer === "always");
  const asked = askedFor(request, input, state.session.directory);
  const below = [
    isUnknown(permission) ? NOT_KNOWN : asked.body === "" ? "(without input)" : "",
    showsAlways ? alwaysAllows(request) : "",
    isOpen && !always && request.always.length > 0 ? NO_ALWAYS : "",
  ];
  const head = headLines(permission, state, options, always);
  const whole = joined(...head, asked.body, ...below);
  const fits = countChars(whole) <= options.maxPostChars;
  return [
    {
      key: `permission/${request.id}`,
      message: fits ? whole : withFile(permission, asked, [head, below], options.maxPostChars),
      ...(!fits && { files: [asked.file] }),
      marks: isOpen ? ["white_check_mark", ...(always ? ["unlock"] : []), "x"] : [],
      settled: "final",
      urgency: "interactive",
    },
  ];
}

const joined = (...lines: readonly string[]): string => lines.filter(Boolean).join("\n");

/** A request that no call makes says all of it itself, as far as it says anything. */
const isUnknown = ({ request, input }: Permission): boolean =>
  request.call === undefined
    ? request.details === undefined && !saysItself(request)
    : input === "unknown";

const saysItself = ({ command, path, patterns }: Permission["request"]): boolean =>
  Boolean(command ?? path) || patterns.some((pattern) => pattern !== "*");

function withFile(
  { input }: Permission,
  asked: AskedFor,
  [head, below]: readonly [readonly string[], readonly string[]],
  maxPostChars: number,
): string {
  const isLate = input !== undefined && input !== "unknown" && input.isLate === true;
  const attached = isLate
    ? "⚠️ too long for a post, and known too late for a file: see OpenCode's own screen"
    : attachedLine(asked);
  const rest = joined(...head, attached, ...below);
  return joined(...head, asked.shortened(maxPostChars - countChars(rest) - 2), attached, ...below);
}

function attachedLine({ file }: AskedFor): string {
  const lines = file.text.trimEnd().split("\n").length;
  const size = lines > 1 ? `${lines} lines` : `${countChars(file.text)} characters`;
  return `📎 too long for a post: all of it is in \`${file.name}\` (${size})`;
}

/** What a permission is about, on one line. */
export function permissionInBrief(request: PermissionRequest, directory: string): string {
  const { command, path, patterns } = request;
  const place = path ? relativePath(path, directory) : "";
  const subject = oneLine(visibleText(command || place || patterns.join(", ")));
  return `**${nameOf(request)}** ${inlineCode(clip(subject, MAX_BRIEF_CHARS))}`.trim();
}

const nameOf = ({ permission }: PermissionRequest): string =>
  escapeText(clip(visibleText(permission), MAX_NAME_CHARS));

function headLines(
  { request, decision }: Permission,
  state: ThreadState,
  { project, utcOffsetMinutes }: RenderOptions,
  always: boolean,
): readonly string[] {
  const what = `**${nameOf(request)}**${askedBy(request.sessionId, state)}`;
  if (decision !== undefined) return [`${decided(request, decision, utcOffsetMinutes)} · ${what}`];
  if (state.ended !== undefined) return [`⚫ **Not decided**, the session ended · ${what}`];
  return [
    `✋ **${escapeText(project)}** needs your OK: ${what}`,
    [legend(always), openUntil(request, utcOffsetMinutes)].filter(Boolean).join(" · "),
  ];
}

function decided(
  request: PermissionRequest,
  decision: Decision<PermissionReply | "gone">,
  utcOffsetMinutes: UtcOffset,
): string {
  const { answer } = decision;
  if (answer === "gone") return goneWords(request, decision);
  return `${DECIDED[answer]} ${decidedBy(decision, utcOffsetMinutes)}`;
}

const legend = (always: boolean): string =>
  always
    ? "✅ once · 🔓 always · ❌ deny – tap, or reply yes, always, no, because …"
    : "✅ once · ❌ deny – tap, or reply yes, no, because …";
