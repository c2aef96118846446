/** The screen is not there sooner on the fastest machine. */
const LEAST_MS = 3_000;
/** Measured: half as long as OpenCode took to load the plugin, and seldom more than that. */
const OF_START = 1.5;
const MOST_MS = 15_000;
/** The screen of an OpenCode that has run for so long is up. */
const LONG_UP_MS = 60_000;

/**
 * How long after the plugin was loaded the terminal's screen is surely up, in milliseconds: a toast that comes before is lost,
 * and on a busy machine all of OpenCode's start takes longer. `loadedMs`: how long OpenCode had run then.
 */
export const screenUpAfterMs = (loadedMs: number): number =>
  loadedMs >= LONG_UP_MS ? LEAST_MS : Math.min(MOST_MS, Math.max(LEAST_MS, loadedMs * OF_START));
