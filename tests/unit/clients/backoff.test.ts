import { expect, test } from "bun:test";
import { backoffMs } from "../../../src/clients/backoff.ts";

test.each([
  [0, 0, 500],
  [0, 1, 1_000],
  [1, 1, 2_000],
  [5, 1, 32_000],
  [6, 0, 30_000],
  [6, 1, 60_000],
  [10_000, 1, 60_000],
])("try %i with the random number %d waits %i ms", (attempt, random, expected) => {
  expect(backoffMs(attempt, random)).toBe(expected);
});
