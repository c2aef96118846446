import type { Clock } from "../../src/ports.ts";
import { createManualClock } from "./manual-clock.ts";

/** A manual clock that tells how many timers wait, and whose time of day can be put wrong. */
export interface WatchedClock extends Clock {
  advance(ms: number): Promise<void>;
  timers(): number;
  /** The time of day changes by so much; no timer runs for that. */
  shift(ms: number): void;
}

export function createWatchedClock(): WatchedClock {
  const clock = createManualClock(1_700_000_000_000);
  const waiting = new Set<() => void>();
  let shiftedMs = 0;
  return {
    now: () => clock.now() + shiftedMs,
    advance: (ms) => clock.advance(ms),
    schedule(delayMs, task) {
      const run = (): void => {
        waiting.delete(run);
        task();
      };
      waiting.add(run);
      const cancel = clock.schedule(delayMs, run);
      return () => {
        waiting.delete(run);
        cancel();
      };
    },
    timers: () => waiting.size,
    shift(ms) {
      shiftedMs += ms;
    },
  };
}
