// 🔁 ↩️ 🔀 on a prompt: each for exactly that prompt, once.
import { describe, expect, test } from "bun:test";
import { HostError } from "../../src/errors.ts";
import { createAnsweredThread as createAnswered } from "../support/answered-thread.ts";

const UNDO = "leftwards_arrow_with_hook";
const FORK = "twisted_rightwards_arrows";
const AGAIN = "repeat";

describe("a tap on a prompt", () => {
  test("is for exactly that one: ↩️ takes back to before it, 🔀 forks from before it, 🔁 runs it again", async () => {
    const world = await createAnswered("one", "two", "three");
    const { posts, tapped, undoneFrom, idOf, forks, promptsOf, wrote, prompts, found } = world;
    const [, two] = posts;
    if (!two) throw new Error("no post");
    await tapped(two, UNDO);
    expect(undoneFrom()).toBe(idOf("two"));
    await wrote("!redo");
    await wrote("!redo");
    await tapped(two, FORK);
    expect(promptsOf(forks()[0] ?? "")).toEqual(["one"]);
    await tapped(two, AGAIN);
    expect(prompts()).toEqual(["one", "two", "three", "two"]);
    await world.begin();
    expect(found(/🔁 run again\n> two/)).toBeDefined();
  });

  test("hits it after another process has taken the thread over, too", async () => {
    const world = await createAnswered("one", "two", "three");
    const { posts, tapped, undoneFrom, idOf, die, takenOver } = world;
    die();
    await takenOver();
    if (posts[1]) await tapped(posts[1], UNDO);
    expect(undoneFrom()).toBe(idOf("two"));
  });

  test("counts once however often it is delivered", async () => {
    const world = await createAnswered("one", "two");
    const { posts, forks, clock, deliverTap } = world;
    const [, two] = posts;
    if (!two) throw new Error("no post");
    const tap = { postId: two.id, emoji: FORK, createdMs: clock.now() };
    deliverTap(tap);
    deliverTap(tap);
    await clock.advance(3_000);
    expect(forks()).toHaveLength(1);
  });

  test("on what is no prompt, or a stray one, does nothing", async () => {
    const world = await createAnswered("one");
    const { tapped, wrote, posts, undoneFrom, forks, prompts, answers } = world;
    const command = await wrote("!queue");
    const before = answers().length;
    for (const emoji of [UNDO, FORK, AGAIN]) await tapped(command, emoji);
    if (posts[0]) await tapped(posts[0], "heart");
    expect([undoneFrom(), forks(), prompts()]).toEqual([undefined, [], ["one"]]);
    expect(answers()).toHaveLength(before);
  });

  test("that nobody answered says so, and is not done again", async () => {
    const { posts, tapped, forks, clock, host, found } = await createAnswered("one", "two");
    host.fail("fork", new HostError("no answer", { kind: "unknown" }));
    if (posts[1]) await tapped(posts[1], FORK);
    await clock.advance(10_000);
    expect(found(/^⚠️ \*\*Perhaps done\*\*/)).toBeDefined();
    expect(forks()).toEqual([]);
    expect(host.times("fork")).toBe(1);
  });

  test("while the session works says why not", async () => {
    const { posts, tapped, wrote, begin, undoneFrom, found } = await createAnswered("one");
    await wrote("two");
    await begin();
    if (posts[0]) await tapped(posts[0], UNDO);
    expect(found(/^Not done: the session works just now/)).toBeDefined();
    if (posts[0]) await tapped(posts[0], AGAIN);
    expect(found(/then tap again/)).toBeDefined();
    expect(undoneFrom()).toBeUndefined();
  });

  test("on a prompt that was undone for good says that it is not there", async () => {
    const { posts, tapped, wrote, begin, end, found, forks } = await createAnswered("one", "two");
    await wrote("!undo");
    await wrote("three");
    await begin();
    await end();
    if (posts[1]) await tapped(posts[1], FORK);
    expect(found(/that prompt is not in the session any more/)).toBeDefined();
    expect(forks()).toEqual([]);
  });
});
