import { describe, expect, test } from "bun:test";
import { createInbox } from "../../src/inbox.ts";
import type { Post } from "../../src/models/chat.ts";
import { asPostId, asSessionId, type PostId } from "../../src/models/ids.ts";
import type { ThreadSink } from "../../src/thread-sink.ts";
import { createFakeChat, noAnswer, refused } from "../support/fake-chat.ts";
import { createFakeSocket } from "../support/fake-socket.ts";
import { createRecordingLogger } from "../support/recording-logger.ts";
import { createWatchedClock } from "./core/watched-clock.ts";

async function setUp(options: { readonly withClock?: boolean; readonly empty?: boolean } = {}) {
  const clock = createWatchedClock();
  const chat = createFakeChat({ clock });
  const socket = createFakeSocket(chat);
  const elsewhere: string[] = [];
  const lock = { on: false, isOn: () => lock.on, set: (on: boolean) => void (lock.on = on) };
  const alice = chat.people["alice"];
  if (!alice) throw new Error("no alice");
  const inbox = createInbox({
    chat,
    gate: { me: chat.bot.id, owner: alice.id, channelId: chat.dm },
    logger: createRecordingLogger(),
    ...(options.withClock !== false && { clock }),
    lock,
    onElsewhere: (post) => void elsewhere.push(post.message),
  });
  if (!options.empty) await chat.say("history");
  socket.start({ event: inbox.event, state: inbox.socketState });
  socket.live();
  await clock.advance(1);
  const thread = (rootId: PostId) => {
    const got: string[] = [];
    const sink: ThreadSink = {
      sessionId: asSessionId("ses_1"),
      post: (post) => void got.push(post.message),
      reaction: (r, added) => void got.push(`${added ? "+" : "-"}${r.emoji}`),
      seen: (post) => void got.push(`own ${post.message}`),
      has: (id) => id === rootId,
      recheck: () => void got.push("recheck"),
      view: () => undefined,
    };
    return { got, unregister: inbox.register(rootId, sink) };
  };
  const bot = (message: string, rootId?: PostId): Promise<Post> =>
    chat.createPost(
      {
        channelId: chat.dm,
        message,
        props: {},
        pendingPostId: `${message}${chat.posts().length}`,
        ...(rootId && { rootId }),
      },
      "normal",
    );
  const says = async (message: string, rootId?: PostId): Promise<Post> => {
    await clock.advance(1);
    const post = await chat.say(message, rootId);
    await clock.advance(0);
    return post;
  };
  return { clock, chat, socket, inbox, elsewhere, lock, thread, bot, says };
}

describe("what enters", () => {
  test("the owner's posts: into their thread, or elsewhere", async () => {
    const { thread, bot, says, elsewhere } = await setUp();
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
    const { chat, thread, bot, socket, clock, elsewhere } = await setUp();
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
    const { chat, thread, bot, clock } = await setUp();
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
    const { chat, thread, bot, clock, elsewhere } = await setUp();
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
    const { thread, bot, says, socket } = await setUp();
    const root = await bot("card");
    const { got } = thread(root.id);
    const post = await says("once", root.id);
    for (let n = 0; n < 3; n++) socket.emit({ type: "posted", post, channelType: "D" });
    expect(got).toEqual(["once"]);
  });

  test("an edit or a deletion by the owner is no new post", async () => {
    const { chat, thread, bot, says, clock } = await setUp();
    const root = await bot("card");
    const { got } = thread(root.id);
    const post = await says("first", root.id);
    await chat.as("alice").editPost(post.id, "changed", "normal");
    await chat.as("alice").deletePost(post.id);
    await clock.advance(0);
    expect(got).toEqual(["first"]);
  });
});

test("locked: threads get nothing, the kill switch works everywhere", async () => {
  const { thread, bot, says, elsewhere, lock, chat, clock } = await setUp();
  const root = await bot("card");
  const { got } = thread(root.id);
  await says("!lock", root.id);
  expect(lock.on).toBe(true);
  await says("do it", root.id);
  await chat.as("alice").react(chat.people["alice"]?.id ?? chat.bot.id, root.id, "octagonal_sign");
  await clock.advance(0);
  expect(got).toEqual(["!lock"]);
  expect(elsewhere).toEqual(["do it"]);
  await says("!unlock");
  await says("now", root.id);
  expect(got).toEqual(["!lock", "now"]);
});

describe("a thread that is being opened", () => {
  test("gets what was written before it was there, in order, once", async () => {
    const { thread, bot, says } = await setUp();
    const root = await bot("card");
    await says("one", root.id);
    await says("two", root.id);
    const first = thread(root.id);
    expect(first.got).toEqual(["one", "two"]);
    first.unregister();
    expect(thread(root.id).got).toEqual([]);
  });

  test("does not get what another process has answered", async () => {
    const { thread, bot, says } = await setUp();
    const root = await bot("card");
    const other = await bot("another card");
    await says("for the other process", root.id);
    await says("for us", other.id);
    await bot("its answer", root.id);
    await says("later", root.id);
    expect(thread(root.id).got).toEqual(["later"]);
    expect(thread(other.id).got).toEqual(["for us"]);
  });

  test("keeps a hundred posts at the most", async () => {
    const { thread, bot, says } = await setUp();
    const root = await bot("card");
    for (let n = 0; n < 130; n++) await says(String(n), root.id);
    expect(thread(root.id).got).toHaveLength(100);
  });
});

