// When a toast can be seen: as late as OpenCode's start on this machine asks for, and not for ever.
import { expect, test } from "bun:test";
import { screenUpAfterMs } from "../../../src/entry/screen-up.ts";

test.each([
  ["a quick machine", 800, 3_000],
  ["a busy one takes as much longer as it took until here", 5_000, 7_500],
  ["one that hardly gets on", 40_000, 15_000],
  ["a directory that is opened while the screen is up", 3_600_000, 3_000],
])("%s", (_what, loadedMs, afterMs) => {
  expect(screenUpAfterMs(loadedMs)).toBe(afterMs);
});
