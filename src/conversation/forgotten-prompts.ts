import type { MessageId } from "../models/ids.ts";
import type { Clock } from "../ports.ts";
import type { ThreadState, Turn } from "../state/thread-state.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";

/** OpenCode begins a prompt well within this time, or it has forgotten it. */
const BEGINS_WITHIN_MS = 5_000;

/**
 * OpenCode stores a prompt that comes while it winds up a failed run, and does not run it. `again` sends it once more and
 * returns whether it did; what was not, or still does not run, is told in the thread. What somebody stopped stays stopped.
 */
export function watchForgotten(
  runtime: ThreadRuntime,
  clock: Clock,
  again: (turn: MessageId) => boolean,
): void {
  const open = forgotten(runtime.state());
  if (open.length === 0) return;
  clock.schedule(BEGINS_WITHIN_MS, () => {
    const state = runtime.state();
    const still = forgotten(state).filter((turn) => open.some(({ id }) => id === turn.id));
    const sent = still.filter((turn) => !wasStopped(state, turn) && again(turn.id));
    for (const turn of still) {
      if (!sent.includes(turn)) runtime.apply({ type: "not-run", turn: turn.id });
    }
    if (sent.length > 0) watchForgotten(runtime, clock, again);
  });
}

function forgotten({ run, turns, ended }: ThreadState): readonly Turn[] {
  if (run.kind !== "idle" || ended !== undefined) return [];
  return turns.filter((turn) => turn.replies.length === 0 && turn.endedMs === undefined);
}

const wasStopped = ({ turns }: ThreadState, { message }: Turn): boolean =>
  turns.some(
    ({ outcome, endedMs = 0 }) => outcome?.kind === "stopped" && endedMs >= message.createdMs,
  );
