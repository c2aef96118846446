import { expect, test } from "bun:test";
import { backoffMs } from "../../../../src/clients/mattermost/backoff.ts";

test("the wait doubles from a second to a minute, and at most half of it is taken off", () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 7, 1_000_000].map((attempt) => backoffMs(attempt, 1));
  expect(longest).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60].map((seconds) => seconds * 1_000));
  const shortest = [0, 1, 6, 1_000_000].map((attempt) => backoffMs(attempt, 0));
  expect(shortest).toEqual([500, 1_000, 30_000, 30_000]);
});
