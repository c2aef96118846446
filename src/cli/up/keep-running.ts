import { messageOf } from "../../errors.ts";
import type { Clock } from "../../ports.ts";

/** Something that runs until it ends or is stopped. */
interface Runs {
  /** Settles when it has ended, with the words for how. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** What has run so long had no trouble at its start. */
const STEADY_AFTER_MS = 60_000;

/**
 * Starts it again whenever it has ended, and pauses longer each time that it does not last. Resolves when `stopping` has aborted
 * and it has been stopped. Rejects with what went wrong where it does not even start the first time.
 */
export async function keepRunning<R extends Runs>(deps: {
  /** Rejects where it does not start. */
  readonly start: () => Promise<R>;
  /** Called each time that it has started. Never rejects. */
  readonly started: (running: R) => Promise<void>;
  readonly say: (line: string) => void;
  readonly clock: Clock;
  readonly stopping: AbortSignal;
}): Promise<void> {
  const { start, started, say, clock, stopping } = deps;
  let pauseMs = FIRST_PAUSE_MS;

  /** How it ended; `undefined` where it was stopped. */
  async function runOnce(): Promise<string | undefined> {
    const running = await start();
    void started(running);
    const end = await Promise.race([aborted(stopping), running.ended]);
    if (end !== undefined) return end;
    await running.stop();
    return undefined;
  }

  for (let tries = 1; !stopping.aborted; tries++) {
    const sinceMs = clock.now();
    const end = await runOnce().catch((error: unknown) => {
      if (tries === 1) throw error;
      return messageOf(error);
    });
    if (end === undefined) return;
    if (clock.now() - sinceMs >= STEADY_AFTER_MS) pauseMs = FIRST_PAUSE_MS;
    say(`OpenCode has stopped (${end}). It is started again in ${pauseMs / 1000} s.`);
    await pause(clock, pauseMs, stopping);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }
}

export function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

async function pause(clock: Clock, delayMs: number, stopping: AbortSignal): Promise<void> {
  let cancel = (): void => undefined;
  const over = new Promise<void>((resolve) => {
    cancel = clock.schedule(delayMs, resolve);
  });
  await Promise.race([aborted(stopping), over]);
  cancel();
}
