import { expect, test } from "bun:test";
import type { PostId } from "../../../../src/models/ids.ts";
import { createReplyMarks } from "../../../../src/thread/posting/reply-marks.ts";
import { createFakeChat, noAnswer } from "../../../support/fake-chat.ts";
import { createRecordingLogger } from "../../../support/recording-logger.ts";
import { createWatchedClock } from "../../../support/watched-clock.ts";

/** A mark is set within this. */
const SOON_MS = 200;

function setUp() {
  const clock = createWatchedClock();
  const chat = createFakeChat({ clock });
  const marks = createReplyMarks({
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
  await clock.advance(SOON_MS);
  expect(shown(id)).toEqual(["inbox_tray"]);
  const hold = chat.faults.hang("react");
  marks.want(id, "eyes");
  marks.want(id, "inbox_tray");
  marks.want(id, "eyes");
  await clock.advance(SOON_MS);
  await hold.reached;
  expect(shown(id)).toEqual(["inbox_tray"]);
  hold.release();
  await clock.advance(SOON_MS);
  expect(shown(id)).toEqual(["eyes"]);
  marks.want(id, "eyes");
  await clock.advance(SOON_MS);
  expect(chat.calls.map(({ call }) => call)).toEqual(["react", "react", "unreact"]);
  marks.want(id, undefined);
  await clock.advance(SOON_MS);
  expect(shown(id)).toEqual([]);
});

test("a wish that changes while the mark is being set", async () => {
  const { clock, chat, marks, shown } = setUp();
  const { id } = await chat.say("prompt");
  const hold = chat.faults.hang("react");
  marks.want(id, "inbox_tray");
  await clock.advance(SOON_MS);
  await hold.reached;
  marks.want(id, "eyes");
  hold.release();
  await clock.advance(SOON_MS);
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

test("a mark that fails for an hour is set after that, and keeps no other from its own", async () => {
  const { clock, chat, marks, shown } = setUp();
  const [broken, fine] = [await chat.say("one"), await chat.say("two")];
  const where = (_: unknown, postId: unknown): boolean => postId === broken.id;
  chat.faults.fail("react", noAnswer(), { times: 10_000, where });
  marks.want(broken.id, "eyes");
  marks.want(fine.id, "eyes");
  await clock.advance(10_000);
  expect(shown(fine.id)).toEqual(["eyes"]);
  await clock.advance(3_600_000);
  expect(chat.calls.length).toBeLessThan(200);
  expect(shown(broken.id)).toEqual([]);
  chat.faults.clear();
  await clock.advance(60_000);
  expect(shown(broken.id)).toEqual(["eyes"]);
  expect(clock.timers()).toBe(0);
});

test("tried for hours, then given up; a later wish begins anew", async () => {
  const { clock, chat, marks, shown } = setUp();
  const { id } = await chat.say("prompt");
  chat.faults.fail("react", noAnswer(), { times: 10_000 });
  marks.want(id, "eyes");
  await clock.advance(24 * 3_600_000);
  expect(clock.timers()).toBe(0);
  chat.faults.clear();
  marks.want(id, "eyes");
  await clock.advance(SOON_MS);
  expect(shown(id)).toEqual(["eyes"]);
});

test("of very many wishes of an outage the newest are kept", async () => {
  const { clock, chat, marks, shown } = setUp();
  const posts = [];
  for (let n = 0; n < 300; n++) posts.push(await chat.say(`prompt ${n}`));
  chat.faults.fail("react", noAnswer(), { times: 10_000 });
  for (const { id } of posts) marks.want(id, "eyes");
  await clock.advance(600_000);
  chat.faults.clear();
  await clock.advance(60_000);
  const marked = posts.filter(({ id }) => shown(id)?.length).length;
  expect(marked).toBe(200);
  expect(posts.slice(-5).map(({ id }) => shown(id))).toEqual(Array(5).fill(["eyes"]));
});
