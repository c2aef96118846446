// A prompt that OpenCode stored and forgot to run.
import { expect, test } from "bun:test";
import { watchForgotten } from "../../../src/conversation/forgotten-prompts.ts";
import type { MessageId } from "../../../src/models/ids.ts";
import { createThreadRuntime } from "../../../src/thread/thread-runtime.ts";
import { aSession, failed, NOW, reply, status, user } from "../../support/events.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";

/** A session whose idle moments are watched; `accepts` says whether a prompt can be sent once more. */
function watched(accepts = true) {
  const clock = createManualClock(NOW);
  const sent: MessageId[] = [];
  const runtime = createThreadRuntime({
    session: aSession(),
    face: { project: "project", directory: "~/project", used: true },
    horizonMs: 0,
    isMine: async () => true,
    clock,
    logger: createRecordingLogger(),
    onChange(before, after) {
      if (before.run === after.run && before.turns.length === after.turns.length) return;
      watchForgotten(runtime, clock, (turn) => {
        if (accepts) sent.push(turn);
        return accepts;
      });
    },
    onGap: () => undefined,
    onOwed: () => undefined,
  });
  const happens = (...events: Parameters<typeof runtime.apply>[0][]): void => {
    for (const event of events) runtime.apply(event);
  };
  const outcomes = () => runtime.state().turns.map(({ outcome }) => outcome?.kind);
  return { clock, sent: () => sent.map(String), happens, outcomes };
}

const RUNNING = [user("u1", 1), status("busy"), reply("a1", "u1")];

test("after a run that failed it is sent once more", async () => {
  const { clock, sent, happens } = watched();
  happens(...RUNNING, failed("provider"), status("idle"), user("u2", 2));
  await clock.advance(6_000);
  expect(sent()).toEqual(["u2"]);
});

test("written before the owner stopped the run it is not: what was stopped stays stopped", async () => {
  const { clock, sent, happens, outcomes } = watched();
  happens(...RUNNING, failed("aborted"), status("idle"), user("u2", 0));
  await clock.advance(60_000);
  expect(sent()).toEqual([]);
  expect(outcomes()).toEqual(["stopped", "skipped"]);
});

test("written after the stop it is", async () => {
  const { clock, sent, happens } = watched();
  happens(...RUNNING, failed("aborted"), status("idle"), user("u2", 1));
  await clock.advance(6_000);
  expect(sent()).toEqual(["u2"]);
});

test("one that OpenCode begins in time is left alone", async () => {
  const { clock, sent, happens } = watched();
  happens(...RUNNING, failed("provider"), status("idle"), user("u2", 2));
  await clock.advance(1_000);
  happens(status("busy"), reply("a2", "u2"));
  await clock.advance(60_000);
  expect(sent()).toEqual([]);
});

test("one that cannot be sent again is told to have not been run", async () => {
  const { clock, happens, outcomes } = watched(false);
  happens(...RUNNING, failed("provider"), status("idle"), user("u2", 2));
  await clock.advance(6_000);
  expect(outcomes()).toEqual(["failed", "skipped"]);
  expect(clock.pending()).toBe(0);
});
