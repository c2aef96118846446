import { expect, test } from "bun:test";
import { duration, elapsed } from "../../../src/render/duration.ts";

test.each<[ms: number, took: string, since: string]>([
  [0, "0 s", "0 s"],
  [-5, "0 s", "0 s"],
  [320, "0.3 s", "0 s"],
  [3200, "3.2 s", "3 s"],
  [3999, "4 s", "3 s"],
  [9960, "10 s", "9 s"],
  [41_400, "41 s", "41 s"],
  [59_700, "1 min", "59 s"],
  [150_000, "2 min 30 s", "2 min 30 s"],
  [3_600_000, "1 h", "1 h"],
  [3_900_000, "1 h 5 min", "1 h 5 min"],
  [93_600_000, "26 h", "26 h"],
])("%d ms: took %s, going on for %s", (ms, took, since) => {
  expect([duration(ms), elapsed(ms)]).toEqual([took, since]);
});
