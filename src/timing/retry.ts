import { ChatError, messageOf } from "../errors.ts";
import type { Clock, Logger } from "../ports.ts";

const UNAUTHORIZED_MS = 30_000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 30_000;

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

/** How long to wait before asking again, in milliseconds. */
export function retryDelayMs(attempt: number, error: unknown, mostMs = MAX_RETRY_MS): number {
  const told = error instanceof ChatError ? (error.retryAfterMs ?? floorOf(error)) : 0;
  return Math.max(told, Math.min(mostMs, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10)));
}

/** A token that is not accepted will hardly be a moment later. */
const floorOf = ({ kind }: ChatError): number => (kind === "unauthorized" ? UNAUTHORIZED_MS : 0);
