/** An answer that took longer says little about when it was written. */
const MOST_MS = 10_000;
/** The header `Date` leaves out what is less than a second. */
const HEADER_STEP_MS = 999;

/** The server's clock as seen from here: posts carry its times, and it may be hours off, or this machine's may. */
export interface ServerClock {
  /** Unix milliseconds, as the server counts them. */
  now(): number;
  /** The header `Date` of an answer to what was sent then. Counts until a post tells better: something on the way may write it. */
  dated(header: unknown, sentMs: number): void;
  /** The server made something at this time, for a request that was sent then. */
  made(serverMs: number, sentMs: number): void;
}

export function createServerClock(now: () => number): ServerClock {
  let aheadMs = 0;
  let isSure = false;

  /** The least difference that explains both: none where the clocks may agree. */
  function compare(earliestMs: number, latestMs: number, sentMs: number): boolean {
    const receivedMs = now();
    if (receivedMs - sentMs > MOST_MS || receivedMs < sentMs) return false;
    aheadMs = Math.max(earliestMs - receivedMs, 0) + Math.min(latestMs - sentMs, 0);
    return true;
  }

  return {
    now: () => now() + aheadMs,
    dated(header, sentMs) {
      const atMs = Date.parse(String(header));
      if (!isSure && Number.isFinite(atMs)) compare(atMs, atMs + HEADER_STEP_MS, sentMs);
    },
    made(serverMs, sentMs) {
      if (compare(serverMs, serverMs, sentMs)) isSure = true;
    },
  };
}
