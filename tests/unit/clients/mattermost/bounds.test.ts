// A server that is broken or hostile fills no memory: what it sends without end is left, what is too large is not read.
import { describe, expect, test } from "bun:test";
import { WirePost } from "../../../../src/clients/mattermost/mattermost-wire.ts";
import { postsAfter } from "../../../../src/clients/mattermost/posts-after.ts";
import { PERHAPS_MORE_POSTS, type Post } from "../../../../src/models/chat.ts";
import { asPostId } from "../../../../src/models/ids.ts";
import { until } from "../../../support/until.ts";
import { aClient, friendly, REACTION } from "./socket-under-test.ts";

const WIRE = { id: "p", channel_id: "dm", user_id: "u", message: "m", create_at: 1 };
const aPost = (number: number, message = "m"): Post => ({
  ...WirePost.parse({ ...WIRE, message, create_at: number }),
  id: asPostId(`p${number}`),
});
const page = (from: number, message?: string) => {
  const listed = Array.from({ length: 200 }, (_, at) => aPost(from + 199 - at, message));
  return { listed, count: listed.length };
};
const there = async (): Promise<boolean> => true;

describe("pages without end", () => {
  /** Counts the pages; each is full, and what `next` makes of the number of the last one. */
  async function read(next: (pages: number) => ReturnType<typeof page>, hasEarlier = true) {
    let pages = 0;
    const posts = await postsAfter(
      asPostId("p0"),
      async (query) => {
        if (query.startsWith("before=")) {
          return hasEarlier ? { listed: [aPost(1)], count: 1 } : { listed: [], count: 0 };
        }
        if (query.endsWith("per_page=1")) return { listed: [aPost(1)], count: 1 };
        return next(pages++);
      },
      there,
    );
    return { pages, posts };
  }

  test.each([true, false])("end after so many, and what was read is there: %p", async (earlier) => {
    const { pages, posts } = await read((count) => page(count * 200 + 1), earlier);
    expect(pages).toBe(100);
    expect(posts).toHaveLength(20_000);
    expect(posts[0]?.createdMs).toBe(1);
    expect(posts.length).toBeGreaterThanOrEqual(PERHAPS_MORE_POSTS);
  });

  test.each([true, false])("end with one that brings nothing new: %p", async (earlier) => {
    const { pages, posts } = await read(() => page(1), earlier);
    expect(pages).toBe(2);
    expect(posts).toHaveLength(200);
  });

  test("end earlier where they are large", async () => {
    const { pages, posts } = await read((count) => page(count * 200 + 1, "x".repeat(50_000)));
    expect(pages).toBeLessThan(10);
    expect(posts.length).toBeGreaterThanOrEqual(PERHAPS_MORE_POSTS);
  });
});

test("a post that is longer than any of Mattermost's is none", () => {
  expect(WirePost.safeParse({ ...WIRE, message: "x".repeat(65_535) }).success).toBe(true);
  expect(WirePost.safeParse({ ...WIRE, message: "x".repeat(100_001) }).success).toBe(false);
});

test("a frame that is larger than any of Mattermost's is not read, and the connection is given up", async () => {
  using client = aClient(friendly());
  await client.start();
  await until("live", client.is("live"));
  const [peer] = client.server.peers();
  peer?.event(1, "reaction_added", { reaction: REACTION });
  await until("an event", () => client.events.length === 1);
  peer?.event(2, "reaction_added", { reaction: REACTION, more: "x".repeat(17 * 1024 * 1024) });
  await until("the end of the connection", client.is("waiting"));
  expect(client.states.at(-1)).toMatchObject({ reason: expect.stringContaining("larger") });
  expect(client.events).toHaveLength(1);
  await client.nextTry();
  await until("live again", client.is("live"));
  expect(client.states.at(-1)).toEqual({ kind: "live", resumed: false });
});
