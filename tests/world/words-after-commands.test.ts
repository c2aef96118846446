// A command's words are a sentence; and words for commands that are none.
import { describe, expect, test } from "bun:test";
import { createAskingThread } from "../support/asking-thread.ts";
import { ROOT } from "../support/events.ts";
import { createStreet } from "../support/several-gateways.ts";

describe("what follows a command that takes nothing", () => {
  test.each(["!yes but only in /tmp", "!always, in this folder", "!yes, if the tests pass"])(
    "%j allows nothing",
    async (words) => {
      const { clock, ask, say, given, prompts, answersTo } = await createAskingThread();
      await ask("per_1", "rm -rf build");
      const post = await say(words);
      await clock.advance(1_000);
      expect(given()).toEqual([]);
      expect(prompts()).toEqual([]);
      expect(answersTo(post)).toHaveLength(1);
    },
  );

  test("!stop using tabs, use spaces: the run goes on, and I am asked", async () => {
    const { clock, works, say, host, prompts, answersTo } = await createAskingThread();
    works();
    const post = await say("!stop using tabs, use spaces");
    await clock.advance(1_000);
    expect(host.aborted).toEqual([]);
    expect(prompts()).toEqual([]);
    expect(answersTo(post)).toEqual([expect.stringMatching(/nothing may follow `!stop`/)]);
  });

  test.each(["in a thread", "in the main DM"])(
    "!lock the dependency versions, %s, locks nothing",
    async (where) => {
      const { chat, clock, lock, process, answersTo } = createStreet();
      const one = process("one");
      await one.up();
      const { rootId } = await one.open();
      const thread = where === "in a thread" ? rootId : undefined;
      const post = await chat.say("!lock the dependency versions in package.json", thread);
      await clock.advance(1_000);
      expect(lock.on).toBe(false);
      expect(answersTo(post.id)).toEqual([expect.stringMatching(/nothing may follow `!lock`/)]);
      await chat.say("! lock please", thread);
      await clock.advance(1_000);
      expect(lock.on).toBe(true);
    },
  );

  test.each(["!sessions of yesterday", "!status of the build", "!projects in go"])(
    "%j is not taken in part",
    async (words) => {
      const { chat, clock, process, answersTo } = createStreet();
      await process("one").up();
      const post = await chat.say(words);
      await clock.advance(1_000);
      expect(answersTo(post.id)).toEqual([expect.stringMatching(/nothing (may follow|else)/)]);
    },
  );

  test("!resume the work, in a thread, is asked about", async () => {
    const { clock, say, answersTo } = await createAskingThread();
    const post = await say("!resume the work on the parser");
    await clock.advance(1_000);
    expect(answersTo(post)).toEqual([expect.stringMatching(/nothing may follow `!resume`/)]);
  });
});

describe("a word for !stop that is none", () => {
  test.each(["stop", "Stop!", "!abort", "!cancel", "!clear"])(
    "%j is asked about while it works, and goes nowhere",
    async (word) => {
      const { clock, works, say, host, prompts, answersTo } = await createAskingThread();
      works();
      const post = await say(word);
      await clock.advance(1_000);
      expect(host.aborted).toEqual([]);
      expect(prompts()).toEqual([]);
      expect(answersTo(post)).toEqual([expect.stringContaining("Did you mean `!stop`?")]);
    },
  );

  test("is a prompt where nothing runs", async () => {
    const { clock, say, prompts } = await createAskingThread();
    await say("clear");
    await clock.advance(1_000);
    expect(prompts()).toEqual(["clear"]);
  });

  test("answers the question that has it as an option, and no other", async () => {
    const { clock, works, askWhich, say, given, answersTo } = await createAskingThread();
    works();
    await askWhich("que_1", { options: ["Go on", "Cancel"].map(labelled) });
    const stop = await say("stop");
    await clock.advance(1_000);
    expect(given()).toEqual([]);
    expect(answersTo(stop)).toEqual([expect.stringContaining("Did you mean `!stop`?")]);
    await say("cancel");
    await clock.advance(1_000);
    expect(given()).toEqual([["que_1", [["Cancel"]]]]);
  });
});

describe("as a phone's keyboard types it", () => {
  test.each(["！stop", "! stop", "！ stop", "!Stop"])("%j stops", async (typed) => {
    const { clock, works, say, host } = await createAskingThread();
    works();
    await say(typed);
    await clock.advance(100);
    expect(host.aborted).toEqual([ROOT]);
  });

  test.each([" ", "\u200b\u200b", "\n\n"])("nothing but %j gets a word", async (blanks) => {
    const { clock, say, prompts, answersTo } = await createAskingThread();
    const post = await say(blanks);
    await clock.advance(1_000);
    expect(prompts()).toEqual([]);
    expect(answersTo(post)).toEqual([expect.stringContaining("nothing in this message")]);
  });

  test("nor is a /me post left without one, in a thread or in the main DM", async () => {
    const { chat, clock, process, answersTo } = createStreet();
    const one = process("one");
    await one.up();
    const { rootId } = await one.open();
    for (const thread of [rootId, undefined]) {
      const post = await chat.say("*fixes the tests*", thread, [], "me");
      await clock.advance(1_000);
      expect(answersTo(post.id)).toEqual([expect.stringContaining("`/me`")]);
      expect(one.host.prompted.get(post.id)).toBeUndefined();
    }
  });
});

const labelled = (label: string) => ({ label, description: "" });
