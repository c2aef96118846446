import { expect, test } from "bun:test";
import { createChannelFeed } from "../../../src/gateway/channel-feed.ts";
import { PERHAPS_MORE_POSTS, type Post } from "../../../src/models/chat.ts";
import { asChannelId, asPostId, asUserId } from "../../../src/models/ids.ts";
import { createFakeChat } from "../../support/fake-chat.ts";
import { settle } from "../../support/manual-clock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";

const aPost = (number: number): Post => ({
  id: asPostId(`p${number}`),
  channelId: asChannelId("dm"),
  userId: asUserId("alice"),
  message: `${number}`,
  type: "",
  createdMs: number,
  editedMs: 0,
  deleted: false,
  props: {},
  files: [],
  reactions: [],
});

/** A channel with so many posts, of which a read gives at most `atOnce`. */
function createChannel(count: number, atOnce: number) {
  const got: number[] = [];
  const gate = Promise.withResolvers<void>();
  let reads = 0;
  const feed = createChannelFeed({
    chat: {
      ...createFakeChat(),
      async postsAfter(_, afterId) {
        reads++;
        await gate.promise;
        const from = Number(afterId.slice(1)) + 1;
        const last = Math.min(count, from + atOnce - 1);
        return Array.from({ length: Math.max(0, last - from + 1) }, (_unused, at) =>
          aPost(from + at),
        );
      },
      recentPosts: async () => [],
    },
    channelId: asChannelId("dm"),
    latest: aPost(0),
    logger: createRecordingLogger(),
    onPost: (post) => got.push(post.createdMs),
  });
  return { feed, got, open: gate.resolve, reads: () => reads };
}

test("more posts than are read at once come all the same, in order, each once", async () => {
  const total = 2 * PERHAPS_MORE_POSTS + 5;
  const { feed, got, open, reads } = createChannel(total, PERHAPS_MORE_POSTS);
  feed.catchUp();
  open();
  await settle();
  expect(got).toEqual(Array.from({ length: total }, (_, at) => at + 1));
  expect(reads()).toBe(3);
});

test("what comes while a gap is filled is not kept without end, and is not lost", async () => {
  const { feed, got, open } = createChannel(10_000, 10_000);
  feed.catchUp();
  for (let number = 1; number <= 10_000; number++) feed.posted(aPost(number));
  open();
  await settle();
  expect([...new Set(got)]).toEqual(Array.from({ length: 10_000 }, (_, at) => at + 1));
});
