// `!undo`, `!redo`, `!retry` and `!fork`, and the taps for them: each exactly once, on exactly the prompt that is meant.
import { describe, expect, test } from "bun:test";
import { HostError } from "../../src/errors.ts";
import { asMessageId } from "../../src/models/ids.ts";
import { createAnsweredThread as createAnswered } from "../support/answered-thread.ts";
import { createBusyThread } from "../support/busy-thread.ts";
import { ROOT } from "../support/events.ts";

describe("!undo", () => {
  test("goes back prompt by prompt, !redo forward again", async () => {
    const { wrote, answerTo, undoneFrom, idOf } = await createAnswered("one", "two", "three");
    expect(answerTo(await wrote("!undo"))).toBe(
      "↩️ **Undone** to before this prompt, files included. `!redo` brings it back until the next prompt.\n> three",
    );
    expect(undoneFrom()).toBe(idOf("three"));
    await wrote("!undo");
    expect(undoneFrom()).toBe(idOf("two"));
    expect(answerTo(await wrote("!redo"))).toContain("with this prompt and its answer");
    expect(undoneFrom()).toBe(idOf("three"));
    expect(answerTo(await wrote("!redo"))).toContain("everything is there again");
    expect(undoneFrom()).toBeUndefined();
    expect(answerTo(await wrote("!redo"))).toContain("Nothing to redo");
  });

  test("in a folder without a repository does not claim to have changed files", async () => {
    const { host, wrote, answerTo } = await createAnswered("one");
    host.checkedOut = undefined;
    expect(answerTo(await wrote("!undo"))).toContain("in a git repository only");
  });

  test("while the session works says why not", async () => {
    const { wrote, answerTo, host } = await createBusyThread();
    expect(answerTo(await wrote("!undo"))).toMatch(
      /^Not done: the session works just now\. `!stop`/,
    );
    expect(host.times("undo")).toBe(0);
  });

  test("right after !stop waits for that", async () => {
    const { wrote, answerTo, end, clock } = await createBusyThread();
    await wrote("!stop");
    const undo = await wrote("!undo");
    await end();
    await clock.advance(3_000);
    expect(answerTo(undo)).toContain("**Undone**");
  });

  test("that timed out after it was done is done", async () => {
    const { wrote, answerTo, host, undoneFrom, idOf } = await createAnswered("one", "two");
    host.fail("undo", new HostError("no answer", { kind: "unknown" }), { after: true });
    expect(answerTo(await wrote("!undo"))).toContain("**Undone**");
    expect(undoneFrom()).toBe(idOf("two"));
  });

  test("that nobody answered is perhaps done, and not done twice", async () => {
    const { wrote, answerTo, host, clock } = await createAnswered("one", "two");
    host.fail("undo", new HostError("no answer", { kind: "unknown" }));
    const undo = await wrote("!undo");
    await clock.advance(10_000);
    expect(answerTo(undo)).toMatch(/^⚠️ \*\*Perhaps done\*\*/);
    expect(host.times("undo")).toBe(1);
  });
});

describe("when the process dies", () => {
  test.each(["before", "after"])("%s an undo was done: it is undone once", async (when) => {
    const world = await createAnswered("one", "two", "three");
    const { host, wrote, die, takenOver, clock, undoneFrom, idOf, answerTo, store } = world;
    const { update } = store;
    if (when === "before") host.hang("undo");
    else {
      store.update = (...given) => (undoneFrom() ? new Promise(() => undefined) : update(...given));
    }
    const undo = await wrote("!undo");
    await clock.advance(100);
    die();
    store.update = update;
    await takenOver();
    await clock.advance(10_000);
    expect(undoneFrom()).toBe(idOf("three"));
    expect(answerTo(undo)).toContain("> three");
  });

  test("and something was prompted since, that is not undone with it", async () => {
    const { host, wrote, die, takenOver, clock, undoneFrom, answerTo } =
      await createAnswered("one");
    host.hang("undo");
    const undo = await wrote("!undo");
    die();
    await host.prompt(ROOT, { id: asMessageId("msg_later"), text: "later", files: [], paths: [] });
    await takenOver();
    await clock.advance(10_000);
    expect(undoneFrom()).toBeUndefined();
    expect(answerTo(undo)).toMatch(/Perhaps done/);
  });

  test.each(["before", "after"])("%s a fork was made: there is one", async (when) => {
    const world = await createAnswered("one", "two");
    const { host, wrote, die, takenOver, clock, forks, answerTo, besides } = world;
    if (when === "before") host.hang("fork");
    else host.fail("fork", new HostError("no answer", { kind: "unknown" }), { after: true });
    const fork = await wrote("!fork");
    if (when === "before") {
      die();
      await takenOver();
    }
    await clock.advance(10_000);
    expect(forks()).toHaveLength(1);
    expect(answerTo(fork)).toContain("🔀 **Forked** into [");
    expect(besides).toHaveLength(1);
  });

  test("over a retry, it runs once", async () => {
    const { host, wrote, die, takenOver, clock, prompts, begin, end } = await createAnswered("one");
    host.fail("prompt", new HostError("no answer", { kind: "unknown" }), { after: true });
    await wrote("!retry");
    die();
    await takenOver();
    await clock.advance(20_000);
    await begin();
    await end();
    expect(prompts()).toEqual(["one", "one"]);
  });
});

