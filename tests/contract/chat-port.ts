import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Post } from "../../src/models/chat.ts";
import { asPostId, asUserId } from "../../src/models/ids.ts";
import {
  type ChatServer,
  enter,
  failure,
  type Guests,
  NOBODY,
  SLOW_MS,
} from "./chat-port-guests.ts";

/** What every `ChatPort` promises. */
export function chatPortContract(name: string, setup: () => Promise<ChatServer>): void {
  describe(`${name} is a chat`, () => {
    let server: ChatServer;
    let guests: Guests;

    beforeAll(async () => {
      server = await setup();
      guests = await enter(server);
    }, SLOW_MS);
    afterAll(() => server?.stop());

    test("with users by name and by id", async () => {
      const { bot, me, other } = guests;
      expect(me.isBot).toBe(true);
      expect(other).toMatchObject({ isBot: false, deactivated: false });
      expect(await bot.userByName(other.username)).toEqual(other);
      expect(await bot.user(other.id)).toEqual(other);
      expect(await bot.userByName("no-such-user")).toBeUndefined();
      expect(await bot.userByName("two words/and a slash")).toBeUndefined();
      expect(await bot.user(asUserId(NOBODY))).toBeUndefined();
    });

    test("with one direct channel for two", async () => {
      const { bot, person, me, other, channelId } = guests;
      expect(await bot.directChannel(me.id, other.id)).toBe(channelId);
      expect(await person.directChannel(other.id, me.id)).toBe(channelId);
    });

    test("with limits", async () => {
      const { bot, write } = guests;
      const limits = await bot.limits();
      expect(limits.version).not.toBe("");
      expect(limits.maxPostChars).toBeGreaterThan(1_000);
      expect(limits.maxFileBytes).toBeGreaterThan(1_000);
      await write("😀".repeat(limits.maxPostChars));
      const tooLong = await failure(write("x".repeat(limits.maxPostChars + 1)));
      expect(tooLong).toMatchObject({ kind: "refused", code: "model.post.is_valid.msg.app_error" });
    });

    test("that keeps a post as it was made", async () => {
      const { bot, person, me, channelId, write } = guests;
      const made = await write("# Hello\n\n  `code` 👋 <b>", { props: { key: { deep: ["1"] } } });
      expect(made).toMatchObject({ channelId, userId: me.id, type: "", editedMs: 0 });
      expect(made).not.toHaveProperty("rootId");
      const found = await person.post(made.id);
      expect(found?.message).toBe("# Hello\n\n  `code` 👋 <b>");
      expect(found?.props).toMatchObject({ key: { deep: ["1"] } });
      expect(found?.createdMs).toBe(made.createdMs);
      expect(await bot.post(asPostId(NOBODY))).toBeUndefined();
    });

    test("that takes an empty message, and one that looks like a command", async () => {
      const { write } = guests;
      expect((await write("")).message).toBe("");
      expect((await write("/shrug")).message).toBe("/shrug");
    });

    test("where the same request makes the same post", async () => {
      const { bot, aPost } = guests;
      const wanted = aPost("once");
      const first = await bot.createPost(wanted, "normal");
      const again = await bot.createPost(wanted, "normal");
      expect(again.id).toBe(first.id);
    });

    test("where the same request at the same time makes one post", async () => {
      const { bot, channelId, aPost, write } = guests;
      const wanted = aPost("once, though asked at once");
      const before = await write("before");
      const asked = Array.from({ length: 8 }, () => bot.createPost(wanted, "normal"));
      const answers = await Promise.allSettled(asked);
      const made = answers.flatMap((a) => (a.status === "fulfilled" ? [a.value.id] : []));
      const refused = answers.flatMap((a) => (a.status === "rejected" ? [a.reason] : []));
      expect(new Set(made).size).toBe(1);
      for (const error of refused) expect(error).toMatchObject({ kind: "unknown", status: 500 });
      const posts = await bot.postsAfter(channelId, before.id);
      expect(posts.filter((post) => post.message === wanted.message)).toHaveLength(1);
    });

    test("with threads, root first", async () => {
      const { bot, person, aPost, write } = guests;
      const root = await write("root");
      const one = await write("one", { rootId: root.id });
      await laterThan(one);
      const two = await person.createPost(aPost("two", { rootId: root.id }), "normal");
      const thread = await bot.thread(root.id);
      expect(thread.map((post) => post.id)).toEqual([root.id, one.id, two.id]);
      expect(thread.map((post) => post.rootId)).toEqual([undefined, root.id, root.id]);
      expect(await bot.thread(asPostId(NOBODY))).toEqual([]);
    });

    test("where a reply needs a root", async () => {
      const { write } = guests;
      const root = await write("root");
      const reply = await write("reply", { rootId: root.id });
      const code = "api.post.create_post.root_id.app_error";
      for (const rootId of [reply.id, asPostId(NOBODY)]) {
        const error = await failure(write("reply to that", { rootId }));
        expect(error).toMatchObject({ kind: "refused", code });
      }
    });

    test("where an edit changes the message alone", async () => {
      const { bot, person, other, channelId, write } = guests;
      const fileId = await bot.upload(channelId, "a.txt", new TextEncoder().encode("text"));
      const made = await write("before", { props: { key: "kept" }, fileIds: [fileId] });
      await person.react(other.id, made.id, "eyes");
      const edited = await bot.editPost(made.id, "after", "normal");
      expect(edited.editedMs).toBeGreaterThanOrEqual(made.createdMs);
      const found = await bot.post(made.id);
      expect(found).toMatchObject({ message: "after", props: { key: "kept" } });
      expect(found?.files.map((file) => file.id)).toEqual([fileId]);
      expect(found?.reactions.map((reaction) => reaction.emoji)).toEqual(["eyes"]);
    });

    test("where nobody edits what is not theirs, or not there", async () => {
      const { bot, person, aPost } = guests;
      const theirs = await person.createPost(aPost("theirs"), "normal");
      for (const id of [theirs.id, asPostId(NOBODY)]) {
        expect(await failure(bot.editPost(id, "mine", "normal"))).toMatchObject({
          kind: "refused",
        });
      }
      expect(await failure(bot.deletePost(theirs.id))).toMatchObject({ kind: "refused" });
      expect((await bot.post(theirs.id))?.message).toBe("theirs");
    });

    test("where deleted is deleted, however often", async () => {
      const { bot, write } = guests;
      const root = await write("root");
      const reply = await write("reply", { rootId: root.id });
      const kept = await write("kept", { rootId: root.id });
      await bot.deletePost(reply.id);
      await bot.deletePost(reply.id);
      await bot.deletePost(asPostId(NOBODY));
      expect(await bot.post(reply.id)).toBeUndefined();
      expect((await bot.thread(root.id)).map((post) => post.id)).toEqual([root.id, kept.id]);
      await bot.deletePost(root.id);
      expect(await bot.thread(root.id)).toEqual([]);
      expect(await bot.post(kept.id)).toBeUndefined();
      const late = await failure(write("late", { rootId: root.id }));
      expect(late).toMatchObject({ kind: "refused" });
    });

    test("with reactions, each once", async () => {
      const { bot, person, me, other, write } = guests;
      const { id } = await write("react to this");
      await bot.react(me.id, id, "hourglass");
      await bot.react(me.id, id, "hourglass");
      await person.react(other.id, id, "+1_medium_skin_tone");
      const seen = [
        { postId: id, userId: me.id, emoji: "hourglass" },
        { postId: id, userId: other.id, emoji: "+1_medium_skin_tone" },
      ];
      const reactions = sorted(await bot.reactions(id));
      expect(reactions).toMatchObject(seen);
      expect(sorted((await bot.post(id))?.reactions ?? [])).toEqual(reactions);
      for (const { createdMs } of reactions) expect(createdMs).toBeGreaterThan(0);
      await bot.unreact(id, "hourglass");
      await bot.unreact(id, "hourglass");
      await person.unreact(id, "+1_medium_skin_tone");
      expect(await bot.reactions(id)).toEqual([]);
    });

    test("where what is gone takes no reaction", async () => {
      const { bot, me, write } = guests;
      const { id } = await write("gone soon");
      await bot.react(me.id, id, "eyes");
      await bot.deletePost(id);
      await bot.unreact(id, "eyes");
      expect(await failure(bot.react(me.id, id, "eyes"))).toMatchObject({ kind: "refused" });
    });

    test("with files of every name and size", async () => {
      const { bot, person, channelId, write } = guests;
      const bytes = new Uint8Array(3_000_000).map((_, at) => at % 251);
      const id = await bot.upload(channelId, 'über "all" & 100%.bin', bytes);
      const post = await write("take this", { fileIds: [id] });
      const [file] = (await person.post(post.id))?.files ?? [];
      expect(file).toMatchObject({ id, name: 'über "all" & 100%.bin', sizeBytes: bytes.length });
      expect(Buffer.from(await person.download(id, bytes.length)).equals(bytes)).toBe(true);
      const tooLarge = await failure(person.download(id, bytes.length - 1));
      expect(tooLarge).toMatchObject({ kind: "refused" });
    });

    test("whose small files can be too large too", async () => {
      const { bot, channelId } = guests;
      const id = await bot.upload(channelId, "a.txt", new TextEncoder().encode("12345"));
      expect(await bot.download(id, 5)).toHaveLength(5);
      expect(await failure(bot.download(id, 4))).toMatchObject({ kind: "refused" });
    });

    test("with a status that can be set and cleared", async () => {
      const { bot, me } = guests;
      await bot.setCustomStatus(me.id, { emoji: "hourglass", text: "1 session" });
      await bot.setCustomStatus(me.id, undefined);
      await bot.setCustomStatus(me.id, undefined);
    });
  });
}

/** What is written from now on was made in a later millisecond: within one, the order is the server's. */
async function laterThan({ createdMs }: Post): Promise<void> {
  while (Date.now() <= createdMs) await Bun.sleep(1);
}

const sorted = <T extends { readonly emoji: string }>(all: readonly T[]): readonly T[] =>
  [...all].sort((a, b) => (a.emoji < b.emoji ? 1 : -1));
