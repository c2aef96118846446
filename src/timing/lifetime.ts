import type { Clock } from "../ports.ts";

/** A clock that ends with what it was made for: then none of its timers runs any more, and what waits for one waits for ever. */
export interface Lifetime extends Clock {
  end(): void;
}

export function createLifetime(clock: Clock): Lifetime {
  const cancels = new Set<() => void>();
  let isOver = false;
  return {
    now: clock.now,
    schedule(delayMs, task) {
      if (isOver) return () => undefined;
      const cancelTimer = clock.schedule(delayMs, () => {
        cancels.delete(cancel);
        task();
      });
      const cancel = (): void => {
        cancels.delete(cancel);
        cancelTimer();
      };
      cancels.add(cancel);
      return cancel;
    },
    end() {
      isOver = true;
      for (const cancel of cancels) cancel();
    },
  };
}