describe("!fork", () => {
  test("from before the third of five has two; both threads link each other", async () => {
    const world = await createAnswered("one", "two", "three", "four", "five");
    const { wrote, answerTo, forks, promptsOf, besides } = world;
    const answer = answerTo(await wrote("!fork 3"));
    const [fork = ""] = forks();
    expect(promptsOf(fork)).toEqual(["one", "two"]);
    expect(answer).toMatch(
      /^🔀 \*\*Forked\*\* into \[.*\(fork \\#1\)\]\(.*ses_fork1\), from before this prompt:\n> three$/,
    );
    expect(besides[0]?.notice).toMatch(
      /^🔀 \*\*A fork\*\* of \[.*\]\(.*_redirect\/pl\/.*\) from before this prompt:\n> three$/,
    );
    await wrote("!fork");
    expect(promptsOf(forks()[1] ?? "")).toHaveLength(5);
  });

  test("with a number that is none lists them", async () => {
    const { wrote, answerTo, forks } = await createAnswered("one", "two");
    expect(answerTo(await wrote("!fork 3"))).toContain("> 1. one\n> 2. two");
    expect(answerTo(await wrote("!fork the last"))).toContain("> 1. one\n> 2. two");
    expect(answerTo(await wrote("!fork 1"))).toContain("nothing comes before the first prompt");
    expect(forks()).toEqual([]);
  });

  test("while the session works has what is whole", async () => {
    const { wrote, begin, answerTo, forks, promptsOf } = await createAnswered("one", "two");
    await wrote("three");
    await begin();
    expect(answerTo(await wrote("!fork"))).toContain("Not done: the session works just now");
    await wrote("!fork 3");
    expect(promptsOf(forks()[0] ?? "")).toEqual(["one", "two"]);
  });

  test("of a session that was taken back has what is left", async () => {
    const { wrote, forks, promptsOf } = await createAnswered("one", "two", "three");
    await wrote("!undo");
    await wrote("!fork");
    expect(promptsOf(forks()[0] ?? "")).toEqual(["one", "two"]);
  });
});

describe("!retry", () => {
  test("runs the last prompt again, and says so by a mark", async () => {
    const { wrote, begin, prompts, marksOf, answerTo } = await createAnswered("one", "two");
    const retry = await wrote("!retry");
    await begin();
    expect(prompts()).toEqual(["one", "two", "two"]);
    expect(marksOf(retry)).toEqual(["eyes"]);
    expect(answerTo(retry)).toBeUndefined();
  });

  test("takes the files along that came with it", async () => {
    const { sayWithFile, begin, end, wrote, host, clock } = await createBusyThread(false);
    await sayWithFile("look at this");
    await clock.advance(1_000);
    await begin();
    await end();
    await wrote("!retry");
    await clock.advance(1_000);
    expect(host.prompts[1]?.prompt).toMatchObject({
      text: "look at this",
      files: [{ name: "log.txt" }],
    });
  });

  test("without a prompt, and while the session works, says why not", async () => {
    const idle = await createBusyThread(false);
    expect(idle.answerTo(await idle.wrote("!retry"))).toContain("Nothing to run again");
    const busy = await createBusyThread();
    expect(busy.answerTo(await busy.wrote("!retry"))).toContain("Not done: the session works");
    expect(busy.prompts()).toEqual(["first"]);
  });
});
