// "I sent a photo with my prompt, and for a minute and a half nothing happened. Then it said: not sent. Why?"
import { describe, expect, test } from "bun:test";
import { type PromptMime, promptMime } from "../../src/conversation/file-type.ts";
import { createAskingThread } from "../support/asking-thread.ts";
import { play, ROOT, reply, status, user } from "../support/events.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const PNG = bytes("\x89PNG\r\n\x1a\n0123456789");

type File = readonly [
  what: string,
  name: string,
  content: Uint8Array,
  mime: PromptMime | undefined,
];
const FILES: readonly File[] = [
  ["a picture", "photo.png", PNG, "image/png"],
  ["a PNG that is called .jpg", "photo.jpg", PNG, "image/png"],
  ["a JPEG", "photo", bytes("\xff\xd8\xff\xe0 more of it"), "image/jpeg"],
  ["a GIF", "x.gif", bytes("GIF89a and on"), "image/gif"],
  ["a WebP", "x.webp", bytes("RIFF\x10\x20\x30\x40WEBPVP8 and on"), "image/webp"],
  ["a PDF", "x.txt", bytes("%PDF-1.7 and on"), "application/pdf"],
  ["a web page that is called .png", "photo.png", bytes("<html>Not found</html>"), undefined],
  ["a text without an ending", "Dockerfile", bytes("FROM scratch"), "text/plain"],
  ["a text in another script", "notiz.md", new TextEncoder().encode("Grüße 🙂"), "text/plain"],
  ["a HEIC that is called .jpg", "photo.jpg", bytes("\0\0\0\x18ftypheic\0\0\0\0"), undefined],
  ["a sound that is called .txt", "note.txt", bytes("\xff\xfb\x90\x44 mp3"), undefined],
  ["a text that OpenCode would not read", "notes.dat", bytes("plain"), undefined],
  ["nothing", "empty.png", bytes(""), undefined],
];

describe("what a file is, is in it, not in its name", () => {
  test.each(FILES)("%s", (_, name, content, mime) => {
    expect(promptMime(name, content)).toBe(mime);
  });
});

/** A thread in which OpenCode takes what is sent, and then says something else. */
async function createRefusing() {
  const thread = await createAskingThread();
  const refuse = (reason: string): void =>
    thread.entry.runtime.apply({ type: "prompt-refused", sessionId: ROOT, reason });
  return { ...thread, refuse };
}

test("OpenCode refuses what it took: within a second its reason is said, and the next prompt is not held up", async () => {
  const { clock, host, say, answersTo, refuse } = await createRefusing();
  host.hold("prompt");
  const post = await say("do it");
  await clock.advance(100);
  refuse('default agent "nobody" not found');
  await clock.advance(1_000);
  expect(answersTo(post)).toEqual([expect.stringMatching(/Not sent.*default agent "nobody"/)]);
  await say("then this");
  await clock.advance(1_000);
  expect(host.prompts.map(({ prompt }) => prompt.text)).toEqual(["then this"]);
});

test("it refuses the picture: the text goes with the picture's path, and that is said", async () => {
  const { clock, host, sayWithFile, chat, answersTo, refuse } = await createRefusing();
  host.hold("prompt");
  const post = await sayWithFile("what is this?", "photo.txt");
  await clock.advance(100);
  refuse("Image could not be decoded");
  await clock.advance(1_000);
  const [sent] = host.prompts;
  expect(sent?.prompt).toMatchObject({ text: "what is this?", postId: post.id, files: [] });
  expect(sent?.prompt.paths).toHaveLength(1);
  expect(answersTo(post)).toEqual([expect.stringMatching(/by path.*`photo.txt`.*not be decoded/)]);
  expect(chat.posts().filter(({ message }) => /Not sent/.test(message))).toEqual([]);
});

test("another plugin holds the prompt up for two minutes: it is not called unsent, runs once, and then that is said", async () => {
  const { clock, host, say, answersTo, runsNewest } = await createRefusing();
  const held = host.hold("prompt");
  const post = await say("do it");
  await clock.advance(110_000);
  expect(answersTo(post)).toEqual([expect.stringMatching(/^❓.*not stored it within 20 s/)]);
  held.release();
  await clock.advance(10);
  runsNewest();
  await clock.advance(60_000);
  expect(answersTo(post)).toEqual([expect.stringMatching(/^✓ \*\*Sent\*\*/)]);
  expect(host.times("prompt")).toBe(1);
});

test("held up for two minutes, and then refused: that is said in the same place", async () => {
  const { clock, host, say, answersTo, refuse } = await createRefusing();
  host.hold("prompt");
  const post = await say("do it");
  await clock.advance(110_000);
  refuse("the plugin does not like it");
  await clock.advance(1_000);
  expect(answersTo(post)).toEqual([expect.stringMatching(/^❌.*does not like it/)]);
});

test("a prompt that is refused while another one runs does not fail that one", () => {
  const begun = [user("msg_1", 1), status("busy"), reply("msg_1-a", "msg_1")];
  const end = [reply("msg_1-a", "msg_1", { finished: true, completedMs: 5 }), status("idle")];
  const error = { kind: "other", message: "Agent not found" } as const;
  const state = play([
    ...begun,
    { type: "failed", sessionId: ROOT, error },
    { type: "prompt-refused", sessionId: ROOT },
    ...end,
  ]);
  expect(state.turns.map(({ outcome }) => outcome)).toEqual([{ kind: "done" }]);
  expect(state.refusal?.reason).toBe("Agent not found");
});
