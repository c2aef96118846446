import { describe, expect, test } from "bun:test";
import { asFileId } from "../../src/models/ids.ts";
import { type ChatWorld, newPost } from "./chat-world.ts";

const NAME = "notes of today – ünïcode.txt";
const BYTES = new TextEncoder().encode("line one\nline two, ünïcode\n");

export function fileContract(world: () => ChatWorld): void {
  describe("a file", () => {
    test("goes up, hangs on a post, and comes down as it was", async () => {
      const { chat, dm } = world();
      const id = await chat.upload(dm, NAME, BYTES);
      const made = await chat.createPost(newPost(world(), "see", { fileIds: [id] }), "normal");
      const post = await chat.post(made.id);
      expect(post?.files).toMatchObject([{ id, name: NAME, sizeBytes: BYTES.length }]);
      expect(await chat.download(id, BYTES.length)).toEqual(BYTES);
    });

    test("is not brought down where it is larger than wanted", async () => {
      const { chat, dm } = world();
      const id = await chat.upload(dm, "large.bin", new Uint8Array(300_000));
      expect((await chat.download(id, 300_000)).length).toBe(300_000);
      await expect(chat.download(id, 299_999)).rejects.toMatchObject({ kind: "refused" });
      await expect(chat.download(id, 0)).rejects.toMatchObject({ kind: "refused" });
    });

    test("that does not exist is refused", async () => {
      const missing = world().chat.download(asFileId("a".repeat(26)), 10);
      await expect(missing).rejects.toMatchObject({ kind: "refused", status: 404 });
    });
  });
}
