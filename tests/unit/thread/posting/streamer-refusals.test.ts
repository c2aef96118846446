import { describe, expect, test } from "bun:test";
import type { PostId } from "../../../../src/models/ids.ts";
import { readPostMark } from "../../../../src/models/post-mark.ts";
import { noAnswer, refused, unreachable } from "../../../support/fake-chat.ts";
import {
  createStreaming,
  final,
  INTERVAL_MS,
  live,
  SOON_MS,
  type Streaming,
} from "../../../support/streaming.ts";

const MINUTE_MS = 60_000;

describe("edits that are refused", () => {
  const markKeys = (streaming: Streaming) =>
    streaming.chat
      .posts()
      .filter((post) => post.rootId)
      .map((post) => readPostMark(post.props)?.key);

  test("by a time limit: the text goes on in one new post, at once as later", async () => {
    for (const waitMs of [11_000, 5 * MINUTE_MS]) {
      const streaming = await createStreaming({ limits: { postEditLimitSeconds: 10 } });
      const { want, clock, texts, calls } = streaming;
      want(final("a", "1"));
      await clock.advance(waitMs);
      want(final("a", "2"));
      await clock.advance(1_000);
      want(final("a", "3"));
      await clock.advance(1_000);
      expect(texts()).toEqual(["1", "3"]);
      expect(calls().filter((call) => call.startsWith("createPost"))).toHaveLength(2);
      expect(new Set(markKeys(streaming)).size).toBe(2);
    }
  });

  test("by a time limit, in the next life of the process", async () => {
    const { want, clock, again } = await createStreaming({ limits: { postEditLimitSeconds: 10 } });
    want(final("a", "1"));
    await clock.advance(11_000);
    want(final("a", "2"));
    await clock.advance(1_000);
    const next = await again();
    next.want(final("a", "2"));
    await clock.advance(1_000);
    expect(next.calls()).toEqual([]);
    next.want(final("a", "3"));
    await clock.advance(1_000);
    expect(next.texts()).toEqual(["1", "3"]);
  });

  test("by a time limit, of the root: it stays as it is, nothing is posted", async () => {
    const { want, clock, rootId, chat, streamer, texts } = await createStreaming({
      limits: { postEditLimitSeconds: 10 },
    });
    const props = {
      opencode_mattermost: { v: 1, key: "root", session_id: "ses_1", machine_id: "m" },
    };
    const root = (await chat.thread(rootId))[0];
    if (!root) throw new Error("no root");
    streamer.adopt([{ ...root, props }]);
    await clock.advance(11_000);
    want(live("root", "card 2"));
    await clock.advance(MINUTE_MS);
    want(live("root", "card 3"));
    await clock.advance(MINUTE_MS);
    expect(texts()).toEqual([]);
  });

  test("for lack of permission, though the post is there: the text goes on in a new one", async () => {
    const { want, clock, chat, texts } = await createStreaming();
    want(live("a", "half"));
    await clock.advance(1_000);
    chat.faults.fail("editPost", refused("api.context.permissions.app_error", 403), { times: 9 });
    chat.faults.fail("post", unreachable(), { times: 2 });
    want(final("a", "whole"));
    await clock.advance(MINUTE_MS);
    expect(texts()).toEqual(["half", "whole"]);
  });

  test("because the user deleted the post: it is not made again", async () => {
    const { want, clock, chat, texts, calls } = await createStreaming();
    want(live("a", "1"), live("b", "1"));
    await clock.advance(INTERVAL_MS);
    const deleted = chat.posts().find((post) => post.message === "1" && post.rootId)?.id as PostId;
    await chat.deletePost(deleted);
    for (let n = 2; n < 8; n++) {
      want(live("a", String(n)), live("b", String(n)));
      await clock.advance(INTERVAL_MS);
    }
    expect(texts()).toEqual(["7"]);
    expect(calls().filter((call) => call.startsWith("createPost"))).toHaveLength(2);
  });

  test("a post that is refused keeps no other one back, and is not tried again", async () => {
    const { want, clock, chat, texts, calls } = await createStreaming();
    chat.faults.fail("createPost", refused("model.post.is_valid.msg.app_error"));
    for (let n = 0; n < 5; n++) {
      want(final("a", `a${n}`), final("b", `b${n}`));
      await clock.advance(1_000);
    }
    expect(texts()).toEqual(["b4"]);
    expect(calls().filter((call) => call.startsWith("createPost"))).toHaveLength(2);
  });
});

test("memory is bounded, and old posts are still known by their place", async () => {
  const { want, clock, streamer, chat } = await createStreaming();
  for (let n = 0; n < 1_500; n++) {
    want(final(`turn${n}`, "x".repeat(100)));
    await clock.advance(SOON_MS);
  }
  const replies = chat.posts().filter((post) => post.rootId);
  expect(replies).toHaveLength(1_500);
  const known = replies.filter((post) => streamer.posts.keyOf(post.id) !== undefined);
  expect(known.length).toBeGreaterThan(400);
  expect(known.length).toBeLessThanOrEqual(1_000);
  expect(streamer.posts.keyOf(replies.at(-1)?.id as PostId)).toBe("turn1499");
}, 60_000);

test("a long thread is taken over, and its last turn goes on", async () => {
  const { want, clock, again } = await createStreaming();
  for (let n = 0; n < 600; n++) {
    want(final(`turn${n}`, "text"));
    await clock.advance(SOON_MS);
  }
  const next = await again();
  next.want();
  await clock.advance(SOON_MS);
  next.want(final("turn599", "finished"));
  await clock.advance(SOON_MS);
  expect(next.texts().at(-1)).toBe("finished");
  expect(next.texts()).toHaveLength(600);
}, 60_000);

describe("a refusal that is over in a moment, as while the server's database is away", () => {
  test.each([
    ["api.post.create_post.root_id.app_error", 400],
    ["api.context.permissions.app_error", 403],
  ])("%s of a new post: it is made", async (code, status) => {
    const { want, clock, chat, texts } = await createStreaming();
    chat.faults.fail("createPost", refused(code, status), { times: 5 });
    want(final("a", "the answer"));
    await clock.advance(MINUTE_MS);
    expect(texts()).toEqual(["the answer"]);
  });

  test("of an edit: it is made, and no second post", async () => {
    const { want, clock, chat, texts } = await createStreaming();
    want(live("a", "half"));
    await clock.advance(1_000);
    const forbidden = refused("api.context.permissions.app_error", 403);
    chat.faults.fail("editPost", forbidden, { times: 3 });
    want(final("a", "whole"));
    await clock.advance(MINUTE_MS);
    expect(texts()).toEqual(["whole"]);
  });

  test("of a search: that is no refusal of the post", async () => {
    const { want, clock, chat, texts } = await createStreaming();
    chat.faults.fail("createPost", noAnswer(), { after: true });
    chat.faults.fail("thread", refused("api.context.permissions.app_error", 403), { times: 3 });
    want(final("a", "the answer"));
    await clock.advance(MINUTE_MS);
    expect(texts()).toEqual(["the answer"]);
  });
});
