import { expect, test } from "bun:test";
import { createStreaming, final, live } from "../../../support/streaming.ts";

test("what waits for its turn says the newest when it is sent, unless something else has to come before it", async () => {
  const { want, clock, chat, texts, calls } = await createStreaming();
  const { editPost, createPost } = chat;
  const inTurn = (): Promise<void> => new Promise((resolve) => clock.schedule(5_000, resolve));
  chat.createPost = (post, urgency) => inTurn().then(() => createPost(post, urgency));
  chat.editPost = (id, text, urgency) => inTurn().then(() => editPost(id, text, urgency));
  want(live("a", "a 1"));
  await clock.advance(1_000);
  want(live("a", "a 2"));
  await clock.advance(5_000);
  expect(texts()).toEqual(["a 2"]);
  want(live("a", "a 3"));
  await clock.advance(1_000);
  want(final("a", "a 4"));
  await clock.advance(5_000);
  expect(texts()).toEqual(["a 4"]);
  want(final("a", "a 5"));
  await clock.advance(1_000);
  want(final("a", "5"), final("b", "a"));
  await clock.advance(20_000);
  expect(calls().slice(2)).toEqual(["editPost a 5", "createPost a", "editPost 5"]);
});
