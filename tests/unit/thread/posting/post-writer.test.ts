import { describe, expect, test } from "bun:test";
import type { NewPost } from "../../../../src/models/chat.ts";
import { asPostId, asSessionId } from "../../../../src/models/ids.ts";
import { readPostMark } from "../../../../src/models/post-mark.ts";
import type { ChatPort } from "../../../../src/ports.ts";
import { createPostWriter, type KeyedPost } from "../../../../src/thread/posting/post-writer.ts";
import { endsClean } from "../../../support/ends-clean.ts";
import {
  createFakeChat,
  limited,
  noAnswer,
  refused,
  refusedToken,
  unreachable,
} from "../../../support/fake-chat.ts";
import { createRecordingLogger } from "../../../support/recording-logger.ts";
import { createWatchedClock } from "../../../support/watched-clock.ts";

const MINUTE_MS = 60_000;

function setUp() {
  const clock = createWatchedClock();
  const chat = createFakeChat({ clock });
  const writer = createPostWriter({
    chat,
    clock,
    logger: createRecordingLogger(),
    me: chat.bot.id,
  });
  endsClean({ advance: clock.advance, pending: clock.timers }, writer.stop);
  const aPost = (key: string, about: Partial<KeyedPost> = {}): KeyedPost => ({
    channelId: chat.dm,
    mark: { key, session_id: asSessionId("ses_1"), machine_id: "machine" },
    message: key,
    urgency: "normal",
    ...about,
  });
  const made = () =>
    chat
      .posts()
      .filter((post) => !post.deleted)
      .map((post) => post.message);
  const pendingIds = () =>
    chat.calls
      .filter(({ call }) => call === "createPost")
      .map(({ args }) => (args[0] as NewPost).pendingPostId);
  return { clock, chat, writer, aPost, made, pendingIds };
}

test("a post is made once, with its mark", async () => {
  const { writer, aPost, made, chat } = setUp();
  const result = await writer.write(aPost("a"));
  if (result.kind !== "written") throw new Error(result.kind);
  expect(made()).toEqual(["a"]);
  expect(readPostMark(result.post.props)).toMatchObject({ v: 1, key: "a", session_id: "ses_1" });
  expect(chat.calls.map(({ call }) => call)).toEqual(["createPost"]);
});

