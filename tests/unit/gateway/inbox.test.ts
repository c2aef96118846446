import { describe, expect, test } from "bun:test";
import { asPostId } from "../../../src/models/ids.ts";
import { createInboxWorld } from "../../support/inbox-world.ts";

describe("what enters", () => {
  test("the owner's posts: into their thread, or elsewhere", async () => {
    const { thread, bot, says, elsewhere } = await createInboxWorld();
    const root = await bot("card");
    const { got, unregister } = thread(root.id);
    await says("hello", root.id);
    await says("!status");
    unregister();
    await says("anyone?", root.id);
    expect(got).toEqual(["hello"]);
    expect(elsewhere).toEqual(["!status", "anyone?"]);
  });

  test("nobody else's, from no other channel", async () => {
    const { chat, thread, bot, socket, clock, elsewhere } = await createInboxWorld();
    const root = await bot("card");
    const { got } = thread(root.id);
    const mallory = chat.as("mallory");
    const post = { channelId: chat.dm, rootId: root.id, message: "rm -rf", props: {} };
    await mallory.createPost({ ...post, pendingPostId: "1" }, "normal");
    await mallory.react(chat.people["mallory"]?.id ?? chat.bot.id, root.id, "octagonal_sign");
    const owners = await chat.say("hi");
    const channelId = await chat.directChannel(
      chat.bot.id,
      chat.people["mallory"]?.id ?? chat.bot.id,
    );
    const other = { ...owners, id: asPostId("other"), channelId, rootId: root.id };
    socket.emit({ type: "posted", post: other, channelType: "D" });
    await clock.advance(0);
    expect(got).toEqual([]);
    expect(elsewhere).toEqual(["hi"]);
  });

  test("the owner's reactions, the bot's own ones not", async () => {
    const { chat, thread, bot, clock } = await createInboxWorld();
    const root = await bot("card");
    const { got } = thread(root.id);
    const alice = chat.people["alice"]?.id ?? chat.bot.id;
    await chat.react(chat.bot.id, root.id, "white_check_mark");
    await chat.as("alice").react(alice, root.id, "octagonal_sign");
    await chat.as("alice").unreact(root.id, "octagonal_sign");
    await chat.as("alice").react(alice, (await bot("elsewhere")).id, "octagonal_sign");
    await clock.advance(0);
    expect(got).toEqual(["+octagonal_sign", "-octagonal_sign"]);
  });

  test("the bot's own posts and edits only as a sight of them", async () => {
    const { chat, thread, bot, clock, elsewhere } = await createInboxWorld();
    const root = await bot("card");
    const { got } = thread(root.id);
    const reply = await bot("!help yes", root.id);
    await chat.editPost(root.id, "card 2", "normal");
    await chat.editPost(reply.id, "no", "normal");
    await bot("!status");
    await clock.advance(0);
    expect(got).toEqual(["own !help yes", "own card 2", "own no"]);
    expect(elsewhere).toEqual([]);
  });

  test("each post once, however often it is delivered", async () => {
    const { thread, bot, says, socket } = await createInboxWorld();
    const root = await bot("card");
    const { got } = thread(root.id);
    const post = await says("once", root.id);
    for (let n = 0; n < 3; n++) socket.emit({ type: "posted", post, channelType: "D" });
    expect(got).toEqual(["once"]);
  });

  test("an edit or a deletion by the owner is no new post", async () => {
    const { chat, thread, bot, says, clock } = await createInboxWorld();
    const root = await bot("card");
    const { got } = thread(root.id);
    const post = await says("first", root.id);
    await chat.as("alice").editPost(post.id, "changed", "normal");
    await chat.as("alice").deletePost(post.id);
    await clock.advance(0);
    expect(got).toEqual(["first", "edited changed", "deleted changed"]);
  });

  test("edits and deletions by anybody else are nobody's", async () => {
    const { chat, thread, bot, elsewhere, clock, socket } = await createInboxWorld();
    const root = await bot("card");
    const { got } = thread(root.id);
    const mallory = chat.people["mallory"];
    if (!mallory) throw new Error("There is no mallory.");
    const post = { ...root, id: asPostId("other"), rootId: root.id, userId: mallory.id };
    socket.emit({ type: "edited", post });
    socket.emit({ type: "post-deleted", post: { ...post, deleted: true } });
    await clock.advance(0);
    expect([...got, ...elsewhere]).toEqual([]);
  });
});

test("locked: threads get nothing, the kill switch works everywhere", async () => {
  const { thread, bot, says, elsewhere, lock, chat, clock } = await createInboxWorld();
  const root = await bot("card");
  const { got } = thread(root.id);
  await says("!lock", root.id);
  expect(lock.on).toBe(true);
  await says("do it", root.id);
  await chat.as("alice").react(chat.people["alice"]?.id ?? chat.bot.id, root.id, "octagonal_sign");
  await clock.advance(0);
  await chat.as("alice").unreact(root.id, "octagonal_sign");
  await clock.advance(0);
  expect(got).toEqual(["!lock", "refused octagonal_sign", "-octagonal_sign"]);
  expect(elsewhere).toEqual(["do it"]);
  await says("!unlock");
  await says("now", root.id);
  expect(got.slice(3)).toEqual(["recheck", "now"]);
});

test("locked: what was written before that still goes to its thread, and waits for its turn there", async () => {
  const { thread, bot, chat, lock, socket, clock } = await createInboxWorld();
  const root = await bot("card");
  const { got } = thread(root.id);
  socket.drop();
  await chat.say("from before", root.id);
  await clock.advance(10);
  lock.set(true, clock.now());
  socket.live();
  await clock.advance(0);
  expect(got).toEqual(["recheck", "from before"]);
});

describe("a thread that is being opened", () => {
  test("is told once that something was written before it was there", async () => {
    const { thread, bot, says } = await createInboxWorld();
    const root = await bot("card");
    const other = await bot("another card");
    await says("one", root.id);
    await says("two", root.id);
    const first = thread(root.id);
    expect(first.got).toEqual(["missed"]);
    first.unregister();
    expect(thread(root.id).got).toEqual([]);
    expect(thread(other.id).got).toEqual([]);
  });

  test("is not told any more once a hundred other threads were written in", async () => {
    const { thread, bot, says } = await createInboxWorld();
    const roots: Awaited<ReturnType<typeof bot>>[] = [];
    for (let n = 0; n < 101; n++) roots.push(await bot(`card ${n}`));
    for (const { id } of roots) await says("hello", id);
    const [first, second] = roots;
    if (!first || !second) throw new Error("no roots");
    expect(thread(first.id).got).toEqual([]);
    expect(thread(second.id).got).toEqual(["missed"]);
  });
});
