// A text comes word by word, and can be edited a few times a second: what cannot be shown yet is not rendered.
import { expect, test } from "bun:test";
import { createStreaming, final, INTERVAL_MS, live, SOON_MS } from "../../../support/streaming.ts";

const WORDS = 50;
const WORD_EVERY_MS = 20;

test("it is rendered a few times for each edit, not for each word, and is never later than an edit may be", async () => {
  const { want, grow, clock, calls, texts, renderings } = await createStreaming();
  want(live("a", "0"));
  await clock.advance(SOON_MS);
  const before = renderings();
  for (let word = 1; word <= WORDS; word++) {
    grow(live("a", String(word)));
    await clock.advance(WORD_EVERY_MS);
    expect(word - Number(texts()[0])).toBeLessThanOrEqual(INTERVAL_MS / WORD_EVERY_MS + 1);
  }
  const edits = calls().length - 1;
  expect(edits).toBeLessThanOrEqual((WORDS * WORD_EVERY_MS) / INTERVAL_MS + 1);
  expect(renderings() - before).toBeLessThanOrEqual(3 * edits + 3);
  want(final("a", "end"));
  await clock.advance(SOON_MS);
  expect(texts()).toEqual(["end"]);
});

test("it does not wait for what may be edited more seldom", async () => {
  const { want, grow, clock, texts, chat, rootId } = await createStreaming({}, (post) =>
    post.key === "root" ? 60_000 : INTERVAL_MS,
  );
  const card = (message: string) => live("root", message);
  want(card("card 1"), live("a", "1"));
  await clock.advance(1_000);
  want(card("card 2"), live("a", "1"));
  await clock.advance(1_000);
  grow(card("card 2"), live("a", "2"));
  await clock.advance(INTERVAL_MS + SOON_MS);
  expect(texts().at(-1)).toBe("2");
  expect(chat.posts().filter((post) => post.rootId === rootId)).toHaveLength(2);
});

test("what comes back of an own edit is not rendered for", async () => {
  const { want, clock, renderings, streamer, chat, rootId } = await createStreaming();
  want(live("a", "1"));
  await clock.advance(1_000);
  const before = renderings();
  const made = chat.posts().find((post) => post.rootId === rootId);
  if (made) streamer.seen(made);
  await clock.advance(1_000);
  expect(renderings()).toBe(before);
});
