import { describe, expect, test } from "bun:test";
import {
  limited,
  noAnswer,
  refused,
  refusedToken,
  unreachable,
} from "../../../support/fake-chat.ts";
import {
  createStreaming,
  final,
  INTERVAL_MS,
  live,
  SOON_MS,
  type Streaming,
} from "../../../support/streaming.ts";

const MINUTE_MS = 60_000;

describe("a final text is not lost", () => {
  test.each([
    ["not now", () => limited(3_000)],
    ["no answer", noAnswer],
    ["no server", unreachable],
    ["a refused token", refusedToken],
  ])("%s", async (_, error) => {
    const { want, clock, chat, texts } = await createStreaming();
    chat.faults.fail("createPost", error(), { times: 3 });
    chat.faults.fail("editPost", error(), { times: 3 });
    want(live("a", "1"));
    await clock.advance(2 * MINUTE_MS);
    want(final("a", "2"));
    await clock.advance(2 * MINUTE_MS);
    expect(texts()).toEqual(["2"]);
  });

  test("and a token that is not accepted is not tried in a loop", async () => {
    const { want, clock, chat } = await createStreaming();
    chat.faults.fail("createPost", refusedToken(), { times: 1_000_000 });
    want(final("a", "1"));
    await clock.advance(60 * MINUTE_MS);
    expect(chat.calls.length).toBeLessThan(150);
  });

  test("however long the server is away, and it is not asked in a loop meanwhile", async () => {
    const { want, clock, chat, texts, calls } = await createStreaming();
    want(live("a", "0"));
    await clock.advance(SOON_MS);
    chat.faults.fail("editPost", noAnswer(), { times: 100 });
    for (let n = 1; n <= 1_000; n++) {
      want(n < 1_000 ? live("a", String(n)) : final("a", "end"));
      await clock.advance(20);
    }
    expect(calls().length).toBeLessThan(12);
    chat.faults.clear();
    await clock.advance(5_000);
    expect(texts()).toEqual(["end"]);
  });

  test("the server is not asked before the time that it named", async () => {
    const { want, clock, chat, calls } = await createStreaming();
    want(live("a", "0"));
    await clock.advance(INTERVAL_MS);
    chat.faults.fail("editPost", limited(30_000));
    for (let n = 1; n <= 25; n++) {
      want(final("a", String(n)));
      await clock.advance(1_000);
    }
    expect(calls()).toHaveLength(2);
    await clock.advance(6_000);
    expect(calls().at(-1)).toBe("editPost 25");
  });

  test("the connection breaks after the edit was made", async () => {
    const { want, clock, chat, texts } = await createStreaming();
    want(final("a", "1"));
    await clock.advance(SOON_MS);
    chat.faults.fail("editPost", noAnswer(), { after: true });
    want(final("a", "2"));
    await clock.advance(MINUTE_MS);
    expect(texts()).toEqual(["2"]);
  });
});

describe("another process has taken the thread over", () => {
  test("and tells a turn in another way: its text stays, and nobody edits for ever", async () => {
    const first = await createStreaming();
    const { clock, texts, calls } = first;
    first.want(final("a", "one way"));
    await clock.advance(SOON_MS);
    const second = await first.takenOver();
    second.want(final("a", "another way"));
    await clock.advance(10 * MINUTE_MS);
    expect(texts()).toEqual(["another way"]);
    expect(calls()).toEqual(["createPost one way", "editPost another way"]);
  });

  test("and this one writes once more before it notices: it is put right once", async () => {
    const first = await createStreaming();
    const { clock, texts, calls } = first;
    first.want(final("a", "one way"));
    await clock.advance(SOON_MS);
    const second = await first.takenOver();
    second.want(final("a", "one way"));
    await clock.advance(SOON_MS);
    first.want(final("a", "too late"), final("b", "more"));
    await clock.advance(10 * MINUTE_MS);
    expect(texts()[0]).toBe("one way");
    expect(calls().filter((call) => call.startsWith("editPost"))).toHaveLength(2);
  });
});