describe("after an outage", () => {
  async function opened(options: Parameters<typeof setUp>[0] = {}) {
    const world = await setUp(options);
    const root = await world.bot("card");
    await world.clock.advance(1);
    return { ...world, root, ...world.thread(root.id) };
  }

  test("what the socket replays is not read again", async () => {
    const { socket, says, root, got, chat } = await opened();
    socket.drop();
    await says("missed", root.id);
    const before = chat.calls.length;
    socket.live(true);
    expect(got).toEqual(["missed"]);
    expect(chat.calls).toHaveLength(before);
  });

  test("what was missed comes in order, before what arrives meanwhile", async () => {
    const { socket, says, bot, clock, root, got, chat, elsewhere } = await opened();
    await says("before", root.id);
    socket.drop();
    await says("missed 1", root.id);
    await bot("of another life", root.id);
    await says("missed in main");
    await says("missed 2", root.id);
    const slow = chat.faults.hang("postsAfter", { after: true });
    socket.live();
    await slow.reached;
    await says("meanwhile", root.id);
    expect(got).toEqual(["before", "recheck"]);
    slow.release();
    await clock.advance(0);
    expect(got.slice(2)).toEqual(["missed 1", "own of another life", "missed 2", "meanwhile"]);
    expect(elsewhere).toEqual(["missed in main"]);
  });

  test("a second outage while the first gap is read loses nothing", async () => {
    const { socket, says, clock, root, got, chat } = await opened();
    socket.drop();
    await says("one", root.id);
    const slow = chat.faults.hang("postsAfter", { after: true });
    socket.live();
    await slow.reached;
    socket.drop();
    await says("two", root.id);
    socket.live();
    slow.release();
    await clock.advance(0);
    expect(got.filter((message) => message !== "recheck")).toEqual(["one", "two"]);
  });

  test("posts that cannot be read are read later, still in order", async () => {
    const { socket, says, clock, root, got, chat } = await opened();
    socket.drop();
    await says("missed", root.id);
    chat.faults.fail("postsAfter", noAnswer(), { times: 3 });
    socket.live();
    await clock.advance(600);
    await says("meanwhile", root.id);
    await clock.advance(60_000);
    expect(got.slice(1)).toEqual(["missed", "meanwhile"]);
  });

  test("without a clock they are read when the next post comes", async () => {
    const { socket, says, clock, root, got, chat } = await opened({ withClock: false });
    socket.drop();
    await says("missed", root.id);
    chat.faults.fail("postsAfter", noAnswer());
    socket.live();
    await clock.advance(60_000);
    expect(got).toEqual(["recheck"]);
    await says("meanwhile", root.id);
    expect(got).toEqual(["recheck", "missed", "meanwhile"]);
  });

  test("where the server refuses to list, what comes is still taken", async () => {
    const { socket, says, clock, root, got, chat } = await opened();
    socket.drop();
    chat.faults.fail("postsAfter", refused("api.context.permissions.app_error", 403));
    socket.live();
    await clock.advance(0);
    await says("now", root.id);
    expect(got).toEqual(["recheck", "now"]);
  });

  test("the newest post is one that the server no longer has", async () => {
    const { socket, says, clock, root, got, inbox } = await opened();
    const ghost = { ...(await says("seen", root.id)), id: asPostId("unknown-to-the-server") };
    socket.emit({ type: "posted", post: ghost, channelType: "D" });
    expect(inbox.newest()).toBe(ghost.id);
    socket.drop();
    await clock.advance(1);
    await says("missed 1", root.id);
    await says("missed 2", root.id);
    socket.live();
    await clock.advance(0);
    expect(got.slice(-3)).toEqual(["recheck", "missed 1", "missed 2"]);
  });

  test("more was missed than one page holds", async () => {
    const { socket, says, clock, root, got } = await opened();
    const ghost = { ...(await says("seen", root.id)), id: asPostId("unknown-to-the-server") };
    socket.emit({ type: "posted", post: ghost, channelType: "D" });
    socket.drop();
    const count = 450;
    for (let n = 0; n < count; n++) await says(`${n}`, root.id);
    socket.live();
    await clock.advance(0);
    expect(got.slice(-count)).toEqual(Array.from({ length: count }, (_, n) => `${n}`));
  });

  test("in a channel that was empty the first post is not lost", async () => {
    const { socket, says, clock, elsewhere } = await setUp({ empty: true });
    socket.drop();
    await says("!help");
    socket.live();
    await clock.advance(0);
    expect(elsewhere).toEqual(["!help"]);
  });

  test("at the start history is left alone", async () => {
    const { elsewhere, inbox, chat } = await setUp();
    expect(elsewhere).toEqual([]);
    expect(inbox.newest()).toBe(chat.posts().at(-1)?.id as PostId);
  });
});

test("stopped: nothing is asked any more", async () => {
  const { inbox, socket, chat, clock } = await setUp();
  socket.drop();
  chat.faults.fail("postsAfter", noAnswer(), { times: 99 });
  socket.live();
  await clock.advance(0);
  inbox.stop();
  const before = chat.calls.length;
  await clock.advance(600_000);
  expect(chat.calls).toHaveLength(before);
  expect(clock.timers()).toBe(0);
});
