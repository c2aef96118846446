// I edit or delete what I wrote.
import { describe, expect, test } from "bun:test";
import { createAskingThread } from "../support/asking-thread.ts";
import { createStreet } from "../support/several-gateways.ts";
import { createHouse } from "../support/two-processes.ts";

const TOO_LATE = expect.stringContaining("This came too late");

/** A thread whose lane is held up by a file that is still being fetched. */
async function createHeldUp() {
  const thread = await createAskingThread();
  const download = thread.chat.faults.hang("download");
  const file = await thread.sayWithFile("look at this");
  await download.reached;
  return { ...thread, file, download };
}

describe("while it waits for its turn", () => {
  test("an edit is what is sent, once, and nothing is said of it", async () => {
    const { clock, say, edit, download, prompts, answersTo } = await createHeldUp();
    const post = await say("use tasb");
    await clock.advance(100);
    await edit(post.id, "use tabs");
    download.release();
    await clock.advance(60_000);
    expect(prompts()).toEqual(["look at this", "use tabs"]);
    expect(answersTo(post)).toEqual([]);
  });

  test("so is the edit of the message whose file is being fetched", async () => {
    const { clock, file, edit, download, prompts, host, answersTo } = await createHeldUp();
    await edit(file.id, "look at this, and mend it");
    download.release();
    await clock.advance(60_000);
    expect(prompts()).toEqual(["look at this, and mend it"]);
    expect(host.prompts[0]?.prompt.files).toHaveLength(1);
    expect(answersTo(file)).toEqual([]);
  });

  test("what is deleted is not sent", async () => {
    const { clock, say, remove, file, download, prompts, answersTo } = await createHeldUp();
    const post = await say("drop the database");
    await clock.advance(100);
    await remove(post.id);
    await remove(file.id);
    download.release();
    await clock.advance(60_000);
    expect(prompts()).toEqual([]);
    expect([...answersTo(post), ...answersTo(file)]).toEqual([]);
  });

  test("an edit or a deletion that nobody heard of counts too", async () => {
    const { chat, clock, say, download, prompts } = await createHeldUp();
    const [edited, deleted] = [await say("use tasb"), await say("drop the database")];
    await clock.advance(10_000);
    await chat.as("alice").editPost(edited.id, "use tabs", "normal");
    await chat.as("alice").deletePost(deleted.id);
    await clock.advance(10_000);
    download.release();
    await clock.advance(60_000);
    expect(prompts()).toEqual(["look at this", "use tabs"]);
  });

  test("edited into a !stop, it stops", async () => {
    const { clock, works, say, edit, host, download, prompts } = await createHeldUp();
    works();
    const post = await say("go on");
    await clock.advance(100);
    await edit(post.id, "!stop");
    await clock.advance(100);
    expect(host.aborted).toHaveLength(1);
    download.release();
    await clock.advance(60_000);
    expect(prompts()).toEqual([]);
  });
});

describe("when it has been sent", () => {
  test("an edit gets one line, however often I edit, and nothing is run again", async () => {
    const { clock, say, edit, prompts, answersTo } = await createAskingThread();
    const post = await say("use tasb");
    await clock.advance(1_000);
    for (const text of ["use tabs", "use tabs!", "use tabs, please"]) {
      await edit(post.id, text);
      await clock.advance(1_000);
    }
    expect(prompts()).toEqual(["use tasb"]);
    expect(answersTo(post)).toEqual([TOO_LATE]);
  });

  test("a deletion gets one line", async () => {
    const { clock, say, remove, prompts, answersTo } = await createAskingThread();
    const post = await say("drop the database");
    await clock.advance(1_000);
    await remove(post.id);
    await clock.advance(1_000);
    expect(prompts()).toEqual(["drop the database"]);
    expect(answersTo(post)).toEqual([TOO_LATE]);
  });

  test("so does the edit of an answer or a command; its deletion is no matter", async () => {
    const { clock, ask, say, edit, remove, given, answersTo } = await createAskingThread();
    await ask("per_1", "ls");
    const yes = await say("yes");
    await clock.advance(1_000);
    await edit(yes.id, "no");
    const stop = await say("!stop");
    await clock.advance(1_000);
    await remove(stop.id);
    await clock.advance(1_000);
    expect(given()).toEqual([["per_1", "once"]]);
    expect(answersTo(yes)).toEqual([TOO_LATE]);
    expect(answersTo(stop)).toHaveLength(1);
  });

  test("a pin, or whatever else changes a post and not its words, gets none", async () => {
    const { clock, say, edit, touch, answersTo } = await createAskingThread();
    const waited = await say("use tabs");
    await clock.advance(1_000);
    touch(waited.id);
    await clock.advance(1_000);
    expect(answersTo(waited)).toEqual([]);
    const held = await say("!help");
    await edit(held.id, "!helpp");
    await clock.advance(1_000);
    touch(held.id);
    await clock.advance(1_000);
    expect(answersTo(held)).toEqual([expect.stringContaining("In this thread"), TOO_LATE]);
  });

  test("after a restart too", async () => {
    const { clock, process, say, edit, remove, prompts, answers } = await createHouse();
    const first = await process("a");
    const [edited, deleted] = [await say("one"), await say("two")];
    await clock.advance(1_000);
    first.die();
    await clock.advance(60_000);
    await process("b");
    await edit(edited.id, "one, please");
    await remove(deleted.id);
    await clock.advance(1_000);
    expect(prompts()).toEqual(["one", "two"]);
    expect(answers().filter((text) => text.includes("This came too late"))).toHaveLength(2);
  });
});

