import { expect, test } from "bun:test";
import { asInstanceId } from "../../../src/models/ids.ts";
import { standingOf } from "../../../src/thread/standing.ts";

const A = asInstanceId("a");
const B = asInstanceId("b");

test.each([
  ["given back or called lost", undefined, true, "nobody"],
  ["this process's", A, true, "mine"],
  ["this process's, though its own lock cannot be seen", A, false, "mine"],
  ["another live process's", B, true, "theirs"],
  ["a dead process's", B, false, "deserted"],
] as const)("a thread that is %s", (_, owner, isAlive, standing) => {
  expect(standingOf({ owner }, { instanceId: A, isAlive: () => isAlive })).toBe(standing);
});
