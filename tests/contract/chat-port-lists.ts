import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { NewPost, Post } from "../../src/models/chat.ts";
import { asPostId, type PostId } from "../../src/models/ids.ts";
import { type ChatServer, enter, type Guests, NOBODY, SLOW_MS } from "./chat-port-guests.ts";

/** So that every list has more than two pages. */
const MANY = 450;

/** What every `ChatPort` promises of lists. */
export function chatListsContract(name: string, setup: () => Promise<ChatServer>): void {
  describe(`${name} lists posts`, () => {
    let server: ChatServer;
    let guests: Guests;

    beforeAll(async () => {
      server = await setup();
      guests = await enter(server);
    }, SLOW_MS);
    afterAll(() => server?.stop());

    test(
      "whose channel is read without a gap in both directions",
      async () => {
        const { bot, channelId, write } = guests;
        const start = await write("start");
        const made = await writeMany(guests, 5);
        const own = new Set(made);
        const after = (await bot.postsAfter(channelId, start.id)).filter((p) => own.has(p.id));
        expect(after.map((post) => post.id).sort()).toEqual([...made].sort());
        expect(isOldestFirst(after)).toBe(true);
        const back: Post[] = [];
        const seams = new Set<number | undefined>();
        for (let page = await bot.recentPosts(channelId); page.length > 0; ) {
          back.push(...page);
          if (page.some((post) => post.id === start.id)) break;
          seams.add(page.at(-1)?.createdMs);
          page = await bot.recentPosts(channelId, page.at(-1)?.id);
        }
        expect(isOldestFirst(back.toReversed())).toBe(true);
        const found = new Set(back.map((post) => post.id));
        expect(back).toHaveLength(found.size);
        // "Before" leaves out what was made in the same millisecond: what is missing was made at a seam.
        for (const id of made.filter((each) => !found.has(each))) {
          expect(seams).toContain((await bot.post(id))?.createdMs);
        }
      },
      SLOW_MS,
    );

    test("that tells what came after a post, though that one was deleted", async () => {
      const { bot, person, channelId, aPost, write } = guests;
      const cursor = await write("cursor");
      const next = await person.createPost(aPost("next"), "normal");
      const gone = await write("gone");
      await bot.deletePost(cursor.id);
      await bot.deletePost(gone.id);
      const ids = (await bot.postsAfter(channelId, cursor.id)).map((post) => post.id);
      expect(ids).toContain(next.id);
      expect(ids).not.toContain(cursor.id);
      expect(ids).not.toContain(gone.id);
      expect(await bot.postsAfter(channelId, asPostId(NOBODY))).toEqual([]);
      expect(await bot.postsAfter(channelId, next.id)).not.toContainEqual(next);
    });

    test("that leaves out nothing of the cursor's own millisecond", async () => {
      const { bot, channelId, write } = guests;
      const start = await write("start");
      await Promise.all(Array.from({ length: 20 }, (_, n) => write(`at once ${n}`)));
      const posts = await bot.postsAfter(channelId, start.id);
      for (const [at, post] of posts.entries()) {
        const found = new Set((await bot.postsAfter(channelId, post.id)).map((p) => p.id));
        const later = posts.filter((p) => p.createdMs >= post.createdMs && p.id !== post.id);
        expect(later.filter((p) => !found.has(p.id) && posts.indexOf(p) > at)).toEqual([]);
      }
    });

    test(
      "whose long threads are whole",
      async () => {
        const { bot, write } = guests;
        const root = await write("root");
        const made = await writeMany(guests, 1, { rootId: root.id });
        const thread = await bot.thread(root.id);
        expect(thread[0]?.id).toBe(root.id);
        expect(
          thread
            .slice(1)
            .map((post) => post.id)
            .sort(),
        ).toEqual([...made].sort());
        expect(isOldestFirst(thread)).toBe(true);
      },
      SLOW_MS,
    );
  });
}

/** A few at once, so that some are made in the same millisecond; servers refuse that in threads. */
async function writeMany(
  { write }: Guests,
  atOnce: number,
  more: Partial<NewPost> = {},
): Promise<readonly PostId[]> {
  const ids: PostId[] = [];
  while (ids.length < MANY) {
    const batch = Array.from({ length: atOnce }, () => write("one of many", more));
    ids.push(...(await Promise.all(batch)).map((post) => post.id));
  }
  return ids;
}

const isOldestFirst = (posts: readonly Post[]): boolean =>
  posts.every((post, at) => (posts[at - 1]?.createdMs ?? 0) <= post.createdMs);
