// !lock and !unlock are acted on by whatever way they come.
import { describe, expect, test } from "bun:test";
import { createAskingThread } from "../support/asking-thread.ts";
import { createStreet } from "../support/several-gateways.ts";

/** A session whose thread is in Mattermost, and not open yet. */
async function createOpening() {
  const street = createStreet();
  const { chat, clock, rootOf } = street;
  const one = street.process("one");
  await one.up();
  const held = chat.faults.hang("createPost", { after: true });
  const session = one.host.open();
  await clock.advance(2_000);
  await held.reached;
  const rootId = rootOf(session.id).id;
  return {
    ...street,
    one,
    rootId,
    opens: held.release,
    async says(text: string) {
      const post = await chat.say(text, rootId);
      await clock.advance(2_000);
      return post;
    },
  };
}

describe("as the first reply in a new thread", () => {
  test("!lock is answered, and so is !unlock", async () => {
    const { clock, lock, says, opens, answersTo } = await createOpening();
    const locking = await says("!lock");
    opens();
    await clock.advance(5_000);
    expect(lock.isOn()).toBe(true);
    expect(answersTo(locking.id)).toEqual([expect.stringMatching(/^🔒 \*\*Locked\*\*/)]);
    const unlocking = await says("!unlock");
    await clock.advance(60_000);
    expect(answersTo(unlocking.id)).toEqual([expect.stringMatching(/^🔓 \*\*Unlocked\*\*/)]);
    expect(answersTo(locking.id)).toHaveLength(1);
  });

  test("!unlock is answered, and what was put off meanwhile is told", async () => {
    const { clock, lock, one, says, opens, answersTo } = await createOpening();
    lock.set(true, clock.now() - 1_000);
    const put = await says("go on");
    const unlocking = await says("!unlock");
    opens();
    await clock.advance(60_000);
    expect(lock.isOn()).toBe(false);
    expect(answersTo(unlocking.id)).toEqual([expect.stringMatching(/^🔓 \*\*Unlocked\*\*/)]);
    expect(answersTo(put.id)).toEqual([expect.stringMatching(/^🔒 /)]);
    expect(one.host.prompted.has(put.id)).toBe(false);
  });
});

test.each(["!lock", "! lock", "！lock", "!Lock", "!lock please", " !lock "])(
  "%j while nothing hears it is acted on once it is found",
  async (words) => {
    const street = createStreet();
    const { chat, clock, lock, answersTo } = street;
    const one = street.process("one");
    await one.up();
    const { rootId } = await one.open();
    one.socket.drop();
    await clock.advance(1_000);
    const there = await chat.say(words, rootId);
    await clock.advance(20 * 60_000);
    one.socket.live();
    await clock.advance(10_000);
    expect(lock.isOn()).toBe(true);
    expect(answersTo(there.id)).toEqual([expect.stringMatching(/^🔒 \*\*Locked\*\*/)]);
  },
);

test("in a thread that is no session's they are answered as what they are", async () => {
  const { chat, clock, lock, process, answersTo } = createStreet();
  await process("one").up();
  const status = await chat.say("!status");
  await clock.advance(2_000);
  for (const [words, mark, isOn] of [
    ["!lock", "🔒", true],
    ["!unlock", "🔓", false],
  ] as const) {
    const post = await chat.say(words, status.id);
    await clock.advance(2_000);
    expect(answersTo(post.id)).toEqual([expect.stringContaining(mark)]);
    expect(lock.isOn()).toBe(isOn);
  }
});

test("a ✅ tapped while it is locked does nothing at !unlock: I am told to tap again", async () => {
  const { clock, lock, ask, tap, tapUnheard, recheck, given, answers } = await createAskingThread();
  await ask("per_1", "rm -rf build");
  lock.set(true, clock.now());
  await clock.advance(1_000);
  await tap("permission/per_1", "white_check_mark");
  await clock.advance(1_000);
  lock.set(false, clock.now());
  recheck();
  await clock.advance(60_000);
  expect(given()).toEqual([]);
  expect(answers().filter((text) => /was not done/.test(text))).toHaveLength(1);
  await tapUnheard("permission/per_1", "white_check_mark", false);
  await tap("permission/per_1", "white_check_mark");
  await clock.advance(1_000);
  expect(given()).toEqual([["per_1", "once"]]);
});