describe("no answer", () => {
  test("though it was done: the same request gives the same post", async () => {
    const { clock, chat, writer, aPost, made, pendingIds } = setUp();
    chat.faults.fail("createPost", noAnswer(), { after: true, times: 3 });
    const result = writer.write(aPost("a"));
    await clock.advance(MINUTE_MS);
    expect(await result).toMatchObject({ kind: "written", post: { message: "a" } });
    expect(made()).toEqual(["a"]);
    expect(new Set(pendingIds()).size).toBe(1);
  });

  test("and nothing was done: made once", async () => {
    const { clock, chat, writer, aPost, made } = setUp();
    chat.faults.fail("createPost", noAnswer(), { times: 3 });
    void writer.write(aPost("a"));
    await clock.advance(MINUTE_MS);
    expect(made()).toEqual(["a"]);
  });

  test.each(["thread", "channel"])(
    "for longer than the server remembers the request: found by its key in the %s",
    async (place) => {
      const { clock, chat, writer, aPost, made, pendingIds } = setUp();
      const root = await chat.say("root");
      const where = place === "thread" ? { rootId: root.id } : {};
      chat.faults.fail("createPost", noAnswer(), { after: true });
      chat.faults.fail("createPost", noAnswer(), { times: 9 });
      const result = writer.write(aPost("a", where));
      await clock.advance(5 * MINUTE_MS);
      expect((await result).kind).toBe("written");
      expect(made()).toEqual(["root", "a"]);
      expect(new Set(pendingIds()).size).toBe(1);
    },
  );

  test("for long, and nothing was done: a new request is made, and not before it was looked for", async () => {
    const { clock, chat, writer, aPost, made, pendingIds } = setUp();
    chat.faults.fail("createPost", noAnswer(), { times: 9 });
    chat.faults.fail("recentPosts", unreachable(), { times: 2 });
    void writer.write(aPost("a"));
    await clock.advance(10 * MINUTE_MS);
    expect(made()).toEqual(["a"]);
    expect(new Set(pendingIds()).size).toBe(2);
    const names = chat.calls.map(({ call }) => call);
    expect(names.slice(-2)).toEqual(["recentPosts", "createPost"]);
    expect(names.join()).not.toContain("createPost,createPost");
  });

  test("and the server has forgotten the request, by a restart say: it is looked for before anything new is made", async () => {
    const { clock, chat, aPost, made } = setUp();
    let lives = 0;
    const createPost: ChatPort["createPost"] = (post, urgency) =>
      chat.createPost({ ...post, pendingPostId: `${post.pendingPostId}/${lives++}` }, urgency);
    const { bot } = chat;
    const writer = createPostWriter({
      chat: { ...chat, createPost },
      clock,
      logger: createRecordingLogger(),
      me: bot.id,
    });
    chat.faults.fail("createPost", noAnswer(), { after: true });
    void writer.write(aPost("a"));
    await clock.advance(MINUTE_MS);
    expect(made()).toEqual(["a"]);
  });

  test("and the next request cannot be sent in time: it is not sent, but looked for", async () => {
    const { clock, chat, aPost, made } = setUp();
    let tries = 0;
    /** As a client that has to wait: for its turn, or because the server said so. */
    const createPost: ChatPort["createPost"] = async (post, urgency, beforeMs) => {
      if (tries++ === 1) await new Promise<void>((resolve) => clock.schedule(40_000, resolve));
      if (beforeMs !== undefined && clock.now() > beforeMs) throw limited(0);
      return chat.createPost(post, urgency);
    };
    const writer = createPostWriter({
      chat: { ...chat, createPost },
      clock,
      logger: createRecordingLogger(),
      me: chat.bot.id,
    });
    chat.faults.late("createPost");
    const late = chat.faults.late("createPost");
    void writer.write(aPost("a"));
    await clock.advance(20_000);
    late.release();
    await clock.advance(10 * MINUTE_MS);
    expect(made()).toEqual(["a"]);
  });

  test("the clock was put back meanwhile: it is looked for", async () => {
    const { clock, chat, writer, aPost, made } = setUp();
    chat.faults.fail("createPost", noAnswer(), { after: true });
    chat.faults.fail("createPost", unreachable(), { times: 8 });
    void writer.write(aPost("a"));
    await clock.advance(100);
    // The server's clock goes on: 30 s later it has forgotten the request.
    clock.shift(-3_600_000);
    await clock.advance(5 * MINUTE_MS);
    expect(made()).toEqual(["a"]);
    expect(chat.calls.some(({ call }) => call === "recentPosts")).toBe(true);
  });

  test("nobody else's post is taken for it, nor one for another key or session", async () => {
    const { clock, chat, writer, aPost, made } = setUp();
    const { mark } = aPost("a");
    const other = (session: string, key: string) => ({
      opencode_mattermost: { ...mark, v: 1, session_id: session, key },
    });
    const forged = { channelId: chat.dm, message: "forged", props: other("ses_1", "a") };
    await chat.as("alice").createPost({ ...forged, pendingPostId: "1" }, "normal");
    for (const [session, key] of [
      ["ses_2", "a"],
      ["ses_1", "b"],
    ] as const) {
      const props = other(session, key);
      await chat.createPost({ ...forged, message: "other", props, pendingPostId: key }, "normal");
    }
    const result = writer.write(aPost("a", { searchFirst: true }));
    await clock.advance(MINUTE_MS);
    expect(await result).toMatchObject({ post: { message: "a" } });
    expect(made()).toHaveLength(4);
  });
});

