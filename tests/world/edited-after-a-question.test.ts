// A message that the bot could only ask about is answered by editing it.
import { describe, expect, test } from "bun:test";
import { createAskingThread } from "../support/asking-thread.ts";
import { createStreet } from "../support/several-gateways.ts";

describe("in a thread", () => {
  test.each(["stop", "!stpo", "!stop using tabs"])("%j, edited to !stop, stops", async (words) => {
    const { clock, host, works, say, edit, answersTo, prompts } = await createAskingThread();
    works();
    const post = await say(words);
    await clock.advance(1_000);
    expect(answersTo(post)).toHaveLength(1);
    await edit(post.id, "!stop");
    await clock.advance(10_000);
    expect(host.aborted.length).toBeGreaterThan(0);
    expect(prompts()).toEqual([]);
    expect(answersTo(post)).toEqual(["✏️ Acted on as you have edited it."]);
  });

  test("a yes that was mistyped allows once it is right, and never twice", async () => {
    const { clock, ask, say, edit, given, answersTo, answers } = await createAskingThread();
    await ask("per_1", "rm -rf build");
    const post = await say("yse");
    await clock.advance(1_000);
    await edit(post.id, "yes");
    await clock.advance(1_000);
    expect(given()).toEqual([["per_1", "once"]]);
    await ask("per_2", "ls");
    await edit(post.id, "always");
    await clock.advance(1_000);
    expect(given()).toEqual([["per_1", "once"]]);
    expect(answersTo(post)[0]).toContain("as you have edited it");
    expect(answers().at(-1)).toContain("This came too late");
  });

  test("it allows nothing that was asked after it was written", async () => {
    const { clock, works, say, edit, ask, given } = await createAskingThread();
    works();
    const post = await say("!yse");
    const early = await say("stop");
    await clock.advance(1_000);
    await ask("per_1", "rm -rf build");
    for (const { id } of [post, early]) await edit(id, "!yes");
    await clock.advance(10_000);
    expect(given()).toEqual([]);
  });

  test("edited to a prompt it is sent, and the old answer does not say otherwise", async () => {
    const { clock, say, edit, answersTo, prompts } = await createAskingThread();
    const post = await say("!stpo");
    await clock.advance(1_000);
    await edit(post.id, "run the tests");
    await clock.advance(10_000);
    expect(prompts()).toEqual(["run the tests"]);
    expect(answersTo(post).join("\n")).not.toContain("Nothing was sent");
  });

  test("asked about again, the answer is about what it says now", async () => {
    const { clock, say, edit, answersTo, prompts } = await createAskingThread();
    const post = await say("!stpo");
    await clock.advance(1_000);
    await edit(post.id, "!hlep");
    await clock.advance(5_000);
    expect(answersTo(post)).toEqual([expect.stringContaining("did you mean `!help`")]);
    await edit(post.id, "!help");
    await clock.advance(5_000);
    expect(answersTo(post)).toEqual([expect.stringContaining("**In this thread**")]);
    expect(prompts()).toEqual([]);
  });

  test("more than 15 minutes later it is too late", async () => {
    const { clock, host, works, say, edit, answers } = await createAskingThread();
    works();
    const post = await say("!stpo");
    await clock.advance(20 * 60_000);
    await edit(post.id, "!stop");
    await clock.advance(10_000);
    expect(host.aborted).toEqual([]);
    expect(answers().at(-1)).toContain("This came too late");
  });
});

describe("in the main DM", () => {
  async function createOffice() {
    const street = createStreet();
    const { chat, clock, answersTo } = street;
    const one = street.process("one");
    await one.up();
    await one.open();
    return {
      ...street,
      async says(first: string, ...then: readonly string[]) {
        const post = await chat.say(first);
        await clock.advance(2_000);
        for (const words of then) {
          await chat.as("alice").editPost(post.id, words, "normal");
          await clock.advance(2_000);
        }
        return answersTo(post.id);
      },
    };
  }

  test.each(["!sesions", "sessions", "!stop", "fix it"])(
    "%j, edited to !sessions",
    async (words) => {
      const { says } = await createOffice();
      const [first, second] = await says(words, "!sessions");
      expect(first).not.toContain("🟢");
      expect(second).toContain("🟢");
    },
  );

  test("what was done once is not done again", async () => {
    const { says } = await createOffice();
    const answers = await says("!sesions", "!sessions", "!projects");
    expect(answers).toHaveLength(3);
    expect(answers[1]).toContain("🟢");
    expect(answers[2]).toContain("This came too late");
    const done = await says("!sessions", "!projects");
    expect(done.at(-1)).toContain("This came too late");
  });
});

describe("while the connection is away", () => {
  async function createOutage() {
    const street = createStreet();
    const { chat, clock } = street;
    const one = street.process("one");
    await one.up();
    const { rootId } = await one.open();
    return {
      ...street,
      one,
      rootId,
      async edits(first: string, then: string, inThread = true) {
        const post = await chat.say(first, inThread ? rootId : undefined);
        await clock.advance(5_000);
        one.socket.drop();
        await clock.advance(1_000);
        await chat.as("alice").editPost(post.id, then, "normal");
        await clock.advance(30_000);
        for (let times = 0; times < 2; times++) {
          one.socket.live();
          await clock.advance(10_000);
          one.socket.drop();
        }
        return post;
      },
    };
  }

  test("an edit of what was sent is told to come too late, once", async () => {
    const { edits, rootId, saidIn, one } = await createOutage();
    const post = await edits("fix teh bug", "fix the bug");
    expect(one.host.prompted.get(post.id)).toBe(1);
    expect(saidIn(rootId).match(/This came too late/g)).toHaveLength(1);
  });

  test("what could only be asked about is acted on as it is now, once", async () => {
    const { edits, one } = await createOutage();
    const post = await edits("!stpo", "run the tests");
    expect(one.host.prompted.get(post.id)).toBe(1);
  });

  test("so it is in the main DM", async () => {
    const { edits, answersTo } = await createOutage();
    const post = await edits("!sesions", "!sessions", false);
    expect(answersTo(post.id).filter((text) => text.includes("🟢"))).toHaveLength(1);
  });
});
