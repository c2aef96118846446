import { expect, test } from "bun:test";
import type { PostId } from "../../src/models/ids.ts";
import { createPromptMarks } from "../../src/prompt-marks.ts";
import { createFakeChat, noAnswer } from "../support/fake-chat.ts";
import { createRecordingLogger } from "../support/recording-logger.ts";
import { createWatchedClock } from "./core/watched-clock.ts";

function setUp() {
  const clock = createWatchedClock();
  const chat = createFakeChat({ clock });
  const marks = createPromptMarks({
    chat,
    clock,
    logger: createRecordingLogger(),
    me: chat.bot.id,
  });
  const shown = (id: PostId) =>
    chat
      .posts()
      .find((post) => post.id === id)
      ?.reactions.map((r) => r.emoji);
  return { clock, chat, marks, shown };
}

test("the newest wish wins, and the old mark goes after the new one is there", async () => {
  const { clock, chat, marks, shown } = setUp();
  const { id } = await chat.say("prompt");
  marks.want(id, "inbox_tray");
  await clock.advance(0);
  expect(shown(id)).toEqual(["inbox_tray"]);
  const hold = chat.faults.hang("react");
  marks.want(id, "eyes");
  marks.want(id, "inbox_tray");
  marks.want(id, "eyes");
  await hold.reached;
  expect(shown(id)).toEqual(["inbox_tray"]);
  hold.release();
  await clock.advance(0);
  expect(shown(id)).toEqual(["eyes"]);
  marks.want(id, "eyes");
  await clock.advance(0);
  expect(chat.calls.map(({ call }) => call)).toEqual(["react", "react", "unreact"]);
  marks.want(id, undefined);
  await clock.advance(0);
  expect(shown(id)).toEqual([]);
});

test("a wish that changes while the mark is being set", async () => {
  const { clock, chat, marks, shown } = setUp();
  const { id } = await chat.say("prompt");
  const hold = chat.faults.hang("react");
  marks.want(id, "inbox_tray");
  await hold.reached;
  marks.want(id, "eyes");
  hold.release();
  await clock.advance(0);
  expect(shown(id)).toEqual(["eyes"]);
});

test("a post that takes no mark keeps no other from its own, and is not asked in a loop", async () => {
  const { clock, chat, marks, shown } = setUp();
  const gone = await chat.say("deleted");
  const { id } = await chat.say("prompt");
  await chat.as("alice").deletePost(gone.id);
  for (let n = 0; n < 5; n++) {
    marks.want(gone.id, "eyes");
    marks.want(id, "eyes");
    await clock.advance(1_000);
  }
  expect(shown(id)).toEqual(["eyes"]);
  expect(chat.calls).toHaveLength(2);
});

test("tried again for a while, then given up; a later wish begins anew", async () => {
  const { clock, chat, marks, shown } = setUp();
  const { id } = await chat.say("prompt");
  chat.faults.fail("react", noAnswer(), { times: 3 });
  marks.want(id, "eyes");
  await clock.advance(10_000);
  expect(shown(id)).toEqual(["eyes"]);
  const other = await chat.say("another");
  chat.faults.fail("react", noAnswer(), { times: 99 });
  marks.want(other.id, "eyes");
  await clock.advance(3_600_000);
  expect(clock.timers()).toBe(0);
  chat.faults.clear();
  marks.want(other.id, "eyes");
  await clock.advance(0);
  expect(shown(other.id)).toEqual(["eyes"]);
});
