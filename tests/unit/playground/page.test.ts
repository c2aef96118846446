// The page runs in a browser: it has a TypeScript configuration of its own, with the browser's types.
import { expect, test } from "bun:test";
import { loadDemo } from "../../../src/playground/model/demo-script.ts";
import { createScript, type ModelCall } from "../../../src/playground/model/script.ts";
import { PROMPTS } from "../../../src/playground/page/prompts.ts";
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

const asked = (userText: string): ModelCall => ({
  ...{ at: 0, model: "script", session: undefined, messages: [], tools: [], userText },
  ...{ step: 0, attempt: 0, aborted: false },
});

test("of the prompts that a first visit offers, one is answered, one runs a command and one asks", () => {
  const script = createScript();
  loadDemo(script);
  const replies = PROMPTS.map(({ text }) => script.replyTo(asked(text))[0]);
  expect<unknown>(replies).toMatchObject([
    { text: expect.stringContaining("function median") },
    { tool: "bash", args: { command: "npm test" } },
    { tool: "question" },
  ]);
});
