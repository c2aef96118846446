import { ChatError } from "../../errors.ts";
import type { Clock, Urgency } from "../../ports.ts";

/**
 * More waiting requests of one urgency than this are refused: their senders try again with newer contents. Each urgency has
 * its own queue, so that a flood of cosmetics never keeps out what a person waits for.
 */
const MAX_WAITING = 1_000;
const REFUSED_RETRY_MS = 5_000;
/** No pause is longer, whatever the server said: a mistake of its own must not silence the bridge for a day. */
const MAX_PAUSE_MS = 300_000;

/**
 * One token bucket for all requests of a process to one server. Where it is empty, what a person waits for goes first;
 * among equals, who came first.
 */
export interface RateBudget {
  /**
   * Resolves when a request may be sent. Rejects with `limited` where too many of its urgency wait already, and where its turn
   * does not come before `beforeMs` (Unix milliseconds).
   */
  take(urgency: Urgency, beforeMs?: number): Promise<void>;
  /** The server said "not now": nobody sends anything for so long, and what was saved up is gone. */
  pause(delayMs: number): void;
}

interface Waiting {
  readonly go: () => void;
  readonly tooLate: () => void;
  readonly beforeMs: number;
}

const ORDER: readonly Urgency[] = ["interactive", "normal", "cosmetic"];

export function createRateBudget(options: {
  readonly clock: Clock;
  readonly perSecond: number;
  readonly burst: number;
}): RateBudget {
  const { clock, perSecond, burst } = options;
  const queues: Record<Urgency, Waiting[]> = { interactive: [], normal: [], cosmetic: [] };
  let tokens = burst;
  /** Up to when the bucket has been filled; in the future while paused. */
  let filledMs = clock.now();
  let seenMs = filledMs;
  let timerSet = false;

  function refill(): void {
    const now = clock.now();
    // A clock that was set back takes the pause with it; otherwise all would wait for the time to come again.
    if (now < seenMs) filledMs -= seenMs - now;
    seenMs = now;
    if (now <= filledMs) return;
    tokens = Math.min(burst, tokens + ((now - filledMs) * perSecond) / 1000);
    filledMs = now;
  }

  function drain(): void {
    refill();
    for (;;) {
      const queue = ORDER.map((urgency) => queues[urgency]).find((waiting) => waiting.length > 0);
      if (!queue) return;
      const [first] = queue;
      if (first && seenMs > first.beforeMs) {
        queue.shift();
        first.tooLate();
        continue;
      }
      const delayMs = untilNext();
      if (delayMs > 0) {
        wakeIn(delayMs);
        return;
      }
      tokens -= 1;
      queue.shift()?.go();
    }
  }

  function untilNext(): number {
    const pauseMs = Math.max(0, filledMs - seenMs);
    const fillMs = tokens >= 1 ? 0 : ((1 - tokens) * 1000) / perSecond;
    return Math.ceil(pauseMs + fillMs);
  }

  function wakeIn(delayMs: number): void {
    if (timerSet) return;
    timerSet = true;
    clock.schedule(delayMs, () => {
      timerSet = false;
      drain();
    });
  }

  return {
    take(urgency, beforeMs = Number.POSITIVE_INFINITY) {
      const queue = queues[urgency];
      if (queue.length >= MAX_WAITING) {
        return Promise.reject(
          new ChatError("too many requests to Mattermost wait already", {
            kind: "limited",
            retryAfterMs: REFUSED_RETRY_MS,
          }),
        );
      }
      return new Promise((resolve, reject) => {
        const tooLate = (): void =>
          reject(new ChatError("its time is over", { kind: "limited", retryAfterMs: 0 }));
        queue.push({ go: resolve, tooLate, beforeMs });
        drain();
      });
    },
    pause(delayMs) {
      refill();
      tokens = 0;
      filledMs = Math.max(filledMs, seenMs + Math.min(delayMs, MAX_PAUSE_MS));
    },
  };
}
