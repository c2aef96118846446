import type { Verbosity } from "../models/desired-post.ts";
import type { MessageId } from "../models/ids.ts";
import type { Outcome, ThreadState, Turn, TurnItem } from "../state/thread-state.ts";
import { escapeText } from "./markdown/markup.ts";

/** A turn with all that its posts are made from. */
export interface TurnView {
  readonly turn: Turn;
  readonly state: Pick<ThreadState, "session" | "children">;
  readonly verbose: boolean;
  readonly quiet: boolean;
  /** The project's name, ready for a first line. */
  readonly project: string;
  readonly maxPostChars: number;
  /** The share of a post for what does not change with the clock; the rest is for its first lines. */
  readonly maxBodyChars: number;
  /** Absent while the turn runs. */
  readonly outcome?: Outcome;
  /** The session was taken back to before it. */
  readonly undone: boolean;
  /** What is shown at all, in order. */
  readonly items: readonly TurnItem[];
  /** `items` from here on may be the answer: the last message's, no tool after them. */
  readonly tailFrom: number;
}

/** A turn that goes on: what it does now follows from the whole state, and from the time. */
export interface RunningView extends TurnView {
  readonly state: ThreadState;
  readonly now: number;
}

/** What the posts of a turn depend on beside the turn. */
export interface TurnContext extends Pick<ThreadState, "session" | "children"> {
  readonly verbosity: Verbosity;
  readonly maxPostChars: number;
  readonly project: string;
  readonly undone: boolean;
  readonly outcome: Outcome | undefined;
}

const MAX_PREFIX_CHARS = 3000;

export function viewTurn(turn: Turn, context: TurnContext): TurnView {
  const { session, children, maxPostChars, outcome, undone } = context;
  const verbose = context.verbosity === "verbose";
  const items = turn.items.filter((item) => isShown(item, turn, verbose));
  return {
    turn,
    state: { session, children },
    verbose,
    quiet: context.verbosity === "quiet",
    project: escapeText(context.project),
    maxPostChars,
    maxBodyChars: maxPostChars - prefixChars(maxPostChars),
    ...(outcome && { outcome }),
    undone,
    items,
    tailFrom: tailStart(items),
  };
}

function prefixChars(maxPostChars: number): number {
  return Math.min(MAX_PREFIX_CHARS, Math.floor(maxPostChars / 2));
}

export function elapsedMs({ turn, now }: RunningView): number {
  return now - turn.message.createdMs;
}

/** How long an ended turn took. */
export function tookMs({ turn }: TurnView): number {
  const ended = turn.endedMs ?? turn.replies.at(-1)?.completedMs ?? turn.message.createdMs;
  return ended - turn.message.createdMs;
}

const DONE: Outcome = { kind: "done" };
const STOPPED: Outcome = { kind: "stopped" };
const SILENT: Outcome = { kind: "cut-short", by: "silent" };

/** The model wanted to go on, or said and did nothing at all: that is no success, whatever the run's end says. */
function isSilent({ replies, items, compaction, byHand }: Turn): boolean {
  const last = replies.at(-1);
  if (compaction || byHand || !last?.finished || last.isSummary) return false;
  return last.continues || items.every((item) => item.kind === "text" && item.text.trim() === "");
}

/** The session's end also ends a turn that was running. */
export function outcomeOf(turn: Turn, state: ThreadState): Outcome | undefined {
  const outcome = turn.outcome ?? (turn.endedMs === undefined ? undefined : DONE);
  if (outcome?.kind === "done" && isSilent(turn)) return SILENT;
  if (outcome !== undefined) return outcome;
  return state.ended === undefined ? undefined : STOPPED;
}

function isShown(item: TurnItem, turn: Turn, verbose: boolean): boolean {
  if (item.kind !== "text" && item.kind !== "reasoning") return true;
  if (!verbose && isSummary(turn, item.messageId)) return false;
  return item.kind === "reasoning" || item.text.trim() !== "";
}

function isSummary(turn: Turn, id: MessageId): boolean {
  return turn.replies.some((reply) => reply.id === id && reply.isSummary);
}

function tailStart(items: readonly TurnItem[]): number {
  const last = items.at(-1);
  const edge = items.findLastIndex(
    (item) =>
      item.kind === "tool" || item.kind === "compacted" || item.messageId !== last?.messageId,
  );
  return edge + 1;
}
