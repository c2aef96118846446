import { describe, expect, test } from "bun:test";
import type { Post } from "../../src/models/chat.ts";
import type { PostId } from "../../src/models/ids.ts";
import { type ChatWorld, newPost, noPost } from "./chat-world.ts";

/** More than two pages of any list. */
const MANY = 420;
const AT_ONCE = 20;
const LONG_MS = 60_000;

const messages = (posts: readonly Post[]): readonly string[] => posts.map((post) => post.message);
const ids = (posts: readonly Post[]): readonly PostId[] => posts.map((post) => post.id);

export function listContract(world: () => ChatWorld): void {
  const say = (message: string, rootId?: PostId) =>
    world().chat.createPost(newPost(world(), message, rootId ? { rootId } : {}), "normal");

  describe("a list", () => {
    test("of a thread has its root first, then the replies as they came, deleted ones left out", async () => {
      const { chat } = world();
      const root = await say("root");
      await say("one", root.id);
      const two = await say("two", root.id);
      await say("three", root.id);
      await chat.editPost(root.id, "root, edited", "normal");
      await chat.deletePost(two.id);
      expect(messages(await chat.thread(root.id))).toEqual(["root, edited", "one", "three"]);
    });

    test("of the channel has the newest first, and goes on towards the past", async () => {
      const { chat } = world();
      const one = await say("one");
      const two = await say("two");
      const three = await say("three", one.id);
      expect(ids(await chat.recentPosts(world().dm)).slice(0, 3)).toEqual([
        three.id,
        two.id,
        one.id,
      ]);
      expect(ids(await chat.recentPosts(world().dm, two.id))[0]).toBe(one.id);
    });

    test("of what came after a post has the oldest first, in all threads, also after a deleted one", async () => {
      const { chat, dm } = world();
      const anchor = await say("anchor");
      const root = await say("root");
      const reply = await say("reply", anchor.id);
      const gone = await say("gone");
      await chat.deletePost(gone.id);
      expect(ids(await chat.postsAfter(dm, anchor.id))).toEqual([root.id, reply.id]);
      expect(await chat.postsAfter(dm, reply.id)).toEqual([]);
      await chat.editPost(root.id, "root, edited", "normal");
      expect(messages(await chat.postsAfter(dm, anchor.id))).toEqual(["root, edited", "reply"]);
      const later = await say("later");
      expect(ids(await chat.postsAfter(dm, gone.id))).toEqual([later.id]);
    });

    test("of what came after a post that nobody knows is empty", async () => {
      expect(await world().chat.postsAfter(world().dm, noPost)).toEqual([]);
    });

    test(
      "is complete over many pages, also where posts share a moment",
      async () => {
        const { chat, dm } = world();
        const anchor = await say("anchor");
        const root = await say("root");
        const made: PostId[] = [root.id];
        while (made.length < MANY) {
          const batch = Array.from({ length: AT_ONCE }, (_, at) => say(`${at}`, root.id));
          made.push(...ids(await Promise.all(batch)));
        }
        const sorted = [...made].sort();
        const thread = await chat.thread(root.id);
        expect(thread[0]?.id).toBe(root.id);
        expect([...ids(thread)].sort()).toEqual(sorted);
        expect(inOrder(thread)).toBe(true);
        const after = await chat.postsAfter(dm, anchor.id);
        expect([...ids(after)].sort()).toEqual(sorted);
        expect(inOrder(after)).toBe(true);
        const page = await chat.recentPosts(dm);
        expect(page.length).toBe(200);
        expect(inOrder([...page].reverse())).toBe(true);
      },
      LONG_MS,
    );
  });
}

const inOrder = (posts: readonly Post[]): boolean =>
  posts.every((post, at) => post.createdMs >= (posts[at - 1]?.createdMs ?? 0));
