// What ends or allows something never waits behind what I sent before it.
import { describe, expect, test } from "bun:test";
import { HostError } from "../../src/errors.ts";
import { createAskingThread } from "../support/asking-thread.ts";
import { ROOT } from "../support/events.ts";

const SOON_MS = 200;

/** A thread in which a file of mine is still being fetched, and nothing comes. */
async function createHeldUp() {
  const thread = await createAskingThread();
  const download = thread.chat.faults.hang("download");
  const file = await thread.sayWithFile("look at this log");
  await download.reached;
  return { ...thread, file, download };
}

describe("while a file of mine is still being fetched", () => {
  test("!stop stops the run at once, and the file's prompt does not start afterwards", async () => {
    const { clock, host, works, say, file, download, marks, prompts, answersTo } =
      await createHeldUp();
    works();
    await clock.advance(1_000);
    const stop = await say("!stop");
    await clock.advance(SOON_MS);
    expect(host.aborted).toEqual([ROOT]);
    expect(marks(stop.id)).toEqual(["eyes"]);
    download.release();
    await clock.advance(60_000);
    expect(prompts()).toEqual([]);
    expect(answersTo(file)).toEqual([expect.stringContaining("you stopped the session before")]);
  });

  test("🛑 does too", async () => {
    const { clock, host, works, react, mapping, download, prompts } = await createHeldUp();
    works();
    await clock.advance(1_000);
    await react(mapping().rootPostId, "octagonal_sign");
    await clock.advance(SOON_MS);
    expect(host.aborted).toEqual([ROOT]);
    download.release();
    await clock.advance(60_000);
    expect(prompts()).toEqual([]);
  });

  test("!stop is obeyed also where nothing runs yet", async () => {
    const { clock, say, download, prompts, answersTo, marks } = await createHeldUp();
    const stop = await say("!stop");
    await clock.advance(SOON_MS);
    expect(answersTo(stop)).toEqual([]);
    expect(marks(stop.id)).toEqual(["eyes"]);
    download.release();
    await clock.advance(60_000);
    expect(prompts()).toEqual([]);
  });

  test("what I write after the stop is run", async () => {
    const { clock, say, download, prompts } = await createHeldUp();
    await say("!stop");
    await clock.advance(SOON_MS);
    await say("start over");
    download.release();
    await clock.advance(60_000);
    expect(prompts()).toEqual(["start over"]);
  });

  test.each([
    ["yes", "once"],
    ["!yes", "once"],
    ["always", "always"],
    ["!always", "always"],
    ["no, because", "reject"],
    ["!no", "reject"],
  ])("%j answers the permission at once", async (words, answer) => {
    const { clock, ask, say, given } = await createHeldUp();
    await ask("per_1", "ls");
    await say(words);
    await clock.advance(SOON_MS);
    expect(given()).toEqual([["per_1", answer]]);
  });

  test.each([
    ["white_check_mark", "once"],
    ["unlock", "always"],
    ["x", "reject"],
  ])("a tap on %s does", async (emoji, answer) => {
    const { clock, ask, tap, given } = await createHeldUp();
    await ask("per_1", "ls");
    await tap("permission/per_1", emoji);
    await clock.advance(SOON_MS);
    expect(given()).toEqual([["per_1", answer]]);
  });

  test.each(["2", "two", "in my own words"])("%j answers the question at once", async (words) => {
    const { clock, askWhich, say, given } = await createHeldUp();
    await askWhich("que_1");
    await say(words);
    await clock.advance(SOON_MS);
    expect(given()).toEqual([["que_1", [[words === "2" ? "two" : words]]]]);
  });

  test.each(["!help", "!hlep", "!sessions"])("%s is answered at once", async (command) => {
    const { clock, say, answersTo } = await createHeldUp();
    const post = await say(command);
    await clock.advance(SOON_MS);
    expect(answersTo(post)).toHaveLength(1);
  });

  test("prompts keep their order among themselves", async () => {
    const { clock, say, download, prompts } = await createHeldUp();
    await say("and then this");
    await clock.advance(SOON_MS);
    expect(prompts()).toEqual([]);
    download.release();
    await clock.advance(60_000);
    expect(prompts()).toEqual(["look at this log", "and then this"]);
  });

  test("an answer that is not wanted any more when its turn comes is a prompt, once, in its place", async () => {
    const { clock, ask, inTerminal, host, say, download, prompts } = await createHeldUp();
    await ask("per_1", "ls");
    const slow = host.hang("answerPermission");
    await say("no");
    await clock.advance(SOON_MS);
    await say("yes");
    await say("and then this");
    await inTerminal("per_1");
    slow.release();
    download.release();
    await clock.advance(60_000);
    expect(prompts()).toEqual(["look at this log", "yes", "and then this"]);
  });
});

test("answers keep their order among themselves, however long the first one takes", async () => {
  const { clock, host, ask, say, given, answers } = await createAskingThread();
  await ask("per_1", "ls");
  const slow = host.hang("answerPermission");
  await say("no, not there");
  await clock.advance(SOON_MS);
  await say("!yes");
  await clock.advance(SOON_MS);
  slow.release();
  await clock.advance(SOON_MS);
  expect(given()).toEqual([["per_1", "reject"]]);
  expect(answers().at(-1)).toBe("Nothing waits for an answer here.");
});

describe("a prompt that OpenCode holds back, as for another plugin's hook", () => {
  test("and that it takes after my !stop is stopped as it arrives, and is not sent again", async () => {
    const { clock, host, say, runsNewest, prompts } = await createAskingThread();
    const hook = host.hold("prompt");
    await say("rewrite everything");
    await clock.advance(SOON_MS);
    await say("!stop");
    await clock.advance(SOON_MS);
    expect(host.aborted).toEqual([]);
    hook.release();
    await clock.advance(20);
    runsNewest();
    await clock.advance(SOON_MS);
    expect(host.aborted).toEqual([ROOT]);
    await clock.advance(60_000);
    expect(prompts()).toEqual(["rewrite everything"]);
  });

  test("is not tried again after my !stop where the first try failed", async () => {
    const { clock, host, say, prompts, answersTo } = await createAskingThread();
    host.fail("prompt", new HostError("no answer", { kind: "unknown" }));
    const post = await say("rewrite everything");
    await clock.advance(SOON_MS);
    await say("!stop");
    await clock.advance(60_000);
    expect(host.times("prompt")).toBe(1);
    expect(prompts()).toEqual([]);
    expect(answersTo(post)).toEqual([expect.stringContaining("you stopped the session before")]);
  });
});
