import type { MessageId } from "../models/ids.ts";
import type { ThreadState, Turn } from "./thread-state.ts";

/** Whether a turn is this prompt's or a later one's. Ids grow with time. */
function isFrom(turn: Turn, turns: readonly Turn[], from: MessageId): boolean {
  const at = turns.findIndex(({ id }) => id === from);
  return at < 0 ? turn.id >= from : turns.indexOf(turn) >= at;
}

/** Whether the session was taken back to before this turn, for now or for good. */
export function isUndone(turn: Turn, { session, turns }: ThreadState): boolean {
  const { undoneFrom } = session;
  return turn.removed === true || (undoneFrom !== undefined && isFrom(turn, turns, undoneFrom));
}

/** The messages are not in the session any more: their posts stay, and say so. */
export function messagesRemoved(state: ThreadState, id: MessageId, andLater: boolean): ThreadState {
  const { turns } = state;
  const isGone = (turn: Turn): boolean =>
    !turn.removed && (andLater ? isFrom(turn, turns, id) : turn.id === id);
  if (!turns.some(isGone)) return state;
  return {
    ...state,
    turns: turns.map((turn) => (isGone(turn) ? { ...turn, removed: true } : turn)),
  };
}
