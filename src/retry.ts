import { messageOf } from "./errors.ts";
import type { Clock, Logger } from "./ports.ts";
import { retryDelayMs } from "./post-writer.ts";

/** Tries until it works or `stopped` says so, waiting longer each time. `undefined` where it was stopped. */
export async function untilDone<T>(
  what: string,
  deps: {
    readonly clock: Clock;
    readonly logger: Logger;
    readonly stopped: () => boolean;
    /** The longest wait between two tries, in milliseconds, unless the server asks for a longer one. */
    readonly mostMs?: number;
  },
  task: () => Promise<T>,
): Promise<T | undefined> {
  for (let tries = 0; !deps.stopped(); tries++) {
    try {
      return await task();
    } catch (error) {
      const say = tries === 0 ? deps.logger.warn : deps.logger.debug;
      say(`${what} did not work yet and is tried again: ${messageOf(error)}`);
      await new Promise<void>((resolve) => {
        deps.clock.schedule(retryDelayMs(tries, error, deps.mostMs), resolve);
      });
    }
  }
  return undefined;
}
