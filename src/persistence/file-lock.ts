import { StoreError } from "../errors.ts";
import { createProcessLock } from "./process-lock.ts";

/** The lock around one read–merge–write. */
export interface FileLock {
  /**
   * Runs `work` while no one else runs theirs, in this process or another, and settles as it does. In one process: in the
   * order of the calls. Rejects with `StoreError` `locked` where the turn has not come in time, `work` then not begun.
   */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** How waiting is done; tests bring one that does not wait. Keeps the process alive: a change under way is worth it. */
export interface Waiting {
  now(): number;
  sleep(ms: number): Promise<void>;
}

const REAL: Waiting = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** Looked at this often, at random, never rarer: who waits longest would otherwise come last. */
const POLL_MS = { least: 2, most: 20 };
/** Between two turns of one process the door stays open this long, so that a busy one does not shut the others out. */
const DOOR_OPEN_MS = 1;

export function createFileLock(options: {
  readonly path: string;
  readonly withinMs?: number;
  readonly waiting?: Waiting;
}): FileLock {
  const { path, withinMs = 10_000, waiting = REAL } = options;
  const lock = createProcessLock(path);
  let last: Promise<unknown> = Promise.resolve();
  let openedAtMs = Number.NEGATIVE_INFINITY;

  async function turn<Result>(work: () => Promise<Result>, untilMs: number): Promise<Result> {
    if (waiting.now() - openedAtMs < DOOR_OPEN_MS) await waiting.sleep(DOOR_OPEN_MS);
    while (!lock.tryAcquire()) {
      if (waiting.now() >= untilMs) throw stuck(path, withinMs);
      await waiting.sleep(POLL_MS.least + Math.random() * (POLL_MS.most - POLL_MS.least));
    }
    try {
      return await work();
    } finally {
      lock.release();
      openedAtMs = waiting.now();
    }
  }

  return {
    run(work) {
      const untilMs = waiting.now() + withinMs;
      const mine = last.then(() => turn(work, untilMs));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

function stuck(path: string, withinMs: number): StoreError {
  const message =
    `Another process has held ${path} for ${withinMs / 1000} s. ` +
    "If this goes on, look for an OpenCode process that hangs and end it.";
  return new StoreError(message, { kind: "locked" });
}
