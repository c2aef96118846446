import { ChatError } from "../errors.ts";
import type { Clock, Urgency } from "../ports.ts";

/** More waiting requests than this are refused: their senders try again with newer contents. */
const MAX_WAITING = 2_000;

/**
 * One token bucket for all requests of a process to one server. Where it is empty, what a person waits for goes first;
 * among equals, who came first.
 */
export interface RateBudget {
  /** Resolves when a request may be sent. Rejects with `limited` where too many wait already. */
  take(urgency: Urgency): Promise<void>;
  /** The server said "not now": nobody sends anything for so long. */
  pause(delayMs: number): void;
}

const ORDER: readonly Urgency[] = ["interactive", "normal", "cosmetic"];

export function createRateBudget(options: {
  readonly clock: Clock;
  readonly perSecond: number;
  readonly burst: number;
}): RateBudget {
  const { clock, perSecond, burst } = options;
  const queues: Record<Urgency, (() => void)[]> = { interactive: [], normal: [], cosmetic: [] };
  let tokens = burst;
  let filledMs = clock.now();
  let pausedUntilMs = 0;
  let timerSet = false;

  const waiting = (): number => ORDER.reduce((sum, urgency) => sum + queues[urgency].length, 0);

  function refill(): void {
    const now = clock.now();
    tokens = Math.min(burst, tokens + ((now - filledMs) * perSecond) / 1000);
    filledMs = now;
  }

  function drain(): void {
    refill();
    while (waiting() > 0) {
      const delayMs = delay();
      if (delayMs > 0) {
        wakeIn(delayMs);
        return;
      }
      tokens -= 1;
      const urgency = ORDER.find((u) => queues[u].length > 0);
      if (urgency) queues[urgency].shift()?.();
    }
  }

  function delay(): number {
    const pauseMs = pausedUntilMs - clock.now();
    const fillMs = tokens >= 1 ? 0 : ((1 - tokens) * 1000) / perSecond;
    return Math.max(pauseMs, fillMs, 0);
  }

  function wakeIn(delayMs: number): void {
    if (timerSet) return;
    timerSet = true;
    clock.schedule(Math.ceil(delayMs), () => {
      timerSet = false;
      drain();
    });
  }

  return {
    take(urgency) {
      if (waiting() >= MAX_WAITING) {
        return Promise.reject(
          new ChatError("too many requests to Mattermost wait already", {
            kind: "limited",
            retryAfterMs: 5_000,
          }),
        );
      }
      return new Promise((resolve) => {
        queues[urgency].push(resolve);
        drain();
      });
    },
    pause(delayMs) {
      pausedUntilMs = Math.max(pausedUntilMs, clock.now() + delayMs);
    },
  };
}
