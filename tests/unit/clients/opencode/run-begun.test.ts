// When a session of OpenCode 1 may be stopped.
import { expect, test } from "bun:test";
import { createRunBegun } from "../../../../src/clients/opencode/run-begun.ts";
import type { StoredMessage } from "../../../../src/models/host-event.ts";
import { asMessageId, asSessionId } from "../../../../src/models/ids.ts";
import { createManualClock } from "../../../support/manual-clock.ts";

const SESSION = asSessionId("ses_1");
const OTHER = asSessionId("ses_2");

function directory() {
  const clock = createManualClock();
  const stored = new Map([[SESSION, [] as StoredMessage[]]]);
  let reads = 0;
  let answers: Promise<void> = Promise.resolve();
  const begun = createRunBegun(async (id) => {
    reads++;
    await answers;
    return stored.get(id) ?? [];
  }, clock);
  const add = (role: "user" | "assistant", createdMs: number, id = SESSION): void => {
    const message = { id: asMessageId(`msg_${createdMs}`), createdMs };
    const answer = { parentId: asMessageId("msg_0"), continues: false, finished: false };
    const costs = { isSummary: false, model: "script", costUsd: 0, contextTokens: 0 };
    const entry: StoredMessage =
      role === "user"
        ? { role, message, parts: [] }
        : { role, message: { ...message, ...answer, ...costs }, parts: [] };
    stored.set(id, [...(stored.get(id) ?? []), entry]);
  };
  return {
    clock,
    add,
    reads: () => reads,
    hang: () => {
      answers = new Promise(() => undefined);
    },
    fail: () => {
      answers = Promise.reject(new Error("not now"));
    },
    /** Asks to stop; the result says whether that may be done by now. */
    stop(id = SESSION) {
      let may = false;
      void begun(id).then(() => {
        may = true;
      });
      return () => may;
    },
  };
}

test("the directory's first run is stopped once its answer has begun, not before", async () => {
  const { clock, add, stop } = directory();
  add("user", clock.now());
  const may = stop();
  await clock.advance(1_000);
  expect(may()).toBe(false);
  add("assistant", clock.now());
  await clock.advance(20);
  expect(may()).toBe(true);
  expect(clock.pending()).toBe(0);
});

test("after that every session of the directory is stopped at once", async () => {
  const { clock, add, stop, reads } = directory();
  add("user", clock.now());
  add("assistant", clock.now());
  add("user", clock.now(), OTHER);
  const first = stop();
  await clock.advance(0);
  expect(first()).toBe(true);
  const before = reads();
  const second = stop(OTHER);
  await clock.advance(0);
  expect(second()).toBe(true);
  expect(reads()).toBe(before);
});

test("what was answered before the directory was opened says nothing", async () => {
  const { clock, add, stop } = directory();
  add("user", clock.now() - 2);
  add("assistant", clock.now() - 1);
  add("user", clock.now());
  const may = stop();
  await clock.advance(100);
  expect(may()).toBe(false);
});

test("a run that does not begin, and one that cannot be looked at, are stopped all the same", async () => {
  const late = directory();
  const may = late.stop();
  await late.clock.advance(5_020);
  expect(may()).toBe(true);

  const hung = directory();
  hung.hang();
  const mayToo = hung.stop();
  await hung.clock.advance(5_000);
  expect(mayToo()).toBe(true);

  const failing = directory();
  failing.fail();
  const atOnce = failing.stop();
  await failing.clock.advance(0);
  expect(atOnce()).toBe(true);
});
