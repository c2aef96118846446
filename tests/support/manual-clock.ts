import type { Clock } from "../../src/ports.ts";

/** Time that passes only when told to. */
export interface ManualClock extends Clock {
  /**
   * Lets `ms` pass: runs what falls due, in the order of its time, also what the tasks themselves schedule, and lets
   * promises settle before, between and after. Rejects with what a task throws.
   */
  advance(ms: number): Promise<void>;
  /** How many tasks wait. */
  pending(): number;
  /** When the next task is due, in Unix milliseconds; `undefined` where none waits. */
  nextDueMs(): number | undefined;
}

interface Task {
  readonly dueMs: number;
  readonly run: () => void;
}

export function createManualClock(startMs = 1_700_000_000_000): ManualClock {
  let nowMs = startMs;
  const tasks = new Set<Task>();

  /** The earliest; among equals, who was scheduled first. */
  const next = (): Task | undefined => {
    let first: Task | undefined;
    for (const task of tasks) if (!first || task.dueMs < first.dueMs) first = task;
    return first;
  };

  return {
    now: () => nowMs,
    schedule(delayMs, run) {
      const task = { dueMs: nowMs + Math.max(0, delayMs), run };
      tasks.add(task);
      return () => void tasks.delete(task);
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let task = next(); task && task.dueMs <= untilMs; task = next()) {
        tasks.delete(task);
        nowMs = Math.max(nowMs, task.dueMs);
        task.run();
        await settle();
      }
      nowMs = Math.max(nowMs, untilMs);
    },
    pending: () => tasks.size,
    nextDueMs: () => next()?.dueMs,
  };
}

/** Resolves after every promise that can settle by itself has done so. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
