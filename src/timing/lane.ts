import { messageOf } from "../errors.ts";
import type { Logger } from "../ports.ts";

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

/** A lane for each key: tasks of one key keep their order, those of different keys do not wait for each other. */
export interface Lanes {
  /** Settles when this task has run. Never rejects. */
  run(key: string, what: string, task: () => Promise<void>): Promise<void>;
  /** How many tasks wait or run. */
  open(): number;
  /** Settles when everything enqueued so far has run. */
  idle(): Promise<void>;
}

export function createLanes(logger: Logger): Lanes {
  const lanes = new Map<string, { readonly lane: Lane; open: number }>();
  let open = 0;
  return {
    async run(key, what, task) {
      const entry = lanes.get(key) ?? { lane: createLane(logger), open: 0 };
      lanes.set(key, entry);
      entry.open++;
      open++;
      await entry.lane.run(what, task);
      open--;
      if (--entry.open === 0) lanes.delete(key);
    },
    open: () => open,
    async idle() {
      await Promise.all([...lanes.values()].map(({ lane }) => lane.idle()));
    },
  };
}
