// `!queue`: prompts that wait for the session to be idle, in their order.
import { describe, expect, test } from "bun:test";
import { HostError, StoreError } from "../../src/errors.ts";
import { createBusyThread as createBusy } from "../support/busy-thread.ts";
import { unreachable } from "../support/fake-chat.ts";

describe("while the session works", () => {
  test("what is queued waits with 📥, and runs one after the other when the run is over", async () => {
    const { wrote, marksOf, prompts, begin, end } = await createBusy();
    const [two, three] = [await wrote("!queue second"), await wrote("!q third")];
    expect(marksOf(two)).toEqual(["inbox_tray"]);
    expect(prompts()).toEqual(["first"]);
    await end();
    expect(prompts()).toEqual(["first", "second"]);
    await begin();
    expect(marksOf(two)).toEqual(["eyes"]);
    expect(marksOf(three)).toEqual(["inbox_tray"]);
    await end();
    expect(prompts()).toEqual(["first", "second", "third"]);
    await begin();
    await end();
    expect(prompts()).toEqual(["first", "second", "third"]);
  });

  test("a reply is sent at once and steers; the queue waits for that too", async () => {
    const { wrote, prompts, begin, end } = await createBusy();
    await wrote("!queue second");
    await wrote("no, differently");
    expect(prompts()).toEqual(["first", "no, differently"]);
    await begin();
    await end();
    expect(prompts()).toEqual(["first", "no, differently", "second"]);
  });

  test("it is listed with its order", async () => {
    const { wrote, answerTo } = await createBusy();
    await wrote("!queue fix the tests");
    await wrote("!queue then\ncommit");
    expect(answerTo(await wrote("!queue"))).toBe(
      "📥 2 queued prompts. Run in this order when the run is over:\n> 1. fix the tests\n> 2. then commit\n`!unqueue N` or ❌ on its post takes one out.",
    );
    expect(answerTo(await wrote("!unqueue"))).toContain("`!unqueue N|all`");
  });

  test("an edit changes it, a deletion drops it, and nobody calls that too late", async () => {
    const { chat, clock, wrote, edit, remove, prompts, begin, end } = await createBusy();
    const [two, three, four] = [
      await wrote("!queue second"),
      await wrote("!queue third"),
      await wrote("!queue fourth"),
    ];
    await edit(two.id, "!queue second, but better");
    await remove(three.id);
    await edit(four.id, "fourth, without the command");
    await clock.advance(1_000);
    for (let turn = 0; turn < 3; turn++) {
      await end();
      if (turn < 2) await begin();
    }
    expect(prompts()).toEqual(["first", "second, but better", "fourth, without the command"]);
    expect(chat.posts().filter(({ message }) => /too late/.test(message))).toEqual([]);
  });

  test("an edit to another command does not reach the model", async () => {
    const { wrote, edit, prompts, end, answerTo, marksOf } = await createBusy();
    const two = await wrote("!queue second");
    await edit(two.id, "!stop");
    await end();
    expect(prompts()).toEqual(["first"]);
    expect(answerTo(two)).toContain("`!stop` is a command now");
    expect(marksOf(two)).toEqual(["wastebasket"]);
  });

  test("❌ on its post takes it out, also where nobody heard of that tap", async () => {
    const { chat, identity, clock, wrote, react, marksOf, prompts, end } = await createBusy();
    const [two, three, four] = [
      await wrote("!queue second"),
      await wrote("!queue third"),
      await wrote("!queue fourth"),
    ];
    await react(two.id, "x");
    await clock.advance(1_000);
    expect(marksOf(two)).toEqual(["wastebasket"]);
    await chat.as("alice").react(identity.owner.id, three.id, "x");
    await end();
    expect(prompts()).toEqual(["first", "fourth"]);
    expect(marksOf(three)).toContain("wastebasket");
    expect(marksOf(four)).toEqual(["eyes"]);
  });

  test("!unqueue takes out by number, and names what it took", async () => {
    const { wrote, answerTo, prompts, end, begin } = await createBusy();
    for (const text of ["second", "third", "fourth"]) await wrote(`!queue ${text}`);
    expect(answerTo(await wrote("!unqueue 4"))).toContain("a number from 1 to 3");
    expect(answerTo(await wrote("!unqueue the last one"))).toContain("a number from 1 to 3");
    expect(answerTo(await wrote("!unqueue 2"))).toBe(
      "🗑️ One prompt was taken out of the queue.\n> third",
    );
    await end();
    await begin();
    await end();
    expect(prompts()).toEqual(["first", "second", "fourth"]);
    expect(answerTo(await wrote("!unqueue all"))).toContain("Nothing is queued here");
  });

  test("!unqueue all empties it", async () => {
    const { wrote, answerTo, prompts, end } = await createBusy();
    for (const text of ["second", "third"]) await wrote(`!queue ${text}`);
    expect(answerTo(await wrote("!unqueue all"))).toContain("> second\n> third");
    await end();
    expect(prompts()).toEqual(["first"]);
  });

  test("its files go with it", async () => {
    const { sayWithFile, clock, host, end, begin, wrote } = await createBusy();
    await sayWithFile("!queue look at this");
    await sayWithFile("!queue");
    await clock.advance(1_000);
    await end();
    await begin();
    await end();
    await wrote("go on");
    const [, two, three] = host.prompts.map(({ prompt }) => prompt);
    expect(two).toMatchObject({ text: "look at this", files: [{ name: "log.txt" }] });
    expect(three).toMatchObject({ text: "", files: [{ name: "log.txt" }] });
  });
});

test("in a session that is idle it runs at once", async () => {
  const { wrote, prompts, begin, marksOf } = await createBusy(false);
  const post = await wrote("!queue now");
  await begin();
  expect(prompts()).toEqual(["now"]);
  expect(marksOf(post)).toEqual(["eyes"]);
});

describe("where something does not answer", () => {
  test("Mattermost: the queue goes on when it does", async () => {
    const { chat, wrote, end, clock, prompts } = await createBusy();
    await wrote("!queue second");
    chat.faults.fail("post", unreachable(), { times: 3 });
    await end();
    expect(prompts()).toEqual(["first"]);
    await clock.advance(30_000);
    expect(prompts()).toEqual(["first", "second"]);
  });

  test("OpenCode after it has taken the prompt: it runs once", async () => {
    const { host, wrote, end, clock, begin, prompts } = await createBusy();
    await wrote("!queue second");
    host.fail("prompt", new HostError("no answer", { kind: "unknown" }), { after: true });
    await end();
    await clock.advance(30_000);
    await begin();
    await end();
    await clock.advance(30_000);
    expect(prompts()).toEqual(["first", "second"]);
  });

  test("the disk: nothing is said to be queued", async () => {
    const { store, wrote, answerTo, end, prompts } = await createBusy();
    store.failure = new StoreError("no space left", { kind: "io" });
    expect(answerTo(await wrote("!queue second"))).toContain("did not work: no space left");
    store.failure = undefined;
    await end();
    expect(prompts()).toEqual(["first"]);
  });
});

test("while everything is switched off nothing is run; afterwards it goes on", async () => {
  const { lock, wrote, end, clock, prompts, recheck } = await createBusy();
  await wrote("!queue second");
  lock.set(true, clock.now());
  await end();
  await clock.advance(10_000);
  expect(prompts()).toEqual(["first"]);
  lock.set(false, clock.now());
  recheck();
  await clock.advance(1_000);
  expect(prompts()).toEqual(["first", "second"]);
});
