// The page runs in a browser: it has a TypeScript configuration of its own, with the browser's types.
import { expect, test } from "bun:test";
import { readPost } from "../../../src/playground/page/wire.mts";

test("the page's code has no type errors", async () => {
  const compiler = Bun.spawn([process.execPath, "x", "tsc", "-p", "src/playground/page"], {
    stdout: "pipe",
  });
  expect(await compiler.stdout.text()).toBe("");
  expect(await compiler.exited).toBe(0);
}, 60_000);

test("a post is read, whatever is missing in it", () => {
  expect(readPost({})).toBeUndefined();
  expect(readPost({ id: "p", delete_at: 5 })).toBeUndefined();
  expect<unknown>(
    readPost({ id: "p", message: 7, metadata: { reactions: [{ emoji_name: "x" }, 3] } }),
  ).toEqual({
    id: "p",
    rootId: "",
    userId: "",
    message: "",
    createAt: 0,
    updateAt: 0,
    editAt: 0,
    reactions: [
      { postId: "", userId: "", emoji: "x" },
      { postId: "", userId: "", emoji: "" },
    ],
    files: [],
    isCard: false,
  });
});

test.each([
  [{ root_id: "", props: { opencode_mattermost: { session_id: "ses_1" } } }, true],
  [{ root_id: "r", props: { opencode_mattermost: { session_id: "ses_1" } } }, false],
  [{ root_id: "", props: {} }, false],
])("%p is the root of a session's thread: %p", (json, isCard) => {
  expect(readPost({ id: "p", ...json })?.isCard).toBe(isCard);
});
