/** Streaming: from when on in a turn's age (ms) at least how long (ms) between two edits of its live post. */
const INTERVALS: readonly (readonly [fromAgeMs: number, intervalMs: number])[] = [
  [120_000, 2_000],
  [30_000, 1_000],
  [0, 250],
];

/** The share of the request rate that live edits of all threads together may take. */
const SHARE_OF_RATE = 0.75;

/**
 * The shortest time between two edits of a live post, in milliseconds. It stretches with the age of the turn, because every edit copies a row
 * in the server's database, and with the number of threads that stream, because they share one rate.
 */
export function editIntervalMs(
  turnAgeMs: number,
  streamingThreads: number,
  requestsPerSecond: number,
): number {
  const byAge = INTERVALS.find(([fromAgeMs]) => turnAgeMs >= fromAgeMs)?.[1] ?? 250;
  const byShare = (1000 * Math.max(1, streamingThreads)) / (requestsPerSecond * SHARE_OF_RATE);
  return Math.max(byAge, byShare);
}
