// Answers that come late, early, twice, or from two seats at once.
import { describe, expect, test } from "bun:test";
import { HostError } from "../../../src/errors.ts";
import { createAskingThread } from "../../support/asking-thread.ts";
import { aSession, ROOT, status } from "../../support/events.ts";
import { refused, unreachable } from "../../support/fake-chat.ts";

describe("what was written before a request was asked", () => {
  test("does not allow it, and is told so", async () => {
    const { chat, clock, mapping, ask, inTerminal, deliver, given, answers } =
      await createAskingThread();
    await ask("per_1", "ls");
    const yes = await chat.say("yes", mapping().rootPostId);
    await clock.advance(1_000);
    await inTerminal("per_1");
    await ask("per_2", "rm -rf build");
    deliver(yes);
    await clock.advance(1_000);
    expect(given()).toEqual([]);
    expect(answers().at(-1)).toContain("asked after you wrote this");
  });

  test("unlike what was written when it stood there, before the server said so", async () => {
    const { chat, clock, mapping, ask, byKey, entry, deliver, given } = await createAskingThread();
    const slow = chat.faults.hang("createPost", { after: true });
    await ask("per_1", "rm -rf build");
    entry.runtime.seen(byKey("permission/per_1"));
    deliver(await chat.say("yes", mapping().rootPostId));
    await clock.advance(1_000);
    expect(given()).toEqual([["per_1", "once"]]);
    slow.release();
  });

  test("nor does a command that was", async () => {
    const { chat, clock, mapping, ask, deliver, given } = await createAskingThread();
    const yes = await chat.say("!yes", mapping().rootPostId);
    await clock.advance(1_000);
    await ask("per_1", "rm -rf build");
    deliver(yes);
    await clock.advance(1_000);
    expect(given()).toEqual([]);
  });

  test("is a prompt, not the answer to a question", async () => {
    const { chat, clock, mapping, askWhich, deliver, given, prompts } = await createAskingThread();
    const post = await chat.say("use tabs everywhere", mapping().rootPostId);
    await clock.advance(1_000);
    await askWhich("que_1");
    deliver(post);
    await clock.advance(1_000);
    expect(given()).toEqual([]);
    expect(prompts()).toEqual(["use tabs everywhere"]);
  });

  test("what is written after it answers it", async () => {
    const { clock, say, ask, given } = await createAskingThread();
    await ask("per_1", "ls");
    await say("yes");
    await clock.advance(1_000);
    expect(given()).toEqual([["per_1", "once"]]);
  });
});

describe("taps that nobody heard", () => {
  test("count although the server answers nothing at first", async () => {
    const { chat, clock, recheck, ask, tapUnheard, given } = await createAskingThread();
    await ask("per_1", "ls");
    await tapUnheard("permission/per_1", "white_check_mark");
    chat.faults.fail("reactions", unreachable(), { times: 3 });
    recheck();
    await clock.advance(60_000);
    expect(given()).toEqual([["per_1", "once"]]);
  });

  test("count although the post of another request was deleted", async () => {
    const { chat, clock, recheck, ask, tapUnheard, byKey, given } = await createAskingThread();
    await ask("per_1", "ls");
    await ask("per_2", "pwd");
    await tapUnheard("permission/per_2", "white_check_mark");
    const where = (id: unknown) => id === byKey("permission/per_1").id;
    chat.faults.fail("reactions", refused("gone", 403), { times: 100, where });
    recheck();
    await clock.advance(60_000);
    expect(given()).toEqual([["per_2", "once"]]);
  });

  test("that were taken back do not count", async () => {
    const { clock, recheck, askWhich, tap, tapUnheard, given } = await createAskingThread();
    await askWhich("que_1", { multiple: true });
    await tap("question/que_1/0", "one");
    await tap("question/que_1/0", "two");
    await clock.advance(1_000);
    await tapUnheard("question/que_1/0", "two", false);
    await tapUnheard("question/que_1/0", "white_check_mark");
    recheck();
    await clock.advance(1_000);
    expect(given()).toEqual([["que_1", [["one"]]]]);
  });

  test("a ✅ from before an option was marked does not send it", async () => {
    const { clock, recheck, askWhich, tap, given } = await createAskingThread();
    await askWhich("que_1", { multiple: true });
    await tap("question/que_1/0", "white_check_mark");
    await clock.advance(10);
    await tap("question/que_1/0", "one");
    recheck();
    await clock.advance(1_000);
    expect(given()).toEqual([]);
  });
});

