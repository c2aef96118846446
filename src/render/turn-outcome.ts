import type { CutShort } from "../models/cut-short.ts";
import type { HostFailure } from "../models/host-event.ts";
import type { Outcome, TurnItem } from "../state/thread-state.ts";
import { hasFailed } from "../state/tool-call.ts";
import { duration } from "./duration.ts";
import { clip, countChars, oneLine } from "./markdown/chars.ts";
import { codeBlock, escapeText } from "./markdown/markup.ts";
import { reasonOf } from "./reason.ts";
import { thoughtRemark } from "./thought.ts";
import { turnChanges } from "./turn-changes.ts";
import { type TurnView, tookMs } from "./turn-view.ts";
import { changedFiles, counted } from "./usage.ts";

type Kind = Outcome["kind"];

const SUM_MARK: Readonly<Record<Kind, string>> = {
  done: "✓",
  continued: "✓",
  stopped: "🛑",
  skipped: "🛑",
  context: "✓",
  failed: "❌",
  "cut-short": "⚠️",
};

const MAX_REASON_CHARS = 200;
const MAX_WHOLE_REASON_CHARS = 1000;
const CONTEXT_FULL =
  /context.{0,20}(?:length|window|limit|size)|too many tokens|prompt is too long|maximum context/i;

/** `✓ 2 min 30 s · 14 tools · 1 failed`: the first line of an ended turn's work. */
export function sumLine(view: TurnView, kind: Kind, name: string): string {
  const calls = view.turn.items.flatMap((item) => (item.kind === "tool" ? [item.call] : []));
  const failed = calls.filter(hasFailed).length;
  const facts = [
    name,
    duration(tookMs(view)),
    calls.length === 0 ? "" : counted(calls.length, "tool"),
    failed === 0 ? "" : `${failed} failed`,
  ];
  return `${SUM_MARK[kind]} ${joined(...facts)}`;
}

export function compactedLine(view: TurnView): string {
  return `🗜️ **${view.project}** · conversation compacted · ${duration(tookMs(view))}`;
}

/** What came out, in the first line of the post that a push shows; below it, what to do after a failure. */
export function headline(view: TurnView, outcome: Outcome, thoughts: readonly TurnItem[]): string {
  return ifUndone(view, outcomeLine(view, outcome, thoughts));
}

/** Before the first line of a turn that the session does not have any more. */
export const ifUndone = ({ undone }: TurnView, head: string): string =>
  undone ? `↩️ undone · ${head}` : head;

function outcomeLine(view: TurnView, outcome: Outcome, thoughts: readonly TurnItem[]): string {
  const project = `**${view.project}**`;
  const time = duration(tookMs(view));
  const remark = thoughtRemark(thoughts);
  switch (outcome.kind) {
    case "failed":
      return failure(project, outcome.error);
    case "stopped":
      return joined(`🛑 ${project}`, `stopped after ${time}`, remark);
    case "skipped":
      return joined(`🛑 ${project}`, "stopped before this prompt ran", "send it again to run it");
    case "cut-short":
      return cutShort(project, time, outcome.by);
    case "done":
    case "context":
    case "continued":
      return joined(`✅ ${project}`, time, changedFiles(turnChanges(view.turn)), remark);
  }
}

const CUT_SHORT: Readonly<Record<CutShort, readonly [what: string, next: string]>> = {
  limit: ["cut off by the model's output limit", "Reply `go on` for the rest."],
  filter: [
    "cut off by the provider's content filter",
    "Say it in other words, or choose another model.",
  ],
  error: ["ended by an error at the provider", "Reply to try again."],
  silent: ["ended without an answer", "Reply to go on."],
};

function cutShort(project: string, time: string, by: CutShort): string {
  const [what, next] = CUT_SHORT[by];
  return `${joined(`⚠️ ${project}`, time, what)}\n${next}`;
}

const joined = (...parts: readonly string[]): string => parts.filter(Boolean).join(" · ");

function failure(project: string, error: HostFailure): string {
  const said = reasonOf(error.message);
  const reason = oneLine(said) || "OpenCode reported an error without a message";
  const isLong = countChars(reason) > MAX_REASON_CHARS;
  const whole = isLong ? codeBlock(clip(said.trim(), MAX_WHOLE_REASON_CHARS)) : "";
  const first = `❌ ${project} · ${escapeText(clip(reason, MAX_REASON_CHARS))}`;
  return [first, whole, nextStep(error)].filter(Boolean).join("\n");
}

function nextStep({ statusCode, message }: HostFailure): string {
  const again = "Then send the prompt again.";
  if (statusCode === 401 || statusCode === 403) {
    return `Check the provider's key, or run \`opencode auth login\` in a terminal. ${again}`;
  }
  if (statusCode === 402)
    return `Check your account at the provider, or choose another model in the terminal. ${again}`;
  if (statusCode === 429) return `Wait a little, or choose another model in the terminal. ${again}`;
  if (statusCode === 413 || CONTEXT_FULL.test(message))
    return `\`/compact\` in the terminal makes room, \`!new\` starts afresh. ${again}`;
  return "Reply to try again.";
}
