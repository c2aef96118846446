// Words as keyboards, clipboards and habits make them.
import { describe, expect, test } from "bun:test";
import { createAskingThread } from "../support/asking-thread.ts";
import { ROOT } from "../support/events.ts";
import { createStreet } from "../support/several-gateways.ts";

const STOPS = [
  "!stop",
  "!Stop ",
  "！stop",
  "❗stop",
  "❗️stop",
  "\u200b!stop",
  "!\u200bstop",
  "!stop\u200b",
  "`!stop`",
  "**!stop**",
  "“!stop”",
  "@opencode !stop",
  "@opencode: !stop",
  "!stop please",
  "!stop…",
  "\n!stop\n",
];

describe("while it works", () => {
  test.each(STOPS)("%j is no prompt", async (words) => {
    const { clock, host, works, say, answersTo, prompts } = await createAskingThread();
    works();
    const post = await say(words);
    await clock.advance(5_000);
    const isAsked = answersTo(post).some((text) => text.includes("did you mean `!stop`"));
    expect(host.aborted.length > 0 || isAsked).toBe(true);
    expect(prompts()).toEqual([]);
  });

  test.each(["`!stop` and `!yes`", "what does `!stop` do?", "“!stop” is what I typed", "> !stop"])(
    "%j stops nothing",
    async (words) => {
      const { clock, host, works, say } = await createAskingThread();
      works();
      await say(words);
      await clock.advance(5_000);
      expect(host.aborted).not.toContain(ROOT);
    },
  );
});

describe("a command of the main DM, written in a thread", () => {
  test.each(["!session", "!sesions", "!sessions.", "!sessions, please", "! sessions", "`!status`"])(
    "%j is answered, and goes nowhere",
    async (words) => {
      const { clock, say, answersTo, prompts } = await createAskingThread();
      const post = await say(words);
      await clock.advance(5_000);
      expect(answersTo(post)).toEqual([expect.stringMatching(/did you mean|works in the main DM/)]);
      expect(prompts()).toEqual([]);
    },
  );

  test.each(["! new idea: use rg", "!important: use rg", "!a || !b"])(
    "%j is a prompt",
    async (words) => {
      const { clock, say, prompts } = await createAskingThread();
      await say(words);
      await clock.advance(5_000);
      expect(prompts()).toEqual([words]);
    },
  );
});

describe("in the main DM", () => {
  test.each(["!Sessions", "❗sessions", "“!sessions”", "@opencode !sessions", "!sessions all"])(
    "%j lists them",
    async (words) => {
      const { clock, chat, process, answersTo } = createStreet();
      const one = process("one");
      await one.up();
      await one.open();
      const post = await chat.say(words);
      await clock.advance(5_000);
      expect(answersTo(post.id)).toEqual([expect.stringContaining("🟢")]);
    },
  );
});

describe("while a permission waits", () => {
  test.each([
    ["no... use rg", "use rg"],
    ["No.. use rg", "use rg"],
    ["✗", undefined],
    ["*no*", undefined],
    ["deny it", undefined],
  ])("%j denies", async (words, reason) => {
    const { clock, ask, say, host } = await createAskingThread();
    await ask("per_1", "rm -rf build");
    await say(words);
    await clock.advance(5_000);
    expect(host.answers).toMatchObject([{ answer: "reject", ...(reason && { reason }) }]);
  });

  test.each([
    "“Yes”",
    "*yes*",
    "\u200byes",
    "K",
    "LGTM 👍",
    "✓",
    ":+1::skin-tone-3:",
    "Sounds good",
  ])("%j allows", async (words) => {
    const { clock, ask, say, given } = await createAskingThread();
    await ask("per_1", "rm -rf build");
    await say(words);
    await clock.advance(5_000);
    expect(given()).toEqual([["per_1", "once"]]);
  });

  test.each([
    "“No, use rg”",
    "yes*but",
    "no-op only",
    "sure, no problem?",
    "**",
    "k thanks but no",
  ])("%j is answered with one line", async (words) => {
    const { clock, ask, say, given, answersTo } = await createAskingThread();
    await ask("per_1", "rm -rf build");
    const post = await say(words);
    await clock.advance(5_000);
    expect(given()).toEqual([]);
    expect(answersTo(post)).toEqual([expect.stringContaining("A permission waits")]);
  });

  test.each([
    ["white_check_mark", "once"],
    ["heavy_check_mark", "once"],
    ["+1", "once"],
    ["thumbsup_dark_skin_tone", "once"],
    ["ok_hand", "once"],
    ["-1", "reject"],
    ["thumbsdown", "reject"],
    ["x", "reject"],
    ["no_entry_sign", "reject"],
    ["no_entry", "reject"],
    ["unlock", "always"],
  ])("a tap on :%s: is an answer", async (emoji, reply) => {
    const { clock, ask, tap, given } = await createAskingThread();
    await ask("per_1", "rm -rf build");
    await tap("permission/per_1", emoji);
    await clock.advance(5_000);
    expect(given()).toEqual([["per_1", reply]]);
  });
});

describe("while a question waits", () => {
  test.each(["“two”", "*two*", "`two`", "two\u200b", "Two…", "(2)", "２"])(
    "%j is the second option",
    async (words) => {
      const { clock, askWhich, say, given } = await createAskingThread();
      await askWhich("que_1", { custom: false });
      await say(words);
      await clock.advance(5_000);
      expect(given()).toEqual([["que_1", [["two"]]]]);
    },
  );

  test.each(["!yes", "!no", "!always"])("%s is told what waits", async (words) => {
    const { clock, askWhich, say, answersTo, given } = await createAskingThread();
    await askWhich("que_1");
    const post = await say(words);
    await clock.advance(5_000);
    expect(answersTo(post)).toEqual([expect.stringContaining("what waits here is a question")]);
    expect(given()).toEqual([]);
  });

  test.each([true, false])(
    "✅ with nothing chosen is told, once (several: %j)",
    async (multiple) => {
      const { clock, askWhich, tap, recheck, answers, given } = await createAskingThread();
      await askWhich("que_1", { multiple });
      await tap("question/que_1/0", "white_check_mark");
      await clock.advance(5_000);
      recheck();
      await clock.advance(5_000);
      expect(answers().filter((text) => text.includes("no option is chosen yet"))).toHaveLength(1);
      expect(given()).toEqual([]);
    },
  );
});
