// What I write while a permission or a question waits.
import { describe, expect, test } from "bun:test";
import { createAskingThread } from "../support/asking-thread.ts";

async function createWaiting() {
  const thread = await createAskingThread();
  await thread.ask("per_1", "rm -rf build");
  return thread;
}

describe("while a permission waits", () => {
  test.each([
    ["Yes please", "once"],
    ["sure", "once"],
    ["go ahead", "once"],
    ["👍", "once"],
    ["✔️", "once"],
    [":+1:", "once"],
    ["yes, always", "always"],
    ["no thanks", "reject"],
    ["👎", "reject"],
  ])("%j is an answer", async (words, reply) => {
    const { clock, say, given, prompts, marks } = await createWaiting();
    const post = await say(words);
    await clock.advance(1_000);
    expect(given()).toEqual([["per_1", reply]]);
    expect(prompts()).toEqual([]);
    expect(marks(post.id)).toEqual(["eyes"]);
  });

  test.each([
    ["No. Use rg instead", "Use rg instead"],
    ["no\nuse rg instead", "use rg instead"],
    ["no, because `build` is all I have", "because `build` is all I have"],
  ])("%j denies, and its reason reaches the model", async (words, reason) => {
    const { clock, say, host } = await createWaiting();
    await say(words);
    await clock.advance(1_000);
    expect(host.answers).toMatchObject([{ answer: "reject", reason }]);
  });

  test.each([
    "yes but only in /tmp",
    "sure, if the tests pass",
    "ja",
    "what does it do?",
    "also update the README",
    "yes?",
    "!important: look at the tests first",
    "🎉",
  ])("%j is answered with one line, and goes nowhere", async (words) => {
    const { clock, say, given, prompts, answersTo, marks } = await createWaiting();
    const post = await say(words);
    await clock.advance(60_000);
    expect(given()).toEqual([]);
    expect(prompts()).toEqual([]);
    expect(answersTo(post)).toEqual([
      expect.stringMatching(/A permission waits: \*\*bash\*\* `rm -rf build`.*was not sent/),
    ]);
    expect(marks(post.id)).toEqual([]);
  });

  test("nor does a file that I send goes on unseen", async () => {
    const { clock, sayWithFile, prompts, answersTo } = await createWaiting();
    const post = await sayWithFile("");
    await clock.advance(60_000);
    expect(prompts()).toEqual([]);
    expect(answersTo(post)).toEqual([expect.stringContaining("A permission waits")]);
  });

  test("with several of them, the line says how to answer", async () => {
    const { clock, ask, say, answersTo, given } = await createWaiting();
    await ask("per_2", "ls");
    const post = await say("what are these?");
    await clock.advance(1_000);
    expect(given()).toEqual([]);
    expect(answersTo(post)).toEqual([expect.stringContaining("2 permissions wait")]);
  });

  test("what I wrote before it was asked is a prompt as ever", async () => {
    const { chat, clock, mapping, ask, deliver, prompts } = await createAskingThread();
    const post = await chat.say("also update the README", mapping().rootPostId);
    await clock.advance(1_000);
    await ask("per_1", "ls");
    deliver(post);
    await clock.advance(1_000);
    expect(prompts()).toEqual(["also update the README"]);
  });

  test("and once it is decided, the next message is a prompt", async () => {
    const { clock, say, prompts } = await createWaiting();
    await say("no");
    await clock.advance(1_000);
    await say("also update the README");
    await clock.advance(1_000);
    expect(prompts()).toEqual(["also update the README"]);
  });
});

describe("while a question waits", () => {
  const options = ["5", "10", "20"].map((label) => ({ label, description: "" }));

  test("2, where the options are 5, 10 and 20, is asked about, not sent as 10", async () => {
    const { clock, askWhich, say, given, answersTo } = await createAskingThread();
    await askWhich("que_1", { options });
    const post = await say("2");
    await clock.advance(1_000);
    expect(given()).toEqual([]);
    expect(answersTo(post)).toEqual([expect.stringContaining("2 may be the place of `10`")]);
    await say("10");
    await clock.advance(1_000);
    expect(given()).toEqual([["que_1", [["10"]]]]);
  });

  test("1 and 3, where one may be chosen, is not taken in part", async () => {
    const { clock, askWhich, say, given, answersTo } = await createAskingThread();
    await askWhich("que_1", { custom: false });
    const post = await say("1, 3");
    await clock.advance(1_000);
    expect(given()).toEqual([]);
    expect(answersTo(post)).toEqual([expect.stringContaining("Only one can be chosen")]);
  });

  test("only a file: it is told that words are wanted", async () => {
    const { clock, askWhich, sayWithFile, given, answersTo, prompts } = await createAskingThread();
    await askWhich("que_1");
    const post = await sayWithFile("", "schema.sql");
    await clock.advance(1_000);
    expect(given()).toEqual([]);
    expect(prompts()).toEqual([]);
    expect(answersTo(post)).toEqual([
      expect.stringMatching(/takes words, not files.*`schema\.sql` was not given/),
    ]);
  });

  test("two at once: what I write answers neither and goes nowhere", async () => {
    const { clock, askWhich, say, given, answersTo, prompts } = await createAskingThread();
    await askWhich("que_1");
    await askWhich("que_2");
    const post = await say("the first one");
    await clock.advance(1_000);
    expect([...given(), ...prompts()]).toEqual([]);
    expect(answersTo(post)).toEqual([expect.stringContaining("2 questions wait")]);
  });
});