describe("▶️ on late replies", () => {
  async function createOffered() {
    const house = await createHouse();
    const { clock, process } = house;
    (await process("a")).die();
    const posts = [await house.say("one"), await house.say("two"), await house.say("three")];
    await clock.advance(3_600_000);
    await process("b");
    await clock.advance(1_000);
    return { ...house, ids: posts.map(({ id }) => id) };
  }

  test("runs them as they stand by then", async () => {
    const { chat, clock, edit, remove, react, offer, prompts, ids, answers } =
      await createOffered();
    const [one, two, three] = ids;
    if (!one || !two || !three) throw new Error("Three are offered.");
    await edit(one, "one, edited");
    await remove(two);
    await chat.as("alice").editPost(three, "three, edited unheard", "normal");
    await clock.advance(1_000);
    await react(offer().id, "arrow_forward");
    await clock.advance(60_000);
    expect(prompts()).toEqual(["one, edited", "three, edited unheard"]);
    expect(answers().join("\n")).not.toContain("too late");
  });

  test("says so where all are deleted", async () => {
    const { clock, remove, react, offer, prompts, ids, answers } = await createOffered();
    for (const id of ids) await remove(id);
    await react(offer().id, "arrow_forward");
    await clock.advance(60_000);
    expect(prompts()).toEqual([]);
    expect(answers().at(-1)).toContain("you have deleted these messages");
  });
});

describe("in the main DM", () => {
  async function createOffice() {
    const street = createStreet();
    const one = street.process("one");
    await one.up();
    await one.open();
    const gate = Promise.withResolvers<void>();
    const { create } = one.host;
    one.host.create = async () => {
      await gate.promise;
      return create();
    };
    const prompts: string[] = [];
    const { prompt } = one.host;
    one.host.prompt = (id, given) => {
      prompts.push(given.text);
      return prompt(id, given);
    };
    return { ...street, prompts, release: gate.resolve };
  }

  test("a command that waits follows the edit, or is dropped", async () => {
    const { chat, clock, prompts, release, answersTo } = await createOffice();
    const alice = chat.as("alice");
    await chat.say("!new project first");
    const edited = await chat.say("!new project secnod");
    const deleted = await chat.say("!new project third");
    await clock.advance(100);
    await alice.editPost(edited.id, "!new project second", "normal");
    await alice.deletePost(deleted.id);
    await clock.advance(100);
    release();
    await clock.advance(60_000);
    expect(prompts).toEqual(["first", "second"]);
    expect(answersTo(deleted.id)).toEqual([]);
  });

  test("the edit of one that has been run gets one line", async () => {
    const { chat, clock, answersTo } = await createOffice();
    const post = await chat.say("!projects");
    await clock.advance(1_000);
    await chat.as("alice").editPost(post.id, "!sessions", "normal");
    await clock.advance(1_000);
    expect(answersTo(post.id)).toEqual([expect.stringContaining("**project**"), TOO_LATE]);
  });
});
