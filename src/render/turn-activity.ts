import type { ThreadState, Turn, TurnItem } from "../state/thread-state.ts";
import { isFinished } from "../state/tool-call.ts";
import { waitingFor } from "../state/waiting.ts";
import { elapsed } from "./duration.ts";
import { clip, oneLine } from "./markdown/chars.ts";
import { escapeText } from "./markdown/markup.ts";
import { lastLines } from "./markdown/terminal-output.ts";
import { reasonOf } from "./reason.ts";
import { thoughtRemark } from "./thought.ts";
import { toolAction } from "./tool-line.ts";
import { elapsedMs, type RunningView } from "./turn-view.ts";

/** How the post of a turn begins that goes on. */
export const AT_WORK = ["⏳", "🔁", "✋", "📥"] as const;

/** What a running turn does now. */
export interface Activity {
  readonly mark: (typeof AT_WORK)[number];
  readonly words: string;
  /** Whether how long the turn has been running is said too. */
  readonly timed: boolean;
  /** The last lines that the running command has printed. */
  readonly output: string;
  /** The item that `words` tell of. */
  readonly itemKey?: string;
}

const MAX_RETRY_CHARS = 160;

const QUEUED: Activity = {
  mark: "📥",
  words: "waits for the current step",
  timed: false,
  output: "",
};

const WAITING = {
  permission: "waits for your OK",
  question: "waits for your answer",
} as const;

export function activityOf(view: RunningView): Activity {
  const { state, turn } = view;
  if (activeTurn(state)?.id !== turn.id) return QUEUED;
  return retrying(view) ?? waiting(state) ?? running(view) ?? plain("⏳", idleWords(view));
}

/** `⏳ 48 s · bash npm test`; with the session's name for a post that pings. */
export function activityLine(
  activity: Activity,
  view: RunningView,
  name: string,
  thoughts: readonly TurnItem[],
): string {
  const time = activity.timed ? elapsed(elapsedMs(view)) : "";
  const parts = [name, time, activity.words, thoughtRemark(thoughts)];
  return `${activity.mark} ${parts.filter(Boolean).join(" · ")}`;
}

/** Of the turns that have not ended, the one that the model works on. */
function activeTurn({ turns }: ThreadState): Turn | undefined {
  const open = turns.filter((turn) => turn.outcome === undefined && turn.endedMs === undefined);
  return open.findLast((turn) => turn.items.length > 0 || turn.replies.length > 0) ?? open[0];
}

function plain(mark: Activity["mark"], words: string): Activity {
  return { mark, words, timed: true, output: "" };
}

function retrying({ state: { run }, now }: RunningView): Activity | undefined {
  if (run.kind !== "retry") return undefined;
  const reason = escapeText(clip(oneLine(reasonOf(run.message)), MAX_RETRY_CHARS)) || "no answer";
  const next = run.nextMs > now ? `next try in ${elapsed(run.nextMs - now + 999)}` : "trying again";
  return { mark: "🔁", words: `${reason}, ${next}`, timed: false, output: "" };
}

function waiting(state: ThreadState): Activity | undefined {
  const kind = waitingFor(state);
  return kind && plain("✋", WAITING[kind]);
}

function running(view: RunningView): Activity | undefined {
  const item = view.items.findLast(isRunningTool);
  if (item === undefined) return undefined;
  return {
    mark: "⏳",
    words: toolAction(item.call, view.state),
    timed: true,
    output: lastLines(item.call.output),
    itemKey: item.key,
  };
}

function isRunningTool(item: TurnItem): item is Extract<TurnItem, { kind: "tool" }> {
  return item.kind === "tool" && !isFinished(item.call);
}

function idleWords({ turn, items }: RunningView): string {
  const last = items.at(-1);
  const reply = turn.replies.at(-1);
  const isCompacting = reply === undefined ? turn.compaction : reply.isSummary;
  if (isCompacting && last?.kind !== "compacted" && reply?.completedMs === undefined) {
    return "compacting";
  }
  return last?.kind === "text" && !last.done ? "writing" : "thinking";
}
