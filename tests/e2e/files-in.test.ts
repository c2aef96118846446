// Files that the owner sends: pictures and texts reach the model, everything else is named by its path.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { ModelCall } from "../../src/playground/model/scripted-model.ts";
import { type AttachedFile, converse, startInstallation } from "../support/conversation.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import { startTranscriptionService } from "../support/transcription-service.ts";
import { OPEN_RETRY } from "../support/voice-message.ts";
import type { World } from "../support/world.ts";

const MAX_BYTES = 50_000;
const PNG: AttachedFile = {
  name: "dot.png",
  bytes: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
};
const NOTES: AttachedFile = { name: "notes.md", bytes: "# Notes\n\n\tindented `code` & 🙂\n" };
const BINARY: AttachedFile = {
  name: "dump.bin",
  bytes: Uint8Array.from({ length: 4_000 }, (_, index) => (index * 7) % 256),
};

const KEY = "sk-key-of-the-service-for-voice";

let world: World;
let opencode: HostProcess;
let service: ReturnType<typeof startTranscriptionService>;
beforeAll(async () => {
  // A service that says in its answer what it should not.
  service = startTranscriptionService(() => Response.json({ text: `Open retry.ts ${KEY}` }));
  ({ world, opencode } = await startInstallation(["web-shop"], {
    input: ["image"],
    pluginOptions: {
      maxFileBytes: MAX_BYTES,
      transcription: { url: service.url, key: KEY, model: "whisper-1" },
    },
  }));
}, 120_000);
afterAll(async () => {
  await service.stop();
  await world.stop();
});

/** Sends text and files; resolves with what the model got of them. */
async function sent(text: string, files: readonly AttachedFile[]) {
  const talk = await converse(world, opencode, "web-shop");
  const postId = await talk.say(text, files);
  await talk.reply(/^✅/);
  await talk.marked(postId, ["eyes"]);
  await talk.atRest();
  expect(talk.calls()).toHaveLength(1);
  return { talk, ...promptIn(talk.calls()[0]) };
}

function promptIn(call: ModelCall | undefined) {
  const prompts = call?.messages.filter(({ role }) => role === "user") ?? [];
  return {
    prompt: prompts.map(({ text }) => text).join("\n"),
    attachments: prompts.flatMap((message) => message.attachments),
  };
}

/** The path that the model was told, of a file that is not shown to it. */
const pathIn = (prompt: string): string => /attached a file: (\S+)/.exec(prompt)?.[1] ?? "";

describe("one file", () => {
  test("a picture reaches the model as a picture", async () => {
    const { prompt, attachments } = await sent("what is this?", [PNG]);
    expect(prompt).toContain("what is this?");
    expect(attachments).toMatchObject([{ kind: "image_url", mime: "image/png" }]);
  });

  test("a text is given in full", async () => {
    const { prompt, attachments } = await sent("read this", [NOTES]);
    expect(prompt).toContain("read this");
    expect(prompt).toContain("indented `code` & 🙂");
    expect(attachments).toEqual([]);
  });

  test("anything else is named by its path, private, with the same bytes", async () => {
    const { prompt } = await sent("look into it", [BINARY]);
    const path = pathIn(prompt);
    expect(basename(path)).toBe("dump.bin");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    expect(new Uint8Array(readFileSync(path))).toEqual(new Uint8Array(Buffer.from(BINARY.bytes)));
  });

  test("a name that leads elsewhere stays in the private folder", async () => {
    const { prompt } = await sent("mind the name", [
      { ...BINARY, name: "..\\..\\.bashrc $(id).bin" },
    ]);
    const told = prompt.slice(prompt.indexOf("attached a file: ")).split("\n")[0] ?? "";
    const path = told.replace("attached a file: ", "");
    expect(path).toStartWith(`${opencode.home}/`);
    expect(basename(path)).not.toMatch(/^\.|[\\/$()]/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("without a text of its own is a prompt too", async () => {
    const { attachments, talk } = await sent("", [PNG]);
    expect(attachments).toMatchObject([{ kind: "image_url", mime: "image/png" }]);
    const all = talk
      .replies()
      .map(({ message }) => message)
      .join("\n");
    expect(all).not.toContain("⌨️");
  });
});

test("a voice message is heard with the names of the project, sent, and quoted; the service's key stays here", async () => {
  const talk = await converse(world, opencode, "web-shop");
  const postId = await talk.say("", [{ name: "voice.wav", bytes: OPEN_RETRY }]);
  const answer = await talk.reply(/^✅/);
  await talk.marked(postId, ["eyes"]);
  await talk.atRest();
  expect(service.asked).toMatchObject([
    {
      path: "/v1/audio/transcriptions",
      key: `Bearer ${KEY}`,
      model: "whisper-1",
      name: "voice.wav",
      bytes: OPEN_RETRY,
    },
  ]);
  expect(service.asked[0]?.prompt ?? "").toContain("README.md");
  expect(promptIn(talk.calls()[0]).prompt).toContain("Open retry.ts");
  expect(answer.message).toContain("🎙️ heard\n> Open retry.ts");
  expect(talk.replies()).toHaveLength(1);
  expect(JSON.stringify([talk.replies(), talk.calls()])).not.toContain(KEY);
});

test("several files at once: each as what it is", async () => {
  const { prompt, attachments } = await sent("all of these", [PNG, NOTES, BINARY, PNG]);
  expect(attachments.map(({ mime }) => mime)).toEqual(["image/png", "image/png"]);
  expect(prompt).toContain("indented `code` & 🙂");
  expect(basename(pathIn(prompt))).toBe("dump.bin");
});

describe("what cannot be given is said, the rest is sent", () => {
  test("a file over the limit", async () => {
    const big = { name: "video.bin", bytes: new Uint8Array(MAX_BYTES + 1) };
    const { talk, prompt, attachments } = await sent("two of them", [big, PNG]);
    expect(prompt).toContain("two of them");
    expect(prompt).toMatch(/attached a file that you were not given: `video\.bin` has 0\.1 MB/);
    expect(attachments).toHaveLength(1);
    const notice = await talk.reply(/^📎 \*\*Not given to the session\*\*/);
    expect(notice.message).toMatch(/`video\.bin` has 0\.1 MB, more than the .* allowed\./);
    expect(talk.replies()).toHaveLength(2);
  });

  test("a file that the server does not give out", async () => {
    const { faults } = world.mattermost;
    const fault = faults.fail({ user: "opencode", path: /^\/files\/\w+$/, times: 1 }, 404);
    const { talk, attachments } = await sent("one is gone", [BINARY, PNG]);
    expect(fault.hits).toBe(1);
    expect(attachments).toHaveLength(1);
    const notice = await talk.reply(/^📎 \*\*Not given to the session\*\*/);
    expect(notice.message).toContain("`dump.bin` could not be fetched");
  });

  test("nothing but a file over the limit: no prompt is made of nothing", async () => {
    const talk = await converse(world, opencode, "web-shop");
    const big = { name: "video.bin", bytes: new Uint8Array(MAX_BYTES + 1) };
    await talk.say("", [big]);
    const notice = await talk.reply(/^📎/);
    expect(notice.message).not.toContain("(the rest was)");
    await talk.caughtUp();
    expect(talk.calls()).toEqual([]);
  });
});