describe("who decided", () => {
  test("what the owner's 🔓 settles besides is the owner's", async () => {
    const { host, clock, ask, tap, inTerminal, byKey } = await createAskingThread();
    await ask("per_1", "npm test");
    await ask("per_2", "npm run build");
    const hold = host.hang("answerPermission");
    await tap("permission/per_1", "unlock");
    await clock.advance(10);
    await inTerminal("per_2", "always");
    hold.release();
    await clock.advance(2_000);
    expect(byKey("permission/per_2").message).toContain("by @alice");
  });

  test("what the terminal denies while the owner allows it is the terminal's", async () => {
    const { host, clock, ask, tap, inTerminal, byKey } = await createAskingThread();
    await ask("per_1", "npm test");
    const hold = host.hang("answerPermission");
    await tap("permission/per_1", "white_check_mark");
    await clock.advance(10);
    await inTerminal("per_1", "reject");
    hold.release();
    await clock.advance(2_000);
    expect(byKey("permission/per_1").message).toMatch(/Denied.*in the terminal/);
  });
});

test("requests whose process died do not go on asking", async () => {
  const { host, clock, process, ask, askWhich, byKey, die } = await createAskingThread();
  await ask("per_1", "rm -rf build");
  await ask("per_2", "ls");
  await askWhich("que_1");
  die();
  for (const gone of [host.pendingPermissions, host.pendingQuestions]) {
    for (const id of gone.keys()) if (id !== "per_2") gone.delete(id);
  }
  await process("b");
  await clock.advance(5_000);
  const { message, reactions } = byKey("permission/per_1");
  expect(message).toBe("⚫ **No longer asked** · **bash**\n`rm -rf build`");
  expect(reactions).toEqual([]);
  expect(byKey("question/que_1/0").message).toStartWith("⚫ **No longer asked** · Which?");
  expect(byKey("permission/per_2").message).toContain("needs your OK");
});

test("what a sub-agent asks that runs by itself goes on being asked after the root's run", async () => {
  const { entry, host, clock, askAs, byKey } = await createAskingThread();
  const child = aSession("ses_child", { parentId: ROOT });
  entry.runtime.apply({ type: "session-created", session: child });
  entry.runtime.apply(status("busy"));
  host.statuses.set(child.id, { kind: "busy" });
  await askAs(child.id, "per_1", "ls");
  await askAs(ROOT, "per_2", "pwd");
  entry.runtime.apply(status("idle"));
  await clock.advance(5_000);
  expect(byKey("permission/per_1").message).toContain("needs your OK");
  expect(byKey("permission/per_2").message).toContain("No longer asked");
});

test("an equal request that comes while the answer is on its way is answered too", async () => {
  const { host, clock, askBy, tap, given } = await createAskingThread();
  await askBy("per_1", "ls");
  const hold = host.hang("answerPermission");
  await tap("permission/per_1", "white_check_mark");
  await clock.advance(10);
  await askBy("per_2", "ls");
  hold.release();
  await clock.advance(2_000);
  expect(given().map(([id]) => id)).toEqual(["per_1", "per_2"]);
});

test("an answer that fails again is told again", async () => {
  const { host, clock, ask, tap, tapUnheard, answers } = await createAskingThread();
  await ask("per_1", "ls");
  for (let times = 0; times < 2; times++) {
    host.fail("answerPermission", new HostError("no answer", { kind: "unknown" }));
    await tap("permission/per_1", "white_check_mark");
    await clock.advance(1_000);
    await tapUnheard("permission/per_1", "white_check_mark", false);
  }
  expect(answers().filter((text) => text.includes("Not done"))).toHaveLength(2);
});

test("always, where that is not offered, allows nothing and is told so", async () => {
  const { clock, say, ask, tap, given, answers } = await createAskingThread();
  await ask("per_1", "ls", []);
  await say("always");
  await tap("permission/per_1", "unlock");
  await clock.advance(1_000);
  expect(given()).toEqual([]);
  expect(answers().at(-1)).toContain("cannot be allowed for always");
});

test("a number that is one option's place and another's name is asked about", async () => {
  const { clock, say, askWhich, given, answers } = await createAskingThread();
  const options = ["2", "4", "8"].map((label) => ({ label, description: "" }));
  await askWhich("que_1", { options });
  await say("2");
  await clock.advance(1_000);
  expect(given()).toEqual([]);
  expect(answers().at(-1)).toContain("Tap the one that you mean");
  await say("8");
  await clock.advance(1_000);
  expect(given()).toEqual([["que_1", [["8"]]]]);
});

test("files that come with an answer are not dropped without a word", async () => {
  const { chat, clock, mapping, askWhich, deliver, answers } = await createAskingThread();
  await askWhich("que_1");
  const id = await chat.as("alice").upload(chat.dm, "design.png", new Uint8Array([1]));
  deliver(await chat.say("like this", mapping().rootPostId, [id]));
  await clock.advance(1_000);
  expect(answers().at(-1)).toContain("`design.png`");
});