test("a post of an earlier life is found before the first try", async () => {
  const { clock, chat, writer, aPost, made } = setUp();
  await writer.write(aPost("a"));
  await clock.advance(10 * MINUTE_MS);
  const again = await writer.write(aPost("a", { searchFirst: true }));
  expect(again).toMatchObject({ kind: "written", post: { message: "a" } });
  expect(made()).toEqual(["a"]);
  expect(chat.calls.at(-1)?.call).toBe("recentPosts");
});

test("two processes that make the same post make one", async () => {
  const { chat, clock, writer, aPost, made } = setUp();
  const logger = createRecordingLogger();
  const other = createPostWriter({ chat, clock, logger, me: chat.bot.id });
  const results = await Promise.all([writer, other].map((w) => w.write(aPost("a"))));
  expect(made()).toEqual(["a"]);
  expect(results.map((result) => result.kind)).toEqual(["written", "written"]);
});

test.each([
  ["unreachable", unreachable],
  ["not now", () => limited(1_000)],
  ["a token that is not accepted", refusedToken],
])("%s: certainly not done, so it is never looked for", async (_, error) => {
  const { clock, chat, writer, aPost, made } = setUp();
  chat.faults.fail("createPost", error(), { times: 9 });
  void writer.write(aPost("a"));
  await clock.advance(20 * MINUTE_MS);
  expect(made()).toEqual(["a"]);
  expect(new Set(chat.calls.map(({ call }) => call))).toEqual(new Set(["createPost"]));
});

test("refused: gone, with the reason, and not tried again", async () => {
  const { clock, chat, writer, aPost } = setUp();
  const write = await writer.write(aPost("a", { rootId: asPostId("nowhere") }));
  expect(write).toMatchObject({
    kind: "gone",
    error: { code: "api.post.create_post.root_id.app_error" },
  });
  chat.faults.fail("createPost", noAnswer());
  chat.faults.fail("createPost", refused("model.post.is_valid.msg.app_error"));
  const late = writer.write(aPost("b"));
  await clock.advance(MINUTE_MS);
  expect((await late).kind).toBe("gone");
  expect(chat.calls).toHaveLength(5);
});

describe("stopped", () => {
  test("while it waits", async () => {
    const { clock, chat, writer, aPost, made } = setUp();
    chat.faults.fail("createPost", limited(90_000));
    const result = writer.write(aPost("a"));
    await clock.advance(1_000);
    writer.stop();
    expect(await result).toEqual({ kind: "stopped" });
    expect(clock.timers()).toBe(0);
    await clock.advance(10 * MINUTE_MS);
    expect(made()).toEqual([]);
  });

  test("while a call runs that fails: it does not wait any more", async () => {
    const { clock, chat, writer, aPost } = setUp();
    const hold = chat.faults.hang("createPost");
    const result = writer.write(aPost("a", { rootId: asPostId("nowhere") }));
    await hold.reached;
    writer.stop();
    hold.release();
    expect((await result).kind).toBe("gone");
    const second = createPostWriter({
      chat,
      clock,
      logger: createRecordingLogger(),
      me: chat.bot.id,
    });
    const failing = chat.faults.hang("createPost", { after: true });
    chat.faults.fail("createPost", noAnswer());
    const first = second.write(aPost("b"));
    const failed = second.write(aPost("c"));
    await failing.reached;
    second.stop();
    failing.release();
    expect(await Promise.all([first, failed])).toMatchObject([
      { kind: "written" },
      { kind: "stopped" },
    ]);
    expect(clock.timers()).toBe(0);
  });

  test("before anything was tried", async () => {
    const { chat, writer, aPost } = setUp();
    writer.stop();
    expect(await writer.write(aPost("a"))).toEqual({ kind: "stopped" });
    expect(chat.calls).toEqual([]);
  });
});
