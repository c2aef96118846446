// "I am walking, and I speak to it."
import { describe, expect, test } from "bun:test";
import { HostError } from "../../src/errors.ts";
import type { Hear } from "../../src/ports.ts";
import { createAskingThread } from "../support/asking-thread.ts";
import { NOW, promptText, ROOT, reply, storedOf, user } from "../support/events.ts";
import { createStreet } from "../support/several-gateways.ts";
import { SHORT_WAV } from "../support/voice-message.ts";

/** A thread whose service hears what the test says, each when the test says it. */
async function createWalk() {
  const asked: { readonly name: string; readonly directory: string }[] = [];
  const waiting: ReturnType<typeof Promise.withResolvers<string>>[] = [];
  const hear: Hear = (sound, directory) => {
    asked.push({ name: sound.name, directory });
    const answer = Promise.withResolvers<string>();
    waiting.push(answer);
    return answer.promise;
  };
  const thread = await createAskingThread({ hear });
  const { clock, chat } = thread;
  return {
    ...thread,
    asked,
    async speak(text = "") {
      const post = await thread.sayWithFile(text, "voice.wav", SHORT_WAV);
      await clock.advance(1_000);
      return post;
    },
    async heard(words: string) {
      waiting.shift()?.resolve(words);
      await clock.advance(1_000);
    },
    async failed(why: string) {
      waiting.shift()?.reject(new Error(why));
      await clock.advance(1_000);
    },
    said: () =>
      chat
        .posts()
        .filter(({ userId, rootId }) => userId === chat.bot.id && rootId)
        .map(({ message }) => message),
  };
}

test("what I said is the prompt, and stands quoted at the top of its turn", async () => {
  const { speak, heard, prompts, asked, session, runsNewest, clock, said, marks } =
    await createWalk();
  const post = await speak();
  expect(prompts()).toEqual([]);
  await heard("Open retry.ts\nand run it");
  expect(prompts()).toEqual(["Open retry.ts\nand run it"]);
  expect(asked).toEqual([{ name: "voice.wav", directory: session.directory }]);
  expect(marks(post.id)).toEqual(["eyes"]);
  runsNewest();
  await clock.advance(2_000);
  expect(
    said().filter((text) => text.includes("🎙️ heard\n> Open retry.ts\n> and run it")),
  ).toHaveLength(1);
  expect(said()).toHaveLength(1);
});

test("with words beside it the model gets both, and where the file is", async () => {
  const { speak, heard, prompts, host } = await createWalk();
  await speak("About this:");
  await heard("it is too slow");
  expect(prompts()).toEqual(["About this:\n\nit is too slow"]);
  expect(host.prompts[0]?.prompt.paths).toEqual(["/tmp/file"]);
});

test("the order stays, however long the service takes", async () => {
  const { speak, heard, say, clock, prompts } = await createWalk();
  await speak();
  await say("then the tests");
  await speak();
  await clock.advance(60_000);
  expect(prompts()).toEqual([]);
  await heard("first the code");
  expect(prompts()).toEqual(["first the code", "then the tests"]);
  await heard("at last the docs");
  expect(prompts()).toEqual(["first the code", "then the tests", "at last the docs"]);
});

describe("while the service hangs", () => {
  test("!stop, yes and !help are done at once, and what I said is not run after that", async () => {
    const { speak, heard, say, ask, works, clock, host, given, answersTo, prompts } =
      await createWalk();
    const post = await speak();
    await ask("per_1", "ls");
    await say("yes");
    works();
    await clock.advance(1_000);
    const help = await say("!help");
    await say("!stop");
    await clock.advance(1_000);
    expect(given()).toEqual([["per_1", "once"]]);
    expect(host.aborted).toContain(ROOT);
    expect(answersTo(help)).toHaveLength(1);
    expect(answersTo(post)).toEqual([expect.stringContaining("you stopped the session before")]);
    await say("start over");
    await clock.advance(1_000);
    expect(prompts()).toEqual(["start over"]);
    await heard("delete everything");
    expect(prompts()).toEqual(["start over"]);
  });

  test("a message that I delete meanwhile is not run", async () => {
    const { speak, heard, remove, clock, prompts } = await createWalk();
    const post = await speak();
    await remove(post.id);
    await clock.advance(1_000);
    await heard("delete everything");
    expect(prompts()).toEqual([]);
  });
});

describe("where nothing comes of it I am told what to do, and nothing is sent", () => {
  test("the service fails", async () => {
    const { speak, failed, prompts, answersTo } = await createWalk();
    const post = await speak();
    await failed("the transcription service refused, it does not accept the key");
    expect(prompts()).toEqual([]);
    expect(answersTo(post)).toEqual([
      "📎 **Not given to the session**:\n- `voice.wav` could not be turned into text: the transcription service refused, it does not accept the key. Send it again, or write it.",
    ]);
  });

  test("there is no word in it", async () => {
    const { speak, heard, prompts, answersTo } = await createWalk();
    const post = await speak();
    await heard("");
    expect(prompts()).toEqual([]);
    expect(answersTo(post)).toEqual([
      expect.stringContaining("No words were heard in `voice.wav`"),
    ]);
  });
});

