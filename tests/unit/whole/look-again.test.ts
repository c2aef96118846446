// A reply that one process took before another one got the thread: acted on once, and never left without a word.
import { expect, test } from "bun:test";
import { HostError } from "../../../src/errors.ts";
import { noAnswer } from "../../support/fake-chat.ts";
import { createHouse } from "../../support/two-processes.ts";

/** `a` has taken a reply and gives it to OpenCode, which hangs; meanwhile the session begins to work in `b`. */
async function createHandover() {
  const house = await createHouse();
  const a = await house.process("a");
  const gate = Promise.withResolvers<void>();
  const { prompt } = a.host;
  a.host.prompt = async (id, given) => {
    await gate.promise;
    await prompt(id, given);
  };
  const post = await house.say("go on");
  await house.clock.advance(1_000);
  const b = await house.process("b");
  b.entry.runtime.apply({
    type: "session-updated",
    session: { ...house.session, title: "Renamed in b" },
  });
  await house.clock.advance(3_000);
  expect(a.lost()).toBe(1);
  expect(house.prompts()).toEqual([]);
  return { ...house, a, b, post, release: gate.resolve, fail: gate.reject };
}

test("the process that took it acts on it after all: it runs once", async () => {
  const { clock, release, prompts, post, marks, answers } = await createHandover();
  await clock.advance(20_000);
  release();
  await clock.advance(120_000);
  expect(prompts()).toEqual(["go on"]);
  expect(marks(post.id)).toContain("eyes");
  expect(answers().filter((text) => text.includes("Not sent"))).toEqual([]);
});

test("the process that took it dies: the next owner runs it", async () => {
  const { clock, a, prompts, post, marks } = await createHandover();
  await clock.advance(7_000);
  a.die();
  await clock.advance(120_000);
  expect(prompts()).toEqual(["go on"]);
  expect(marks(post.id)).toContain("eyes");
});

test("it dies, and so does the next owner before it has looked: the one after that runs it", async () => {
  const { clock, a, b, process, prompts } = await createHandover();
  a.die();
  b.die();
  await process("c");
  await clock.advance(120_000);
  expect(prompts()).toEqual(["go on"]);
});

test("the process that took it cannot send it: it says so, though the thread is another's by now", async () => {
  const { clock, fail, prompts, answers } = await createHandover();
  fail(new HostError("no model is set", { kind: "refused" }));
  await clock.advance(120_000);
  expect(prompts()).toEqual([]);
  expect(answers()).toEqual([expect.stringContaining("**Not sent**: no model is set")]);
});

test("what waited for long may have been sent by others; where that cannot be found out it is not called unsent", async () => {
  const { clock, host, say, prompts, answers, process } = await createHouse();
  await process("a");
  const held = host.hang("prompt");
  await say("one");
  await say("two");
  await clock.advance(15_000);
  host.fail("messages", new HostError("no answer", { kind: "unknown" }), { times: 99 });
  held.release();
  await clock.advance(5_000);
  expect(prompts()).toEqual(["one"]);
  expect(answers()).toEqual([expect.stringContaining("**Perhaps not sent**: no answer")]);
});

test("OpenCode does not say whether it has it: neither does the thread", async () => {
  const { clock, host, say, answers, process } = await createHouse();
  await process("a");
  host.fail("prompt", new HostError("no answer", { kind: "unknown" }), { times: 9, after: true });
  host.fail("hasMessage", new HostError("no answer", { kind: "unknown" }), { times: 99 });
  await say("go on");
  await clock.advance(120_000);
  expect(answers()).toEqual([expect.stringContaining("**Perhaps not sent**: no answer")]);
});

test("an answer that waits for Mattermost when the thread goes is posted all the same, once", async () => {
  const house = await createHouse();
  const a = await house.process("a");
  house.chat.faults.fail("createPost", noAnswer(), { times: 40 });
  const post = await house.say("!halp");
  await house.clock.advance(0);
  await house.process("b");
  // Only now `a` learns that the thread is another's.
  await house.say("go on");
  await house.clock.advance(1_000);
  expect(a.lost()).toBe(1);
  expect(house.answers()).toEqual([]);
  house.chat.faults.clear();
  await house.clock.advance(300_000);
  expect(house.answersTo(post.id)).toEqual([expect.stringContaining("did you mean `!help`")]);
});

test("an answer that a process owes is not made twice where its first try came through late", async () => {
  const house = await createHouse();
  const a = await house.process("a");
  const hold = house.chat.faults.hang("createPost");
  const post = await house.say("!halp");
  await house.clock.advance(0);
  await house.process("b");
  await house.say("go on");
  await house.clock.advance(20_000);
  expect(a.lost()).toBe(1);
  hold.release();
  await house.clock.advance(120_000);
  expect(house.answersTo(post.id)).toHaveLength(1);
});

test("answers that wait for Mattermost are kept, however many those are", async () => {
  const house = await createHouse();
  await house.process("a");
  house.chat.faults.fail("createPost", noAnswer(), { times: 20 });
  for (let at = 0; at < 80; at++) await house.say("!halp");
  await house.clock.advance(10 * 60_000);
  expect(house.answers()).toHaveLength(80);
});
