import type { Clock } from "../ports.ts";

/** The real time. A program that only waits for these timers does not end meanwhile. */
export const waitingClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
