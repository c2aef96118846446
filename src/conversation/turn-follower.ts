import { messageOf } from "../errors.ts";
import type { Clock, Logger } from "../ports.ts";

const FIRST_LOOK_MS = 3_000;
const MAX_LOOK_MS = 60_000;

/** Turns that another live process runs in a session whose thread came here: their ends are read, for no event tells of them. */
export interface TurnFollower {
  /** Begins to look, soon and then less often, until nothing is open any more. */
  follow(): void;
  stop(): void;
}

export function createTurnFollower(deps: {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shows what has ended. Resolves with whether something is still open. */
  readonly look: () => Promise<boolean>;
}): TurnFollower {
  const { clock, logger } = deps;
  let cancelTimer = (): void => undefined;
  let stopped = false;

  async function look(waitedMs: number): Promise<void> {
    const isOpen = await deps.look().catch((error) => {
      logger.debug(`turns of another process could not be read: ${messageOf(error)}`);
      return true;
    });
    if (isOpen) wait(Math.min(waitedMs * 2, MAX_LOOK_MS));
  }

  function wait(delayMs: number): void {
    cancelTimer();
    if (!stopped) cancelTimer = clock.schedule(delayMs, () => void look(delayMs));
  }

  return {
    follow: () => wait(FIRST_LOOK_MS),
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
