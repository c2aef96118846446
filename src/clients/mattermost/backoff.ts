const FIRST_MS = 1_000;
const MAX_MS = 60_000;

/**
 * How long to wait before the try number `attempt` (0, 1, …), in milliseconds: doubling from 1 s to 60 s, of which a
 * random half is taken off, so that many clients do not come back at once.
 */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.5 + random / 2));
}
