import type { Clock } from "../ports.ts";

const REFRESH_EVERY_MS = 10_000;
/** Mattermost shows "is typing" for about five seconds. */
const TYPING_EVERY_MS = 4_000;

/** While a session works: the time in the first line moves on, and the typing indicator shows. */
export interface WorkClock {
  run(working: boolean): void;
  stop(): void;
}

export function createWorkClock(
  clock: Clock,
  on: { readonly refresh: () => void; readonly typing: () => void },
): WorkClock {
  let cancels: (() => void)[] = [];

  const every = (intervalMs: number, task: () => void): (() => void) => {
    let cancel = clock.schedule(intervalMs, function again() {
      cancel = clock.schedule(intervalMs, again);
      task();
    });
    return () => cancel();
  };

  const stop = (): void => {
    for (const cancel of cancels) cancel();
    cancels = [];
  };

  return {
    run(working) {
      if (working === cancels.length > 0) return;
      if (!working) return stop();
      cancels = [every(REFRESH_EVERY_MS, on.refresh), every(TYPING_EVERY_MS, on.typing)];
      on.typing();
    },
    stop,
  };
}
