import { expect, onTestFinished } from "bun:test";
import type { ManualClock } from "./manual-clock.ts";

/** When the test is over `stop` ends what it has built; then no timer may be left. */
export function endsClean(
  clock: Pick<ManualClock, "advance"> & { readonly pending: () => number },
  stop: () => void | Promise<void>,
): void {
  onTestFinished(async () => {
    await stop();
    await clock.advance(0);
    expect(clock.pending(), "timers that are left when everything has been stopped").toBe(0);
  });
}
