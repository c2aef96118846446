import { messageOf } from "./errors.ts";
import type { Logger } from "./ports.ts";

/** Runs tasks one after the other, in the order in which they came. A task that fails is logged and harms no other. */
export interface Lane {
  /** Settles when this task has run. Never rejects. */
  run(what: string, task: () => Promise<void>): Promise<void>;
  /** Settles when everything enqueued so far has run. */
  idle(): Promise<void>;
}

export function createLane(logger: Logger): Lane {
  let tail: Promise<void> = Promise.resolve();
  return {
    run(what, task) {
      tail = tail.then(task).catch((error) => logger.error(`${what} failed: ${messageOf(error)}`));
      return tail;
    },
    idle: () => tail,
  };
}
