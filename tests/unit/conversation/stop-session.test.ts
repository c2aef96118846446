import { expect, test } from "bun:test";
import { stopSession } from "../../../src/conversation/stop-session.ts";
import { createThreadRuntime } from "../../../src/thread/thread-runtime.ts";
import { aSession, NOW, ROOT, reply, status, user } from "../../support/events.ts";
import { createFakeHost } from "../../support/fake-host.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";

/** A session that works on its first prompt. */
function working() {
  const clock = createManualClock(NOW);
  const host = createFakeHost();
  const logger = createRecordingLogger();
  const runtime = createThreadRuntime({
    session: aSession(),
    face: { project: "project", directory: "~/project", used: true },
    horizonMs: 0,
    isMine: async () => true,
    clock,
    logger,
    onChange: () => undefined,
    onGap: () => undefined,
    onOwed: () => undefined,
  });
  const happens = (...events: Parameters<typeof runtime.apply>[0][]): void => {
    for (const event of events) runtime.apply(event);
  };
  happens(user("u1", 0), status("busy"), reply("a1", "u1"));
  return { clock, host, happens, stop: () => stopSession({ runtime, host, clock, logger }) };
}

test("a session that stops is told once", async () => {
  const { host, clock, happens, stop } = working();
  await stop();
  happens(status("idle"));
  await clock.advance(60_000);
  expect(host.aborted).toEqual([ROOT]);
  expect(clock.pending()).toBe(0);
});

test("one that goes on is told again, until it stops", async () => {
  const { host, clock, happens, stop } = working();
  await stop();
  await clock.advance(600);
  expect(host.aborted).toHaveLength(2);
  happens(status("idle"));
  await clock.advance(60_000);
  expect(host.aborted).toHaveLength(2);
});

test("one that cannot be stopped is not told for ever", async () => {
  const { host, clock, stop } = working();
  await stop();
  await clock.advance(600_000);
  expect(host.aborted).toHaveLength(5);
});

test("what was prompted after the stop is not stopped", async () => {
  const { host, clock, happens, stop } = working();
  await stop();
  happens(status("idle"), user("u2", 9), status("busy"), reply("a2", "u2"));
  await clock.advance(60_000);
  expect(host.aborted).toEqual([ROOT]);
});
