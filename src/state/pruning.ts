import type { MessageId, RequestId } from "../models/ids.ts";
import type { Horizon, ThreadState, Turn } from "./thread-state.ts";

/** Ended turns whose posts are kept true: the sums of a turn come after its end. */
const TURNS_KEPT = 3;
const REQUESTS_KEPT = 20;
/** Ended turns that wait to be posted while Mattermost is away. Older ones are read from OpenCode when it is back. */
const TURNS_HELD = 20;

export interface Pruning {
  readonly turns: readonly MessageId[];
  readonly requests: readonly RequestId[];
  /** Turns that nobody has seen are among them, from here on. */
  readonly gap?: Horizon;
}

const NOTHING: Pruning = { turns: [], requests: [] };

/** How much of a state is over: only where that grows there may be more to prune. */
export const countOver = ({ turns, permissions, questions }: ThreadState): number =>
  turns.filter(isEnded).length + [...permissions, ...questions].filter((r) => r.decision).length;

/**
 * Pure. Memory stays bounded: old ended turns and decided requests leave the state, and their posts stay. `lacking`: the keys of
 * posts that are not in the thread as they should be, absent while there is no thread yet; `mayDrop`: whether turns may be dropped before they are posted.
 */
export function pruningOf(
  state: ThreadState,
  lacking: (() => readonly string[]) | undefined,
  mayDrop: boolean,
): Pruning {
  const ended = state.turns.filter(isEnded).slice(0, -TURNS_KEPT);
  const decided = [...state.permissions, ...state.questions].filter((r) => r.decision);
  const old = decided.slice(0, -REQUESTS_KEPT).map((r) => r.request.id);
  if (ended.length + old.length === 0) return NOTHING;
  const keys = lacking?.();
  const behind = ended.filter(({ id }) => keys?.some((key) => key.startsWith(id)) ?? true);
  const dropped = mayDrop ? behind.slice(0, Math.max(0, behind.length - TURNS_HELD)) : [];
  const kept = behind.slice(dropped.length);
  const [oldest] = dropped;
  return {
    turns: ended.filter((turn) => !kept.includes(turn)).map((turn) => turn.id),
    requests: old.filter((id) => !keys?.some((key) => key.split("/")[1] === id)),
    ...(oldest && { gap: { createdMs: oldest.message.createdMs - 1, id: "" } }),
  };
}

const isEnded = (turn: Turn): boolean => turn.endedMs !== undefined;
