import { expect, test } from "bun:test";
import { createCustomStatus } from "../../../src/gateway/custom-status.ts";
import type { SessionLine } from "../../../src/models/session-line.ts";
import { endsClean } from "../../support/ends-clean.ts";
import { NOW, ROOT } from "../../support/events.ts";
import { createFakeChat, refused, unreachable } from "../../support/fake-chat.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";

const WORKING: SessionLine = {
  id: ROOT,
  mark: "⏳",
  project: "project",
  title: "title",
  link: "",
  forMs: 0,
  needsUser: false,
  ended: false,
};

function createStatus() {
  const clock = createManualClock(NOW);
  const chat = createFakeChat({ clock });
  let sessions: readonly SessionLine[] = [];
  const status = createCustomStatus({
    chat,
    clock,
    logger: createRecordingLogger(),
    me: chat.bot.id,
    enabled: true,
    sessions: async () => sessions,
    others: async () => [],
  });
  endsClean(clock, status.stop);
  return {
    clock,
    chat,
    status,
    work(count: number) {
      sessions = Array.from({ length: count }, () => WORKING);
      status.changed();
    },
    shown: () => chat.customStatus(chat.bot.id)?.text,
    tries: () => chat.calls.filter(({ call }) => call === "setCustomStatus").length,
  };
}

test("a status that could not be set is set when the server answers again, as it is by then", async () => {
  const { clock, chat, work, shown } = createStatus();
  chat.faults.fail("setCustomStatus", unreachable(), { times: 3 });
  work(1);
  await clock.advance(1_000);
  work(2);
  await clock.advance(60_000);
  expect(shown()).toBe("2 working");
});

test("an older status that arrives late does not hide the newer one", async () => {
  const { clock, chat, work, shown } = createStatus();
  const hold = chat.faults.hang("setCustomStatus", { times: 1 });
  work(1);
  await clock.advance(1_000);
  await hold.reached;
  work(2);
  await clock.advance(60_000);
  hold.release();
  await clock.advance(60_000);
  expect(shown()).toBe("2 working");
});

test("what never works is given up until something changes", async () => {
  const { clock, chat, work, shown, tries } = createStatus();
  chat.faults.fail("setCustomStatus", unreachable(), { times: 1_000 });
  work(1);
  await clock.advance(3_600_000);
  expect(tries()).toBeLessThan(10);
  chat.faults.clear();
  work(2);
  await clock.advance(1_000);
  expect(shown()).toBe("2 working");
});

test("a server that refuses a status is not asked again", async () => {
  const { clock, chat, work, tries } = createStatus();
  chat.faults.fail("setCustomStatus", refused("api.custom_status.disabled", 501), { times: 1_000 });
  work(1);
  await clock.advance(3_600_000);
  expect(tries()).toBe(1);
});

test("nothing is set after the end", async () => {
  const { clock, chat, status, work, tries } = createStatus();
  chat.faults.fail("setCustomStatus", unreachable(), { times: 1_000 });
  work(1);
  await clock.advance(1_000);
  status.stop();
  await clock.advance(3_600_000);
  expect(tries()).toBe(1);
});