describe("an edit that nobody knows of", () => {
  test("is made undone where the old text is wanted again, though the socket is deaf", async () => {
    const { want, clock, chat, texts } = await createStreaming({ deaf: true });
    want(final("card", "idle"));
    await clock.advance(SOON_MS);
    chat.faults.fail("editPost", noAnswer(), { after: true });
    want(final("card", "works"));
    await clock.advance(SOON_MS);
    want(final("card", "idle"));
    await clock.advance(MINUTE_MS);
    expect(texts()).toEqual(["idle"]);
  });

  test("lands late: the text is put right", async () => {
    const { want, clock, chat, texts } = await createStreaming();
    want(final("a", "1"));
    await clock.advance(SOON_MS);
    const hold = chat.faults.late("editPost");
    want(final("a", "old"));
    await clock.advance(SOON_MS);
    want(final("a", "end"));
    await clock.advance(MINUTE_MS);
    expect(texts()).toEqual(["end"]);
    hold.release();
    await clock.advance(SOON_MS);
    expect(texts()).toEqual(["end"]);
  });

  test("lands late while a step runs: the text is put right after it", async () => {
    const { want, clock, chat, texts } = await createStreaming();
    want(final("a", "1"));
    await clock.advance(SOON_MS);
    const late = chat.faults.late("editPost");
    want(final("a", "old"));
    await clock.advance(SOON_MS);
    want(final("a", "end"));
    await clock.advance(MINUTE_MS);
    const slow = chat.faults.hang("createPost");
    want(final("a", "end"), final("b"));
    await clock.advance(SOON_MS);
    await slow.reached;
    late.release();
    await clock.advance(SOON_MS);
    expect(texts()).toEqual(["old"]);
    slow.release();
    await clock.advance(SOON_MS);
    expect(texts()).toEqual(["end", "b"]);
  });

  test("lands between an edit and its answer: the newer one is right, and nothing is sent", async () => {
    const { want, clock, chat, texts, calls } = await createStreaming();
    want(final("a", "1"));
    await clock.advance(SOON_MS);
    const late = chat.faults.late("editPost");
    want(final("a", "old"));
    await clock.advance(SOON_MS);
    const slow = chat.faults.hang("editPost");
    want(final("a", "end"));
    await clock.advance(5_000);
    await slow.reached;
    late.release();
    await clock.advance(SOON_MS);
    slow.release();
    await clock.advance(MINUTE_MS);
    expect(texts()).toEqual(["end"]);
    expect(calls().filter((call) => call === "editPost end")).toHaveLength(1);
  });
});

describe("a post that was made twice", () => {
  /** The first request lands only when released; by then the post exists by another one. */
  async function twice(): Promise<Streaming & { readonly land: () => void }> {
    const streaming = await createStreaming();
    const late = streaming.chat.faults.late("createPost");
    streaming.chat.faults.fail("createPost", unreachable(), { times: 6 });
    streaming.want(final("a", "text"));
    await streaming.clock.advance(2 * MINUTE_MS);
    expect(streaming.texts()).toEqual(["text"]);
    return { ...streaming, land: late.release };
  }

  test("minutes later: the second one is removed", async () => {
    const { land, clock, texts, streamer, chat } = await twice();
    const kept = streamer.posts.postId("a");
    land();
    await clock.advance(SOON_MS);
    expect(texts()).toEqual(["text"]);
    expect(chat.posts().find((post) => post.id === kept)?.deleted).toBe(false);
  });

  test("also where it had been edited after the second one was made", async () => {
    const { land, want, clock, texts, chat } = await twice();
    const slow = chat.faults.hang("editPost", { after: true });
    want(final("a", "newer"));
    await clock.advance(SOON_MS);
    await slow.reached;
    land();
    await clock.advance(SOON_MS);
    want(final("a", "newest"));
    slow.release();
    await clock.advance(SOON_MS);
    expect(texts()).toEqual(["newest"]);
  });

  test("is removed however often that fails, and given up where the server refuses", async () => {
    const { land, clock, texts, chat, calls, want } = await twice();
    chat.faults.fail("deletePost", noAnswer(), { times: 3 });
    land();
    await clock.advance(MINUTE_MS);
    expect(texts()).toEqual(["text"]);
    chat.faults.fail("deletePost", refused("api.context.permissions.app_error", 403), {
      times: 100,
    });
    const [double] = chat.posts().filter((post) => post.message === "text");
    if (!double) throw new Error("no post");
    const before = calls().length;
    const { channelId, rootId = double.id, message, props } = double;
    await chat.createPost({ channelId, rootId, message, props, pendingPostId: "x" }, "normal");
    for (let n = 0; n < 10; n++) {
      want(final("a", String(n)));
      await clock.advance(1_000);
    }
    const deletes = calls()
      .slice(before)
      .filter((call) => call.startsWith("deletePost"));
    expect(deletes).toHaveLength(1);
  });

  test("found by the next life of the process: the first one goes on", async () => {
    const { land, streamer, clock, again, chat } = await twice();
    const kept = streamer.posts.postId("a");
    streamer.stop();
    land();
    await clock.advance(SOON_MS);
    const next = await again();
    expect(next.texts()).toEqual(["text", "text"]);
    next.want(final("a", "newer"));
    await clock.advance(SOON_MS);
    expect(next.texts()).toEqual(["newer"]);
    expect(chat.posts().find((post) => post.id === kept)?.message).toBe("newer");
  });
});

test("a post that another process has made meanwhile, with another text, gets the text of the one that has the thread", async () => {
  const lost = await createStreaming({ deaf: true });
  const owner = await lost.takenOver();
  lost.want(final("one", "stopped"));
  await lost.clock.advance(SOON_MS);
  owner.want(final("one", "answered"));
  await owner.clock.advance(60_000);
  expect(owner.texts()).toEqual(["answered"]);
});