test("where it fails beside words those are sent, with where the file is", async () => {
  const { speak, failed, prompts, host, answersTo } = await createWalk();
  const post = await speak("What is on this?");
  await failed("it answered 500");
  expect(prompts()).toEqual(["What is on this?"]);
  expect(host.prompts[0]?.prompt.paths).toEqual(["/tmp/file"]);
  expect(answersTo(post)).toEqual([expect.stringContaining("(the rest was)")]);
});

test("OpenCode takes it and does not say so: it runs once", async () => {
  const { speak, heard, host, clock, prompts, asked } = await createWalk();
  host.fail("prompt", new HostError("no answer", { kind: "unknown" }), { after: true });
  await speak();
  await heard("once");
  await clock.advance(60_000);
  expect(prompts()).toEqual(["once"]);
  expect(asked).toHaveLength(1);
});

test("the process dies while it listens: the next one hears it, and it runs once", async () => {
  const { speak, heard, die, process, clock, prompts, asked } = await createWalk();
  await speak();
  die();
  await process("b");
  await clock.advance(30_000);
  expect(asked).toHaveLength(2);
  await heard("of the dead one");
  await heard("of the living one");
  await clock.advance(30_000);
  expect(prompts()).toEqual(["of the living one"]);
});

test("the process dies when it is sent: the next one finds that, and does not listen again", async () => {
  const { speak, heard, die, process, clock, prompts, asked } = await createWalk();
  await speak();
  await heard("once");
  die();
  await process("b");
  await clock.advance(60_000);
  expect(prompts()).toEqual(["once"]);
  expect(asked).toHaveLength(1);
});

test("!retry says the same once more, and listens to nothing again", async () => {
  const { speak, heard, say, clock, prompts, asked } = await createWalk();
  await speak();
  await heard("run the tests");
  await say("!retry");
  await clock.advance(5_000);
  expect(prompts()).toEqual(["run the tests", "run the tests"]);
  expect(asked).toHaveLength(1);
});

describe("no service is set", () => {
  const MODEL = { provider: "p", model: "m" };

  async function createDeaf(hears: boolean) {
    const thread = await createAskingThread();
    const { host } = thread;
    host.offer({ ...MODEL, hears });
    const stored = storedOf([user("msg_1", NOW), promptText("msg_1", "go"), reply("a", "msg_1")]);
    host.stored.set(
      ROOT,
      stored.map((m) =>
        m.role === "user" ? { ...m, message: { ...m.message, settings: { model: MODEL } } } : m,
      ),
    );
    return thread;
  }

  test("a model that hears gets the sound itself", async () => {
    const { sayWithFile, clock, host } = await createDeaf(true);
    await sayWithFile("", "voice.wav", SHORT_WAV);
    await clock.advance(5_000);
    expect(host.prompts.at(-1)?.prompt.files).toMatchObject([
      { name: "voice.wav", mime: "audio/wav" },
    ]);
  });

  test("in a new session a model that may hear gets it, and where none does I am told", async () => {
    for (const hears of [true, false]) {
      const { sayWithFile, clock, host } = await createAskingThread();
      host.offer({ ...MODEL, hears });
      await sayWithFile("", "voice.wav", SHORT_WAV);
      await clock.advance(5_000);
      expect(host.prompts).toHaveLength(hears ? 1 : 0);
    }
  });

  test("for any other I am told what to set", async () => {
    const { sayWithFile, clock, host, answersTo } = await createDeaf(false);
    const post = await sayWithFile("", "voice.wav", SHORT_WAV);
    await clock.advance(5_000);
    expect(host.prompts).toEqual([]);
    expect(answersTo(post)).toEqual([expect.stringContaining("Set `transcription` in the")]);
  });

  test("a sound to do something with is a file like any other", async () => {
    const { sayWithFile, clock, host, answersTo } = await createDeaf(false);
    const post = await sayWithFile("Make an mp3 of it.", "voice.wav", SHORT_WAV);
    await clock.advance(5_000);
    expect(host.prompts.at(-1)?.prompt).toMatchObject({ paths: ["/tmp/file"], files: [] });
    expect(answersTo(post)).toEqual([]);
  });
});

test("with !new what I say is the first prompt of the new session", async () => {
  const { chat, clock, process, answersTo } = createStreet();
  const one = process("one", { hear: async () => "begin with the tests" });
  await one.up();
  const given: string[] = [];
  const { prompt: send } = one.host;
  one.host.prompt = (id, asked) => {
    given.push(asked.text);
    return send(id, asked);
  };
  const file = await chat.as("alice").upload(chat.dm, "voice.wav", SHORT_WAV);
  const post = await chat.say("!new project", undefined, [file]);
  await clock.advance(5_000);
  expect(answersTo(post.id)).toEqual([expect.stringContaining("begins")]);
  expect(given).toEqual(["begin with the tests"]);
});
