import { messageOf } from "../errors.ts";
import type { Clock, Logger } from "../ports.ts";

const FIRST_LOOK_MS = 3_000;
const MAX_LOOK_MS = 60_000;

/**
 * A thread that came here from a process which still lives: no event tells of the turns that run on there, nor of the replies that
 * it has taken and may yet act on, or die over. Looks soon, then less often, until nothing is open any more.
 */
export interface LookAgain {
  /** Begins anew: the next look is soon. */
  soon(): void;
  /** Something more is open: looks on, or begins to. */
  on(): void;
  stop(): void;
}

export function createLookAgain(deps: {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shows what has ended, and acts on what nobody else will. Resolves with whether something is still open. */
  readonly look: () => Promise<boolean>;
}): LookAgain {
  const { clock, logger } = deps;
  let cancelTimer: (() => void) | undefined;
  /** While it looks: what was asked for meanwhile. */
  let looking: { asked: "no" | "on" | "soon" } | undefined;
  let stopped = false;

  async function look(waitedMs: number): Promise<void> {
    const current: typeof looking = { asked: "no" };
    looking = current;
    cancelTimer = undefined;
    const isOpen = await deps.look().catch((error) => {
      logger.debug(`what another process does could not be read: ${messageOf(error)}`);
      return true;
    });
    looking = undefined;
    if (current.asked === "soon") wait(FIRST_LOOK_MS);
    else if (isOpen || current.asked === "on") wait(Math.min(waitedMs * 2, MAX_LOOK_MS));
  }

  function wait(delayMs: number): void {
    cancelTimer?.();
    if (!stopped) cancelTimer = clock.schedule(delayMs, () => void look(delayMs));
  }

  return {
    soon() {
      if (looking) looking.asked = "soon";
      else wait(FIRST_LOOK_MS);
    },
    on() {
      if (looking?.asked === "no") looking.asked = "on";
      else if (!looking && !cancelTimer) wait(FIRST_LOOK_MS);
    },
    stop() {
      stopped = true;
      cancelTimer?.();
    },
  };
}
