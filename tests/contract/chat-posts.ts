import { describe, expect, test } from "bun:test";
import { type ChatWorld, newPost, noPost } from "./chat-world.ts";

const TOO_LONG = { kind: "refused", code: "model.post.is_valid.msg.app_error", status: 400 };

export function postContract(world: () => ChatWorld): void {
  const root = (message = "root") => world().chat.createPost(newPost(world(), message), "normal");

  describe("a post", () => {
    test("is made as asked for, and read back so", async () => {
      const { chat, bot, dm } = world();
      const props = { opencode_mattermost: { v: 1, key: "root" }, list: [1, "two"] };
      const made = await chat.createPost(newPost(world(), "*hello*\n  you", { props }), "normal");
      expect(made).toMatchObject({
        channelId: dm,
        userId: bot.id,
        message: "*hello*\n  you",
        type: "",
        editedMs: 0,
        deleted: false,
        files: [],
        reactions: [],
      });
      expect(made.props).toMatchObject(props);
      expect(made.rootId).toBeUndefined();
      expect(made.createdMs).toBeGreaterThan(0);
      expect(await chat.post(made.id)).toEqual(made);
    });

    test("is answered in its thread, and only there", async () => {
      const { chat, person } = world();
      const { id } = await root();
      const one = await person.createPost(newPost(world(), "one", { rootId: id }), "normal");
      expect(one.rootId).toBe(id);
      const toAReply = chat.createPost(newPost(world(), "two", { rootId: one.id }), "normal");
      await expect(toAReply).rejects.toMatchObject({
        kind: "refused",
        code: "api.post.create_post.root_id.app_error",
        status: 400,
      });
    });

    test("is made once, however often the same request comes", async () => {
      const { chat } = world();
      const request = newPost(world(), "once");
      const made = await chat.createPost(request, "normal");
      expect((await chat.createPost(request, "interactive")).id).toBe(made.id);
      const other = { ...request, pendingPostId: `${request.pendingPostId}:other` };
      expect((await chat.createPost(other, "normal")).id).not.toBe(made.id);
    });

    test("may have so many characters, and not one more", async () => {
      const { chat } = world();
      const { maxPostChars } = await chat.limits();
      const longest = "🙂".repeat(maxPostChars);
      const made = await root(longest);
      expect(made.message).toBe(longest);
      await expect(root(`${longest}x`)).rejects.toMatchObject(TOO_LONG);
      await expect(chat.editPost(made.id, `${longest}x`, "normal")).rejects.toMatchObject(TOO_LONG);
    });

    test("is edited without losing its props", async () => {
      const { chat } = world();
      const made = await chat.createPost(
        newPost(world(), "a", { props: { kept: true } }),
        "normal",
      );
      const edited = await chat.editPost(made.id, "b", "cosmetic");
      expect(edited).toMatchObject({ id: made.id, message: "b", props: { kept: true } });
      expect(edited.editedMs).toBeGreaterThanOrEqual(made.createdMs);
      expect(await chat.post(made.id)).toMatchObject({ message: "b", props: { kept: true } });
    });

    test("of somebody else is neither edited nor deleted", async () => {
      const { chat, person } = world();
      const { id } = await person.createPost(newPost(world(), "mine"), "normal");
      const refused = { kind: "refused", status: 403 };
      await expect(chat.editPost(id, "yours", "normal")).rejects.toMatchObject(refused);
      await expect(chat.deletePost(id)).rejects.toMatchObject(refused);
      expect((await chat.post(id))?.message).toBe("mine");
    });

    test("is gone once deleted, with its replies, and may be deleted again", async () => {
      const { chat } = world();
      const { id } = await root();
      const reply = await chat.createPost(newPost(world(), "reply", { rootId: id }), "normal");
      await chat.deletePost(id);
      expect(await chat.post(id)).toBeUndefined();
      expect(await chat.post(reply.id)).toBeUndefined();
      expect(await chat.thread(id)).toEqual([]);
      await chat.deletePost(id);
      await chat.deletePost(noPost);
      await expect(chat.editPost(id, "b", "normal")).rejects.toMatchObject({ kind: "refused" });
    });

    test("that does not exist is no error", async () => {
      expect(await world().chat.post(noPost)).toBeUndefined();
      expect(await world().chat.thread(noPost)).toEqual([]);
    });
  });
}
