import type { RenderOptions } from "../models/desired-post.ts";
import type { MessageId } from "../models/ids.ts";
import type { Outcome, ThreadState, Turn, TurnItem } from "../state/thread-state.ts";
import { isUndone } from "../state/undone.ts";
import { escapeText } from "./markdown/markup.ts";

/** A turn with all that its posts are made from. */
export interface TurnView {
  readonly turn: Turn;
  readonly state: ThreadState;
  readonly now: number;
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

const MAX_PREFIX_CHARS = 3000;

export function viewTurn(
  turn: Turn,
  state: ThreadState,
  now: number,
  options: RenderOptions,
): TurnView {
  const verbose = options.verbosity === "verbose";
  const items = turn.items.filter((item) => isShown(item, turn, verbose));
  const outcome = outcomeOf(turn, state);
  return {
    turn,
    state,
    now,
    verbose,
    quiet: options.verbosity === "quiet",
    project: escapeText(options.project),
    maxPostChars: options.maxPostChars,
    maxBodyChars: options.maxPostChars - prefixChars(options.maxPostChars),
    ...(outcome && { outcome }),
    undone: isUndone(turn, state),
    items,
    tailFrom: tailStart(items),
  };
}

function prefixChars(maxPostChars: number): number {
  return Math.min(MAX_PREFIX_CHARS, Math.floor(maxPostChars / 2));
}

export function elapsedMs({ turn, now }: TurnView): number {
  return now - turn.message.createdMs;
}

/** How long an ended turn took. */
export function tookMs({ turn }: TurnView): number {
  const ended = turn.endedMs ?? turn.replies.at(-1)?.completedMs ?? turn.message.createdMs;
  return ended - turn.message.createdMs;
}

const DONE: Outcome = { kind: "done" };

/** The model wanted to go on, or said and did nothing at all: that is no success, whatever the run's end says. */
function isSilent({ replies, items, compaction, byHand }: Turn): boolean {
  const last = replies.at(-1);
  if (compaction || byHand || !last?.finished || last.isSummary) return false;
  return last.continues || items.every((item) => item.kind === "text" && item.text.trim() === "");
}

/** The session's end also ends a turn that was running. */
function outcomeOf(turn: Turn, state: ThreadState): Outcome | undefined {
  const outcome = turn.outcome ?? (turn.endedMs === undefined ? undefined : DONE);
  if (outcome?.kind === "done" && isSilent(turn)) return { kind: "cut-short", by: "silent" };
  if (outcome !== undefined) return outcome;
  return state.ended === undefined ? undefined : { kind: "stopped" };
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
