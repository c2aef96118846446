import { messageOf } from "../../errors.ts";
import type { Clock, Logger } from "../../ports.ts";

/** A dead leader is replaced, and a dead owner noticed, within this time. */
const BEAT_MS = 3_000;

/** What one of the live processes does for all of them. */
export interface LeaderDuties {
  /** It became the leader: what was left undone before. */
  begin(): Promise<void>;
  /** Every few seconds while it is. */
  tick(): Promise<void>;
}

/** Takes the lead when nobody has it, and does the leader's duties one after the other. */
export interface Leadership {
  start(): void;
  stop(): void;
}

export function createLeadership(deps: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isLeader: () => boolean;
  /** Every process's own duty. Never rejects. */
  readonly keep: () => Promise<void>;
  readonly duties: LeaderDuties;
}): Leadership {
  const { clock, logger, duties } = deps;
  let begun = false;
  let stopped = false;
  let cancelTimer = (): void => undefined;

  async function round(): Promise<void> {
    await deps.keep();
    if (!deps.isLeader()) {
      begun = false;
    } else if (begun) {
      await duties.tick();
    } else {
      await duties.begin();
      begun = true;
    }
  }

  function next(delayMs: number): void {
    cancelTimer = clock.schedule(delayMs, () => {
      void round()
        .catch((error) => logger.warn(`a duty of the leader failed: ${messageOf(error)}`))
        .finally(() => {
          if (!stopped) next(BEAT_MS);
        });
    });
  }

  return {
    start: () => next(0),
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
