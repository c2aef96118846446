import { describe, expect, test } from "bun:test";
import { type ChatWorld, newPost, noPost } from "./chat-world.ts";

export function reactionContract(world: () => ChatWorld): void {
  const aPost = async () =>
    (await world().chat.createPost(newPost(world(), "react to this"), "normal")).id;

  describe("a reaction", () => {
    test("is there once, however often it is added", async () => {
      const { chat, bot } = world();
      const id = await aPost();
      expect(await chat.reactions(id)).toEqual([]);
      await chat.react(bot.id, id, "white_check_mark");
      await chat.react(bot.id, id, "white_check_mark");
      const reaction = { postId: id, userId: bot.id, emoji: "white_check_mark" };
      expect(await chat.reactions(id)).toEqual([reaction]);
      expect((await chat.post(id))?.reactions).toEqual([reaction]);
    });

    test("keeps its name as it came, skin tone and all", async () => {
      const { chat, person, owner } = world();
      const id = await aPost();
      await person.react(owner.id, id, "+1_medium_skin_tone");
      expect(await chat.reactions(id)).toEqual([
        { postId: id, userId: owner.id, emoji: "+1_medium_skin_tone" },
      ]);
    });

    test("is taken away, and may be taken away again", async () => {
      const { chat, person, bot, owner } = world();
      const id = await aPost();
      await chat.react(bot.id, id, "x");
      await person.react(owner.id, id, "x");
      await chat.unreact(id, "x");
      await chat.unreact(id, "x");
      expect(await chat.reactions(id)).toEqual([{ postId: id, userId: owner.id, emoji: "x" }]);
    });

    test("may be taken away where there is no post any more", async () => {
      const { chat } = world();
      const id = await aPost();
      await chat.deletePost(id);
      await chat.unreact(id, "x");
      await chat.unreact(noPost, "x");
    });
  });
}
