// What I wrote hours ago comes only now: the computer slept, or its socket was away, and the thread stayed open.
import { describe, expect, test } from "bun:test";
import type { Post } from "../../src/models/chat.ts";
import { createAskingThread } from "../support/asking-thread.ts";
import { ROOT, reply, status, user } from "../support/events.ts";
import { createStreet } from "../support/several-gateways.ts";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** A thread, and words that nobody hears before they are delivered. */
async function createSleeping() {
  const thread = await createAskingThread();
  const { chat, clock, mapping, deliver, entry } = thread;
  return {
    ...thread,
    unheard: (text: string): Promise<Post> => chat.say(text, mapping().rootPostId),
    async wakesAfter(ms: number, ...posts: readonly Post[]) {
      await clock.advance(ms);
      for (const post of posts) deliver(post);
      await clock.advance(5_000);
    },
    /** A turn that is begun in the terminal now. */
    begins(id: string) {
      entry.runtime.apply(user(id, clock.now() - ROOT_MS));
      entry.runtime.apply(status("busy"));
      entry.runtime.apply(reply(`${id}-a`, id));
    },
    lastOffer: () => thread.answers().findLast((text) => text.includes("▶️ runs them now")) ?? "",
  };
}
const ROOT_MS = 1_700_000_000_000;

describe("a prompt", () => {
  test("of eight hours ago is offered, not run; a tap runs it", async () => {
    const { unheard, wakesAfter, prompts, lastOffer, react, offer, clock } = await createSleeping();
    const post = await unheard("deploy to production");
    await wakesAfter(8 * HOUR_MS, post);
    expect(prompts()).toEqual([]);
    expect(lastOffer()).toContain("> deploy to production");
    await react(offer().id, "arrow_forward");
    await clock.advance(5_000);
    expect(prompts()).toEqual(["deploy to production"]);
  });

  test("of ten minutes ago is run", async () => {
    const { unheard, wakesAfter, prompts } = await createSleeping();
    await wakesAfter(10 * MINUTE_MS, await unheard("run the tests"));
    expect(prompts()).toEqual(["run the tests"]);
  });

  test("many of them are offered in one post, in their order, each once", async () => {
    const { unheard, wakesAfter, answers, lastOffer, deliver, clock } = await createSleeping();
    const posts = [await unheard("one"), await unheard("two"), await unheard("three")];
    await wakesAfter(8 * HOUR_MS, ...posts);
    for (const post of posts) deliver(post);
    await clock.advance(5_000);
    expect(lastOffer()).toMatch(/> one\n> two\n> three$/);
    expect(answers().filter((text) => text.includes("▶️"))).toHaveLength(1);
  });

  test("one that comes with young ones is offered, and those are run", async () => {
    const { unheard, wakesAfter, prompts, lastOffer, clock } = await createSleeping();
    const old = await unheard("old");
    await clock.advance(HOUR_MS);
    await wakesAfter(MINUTE_MS, old, await unheard("young"));
    expect(prompts()).toEqual(["young"]);
    expect(lastOffer()).toMatch(/> old$/);
  });

  test("that waits for its turn for so long is offered too", async () => {
    const { chat, clock, sayWithFile, say, prompts, lastOffer } = await createSleeping();
    const download = chat.faults.hang("download");
    await sayWithFile("look at this");
    await say("and then deploy");
    await clock.advance(HOUR_MS);
    download.release();
    await clock.advance(5_000);
    expect(prompts()).toEqual(["look at this"]);
    expect(lastOffer()).toContain("> and then deploy");
  });
});

describe("!stop", () => {
  test("of eight hours ago never stops a turn that was begun since", async () => {
    const { unheard, wakesAfter, begins, host, clock, answersTo } = await createSleeping();
    const stop = await unheard("!stop");
    await clock.advance(8 * HOUR_MS);
    begins("msg_new");
    await wakesAfter(MINUTE_MS, stop);
    expect(host.aborted).toEqual([]);
    expect(answersTo(stop)).toEqual([expect.stringContaining("begun after you wrote this")]);
  });

  test("of ten minutes ago neither, and 🛑 neither", async () => {
    const { unheard, wakesAfter, begins, host, clock, entry } = await createSleeping();
    const stop = await unheard("!stop");
    await clock.advance(9 * MINUTE_MS);
    begins("msg_new");
    await wakesAfter(MINUTE_MS, stop);
    expect(host.aborted).toEqual([]);
    expect(entry.runtime.state().run.kind).toBe("busy");
  });

  test("stops the run that went on all the time", async () => {
    const { unheard, wakesAfter, begins, host } = await createSleeping();
    begins("msg_old");
    const stop = await unheard("!stop");
    await wakesAfter(8 * HOUR_MS, stop);
    expect(host.aborted[0]).toBe(ROOT);
  });
});

describe("other words", () => {
  test("yes, of an hour ago, allows nothing unasked", async () => {
    const { unheard, wakesAfter, ask, given, lastOffer } = await createSleeping();
    await ask("per_1", "rm -rf build");
    await wakesAfter(HOUR_MS, await unheard("yes"));
    expect(given()).toEqual([]);
    expect(lastOffer()).toContain("> yes");
  });

  test("nor does !yes, and it is told so", async () => {
    const { unheard, wakesAfter, ask, given, answersTo } = await createSleeping();
    await ask("per_1", "rm -rf build");
    const yes = await unheard("!yes");
    await wakesAfter(HOUR_MS, yes);
    expect(given()).toEqual([]);
    expect(answersTo(yes)).toEqual([expect.stringContaining("Not run: it came 60 min before")]);
  });
});

describe("by whatever way it comes", () => {
  /** A thread of a process whose socket is away. */
  async function createAway() {
    const street = createStreet();
    const one = street.process("one");
    await one.up();
    const { rootId } = await one.open();
    one.socket.drop();
    return { ...street, ...one, rootId };
  }

  test.each([true, false])("the socket is back (resumed: %p)", async (resumed) => {
    const { chat, clock, socket, host, rootId, saidIn } = await createAway();
    const post = await chat.say("deploy to production", rootId);
    await clock.advance(8 * HOUR_MS);
    socket.live(resumed);
    await clock.advance(10_000);
    expect(host.prompted.get(post.id)).toBeUndefined();
    expect(saidIn(rootId)).toContain("> deploy to production");
  });

  test("a command in the main DM that the socket brought before the computer slept", async () => {
    const { chat, clock, socket, answersTo } = await createAway();
    const post = await chat.say("!new project deploy");
    await clock.advance(8 * HOUR_MS);
    socket.live(true);
    await clock.advance(10_000);
    expect(answersTo(post.id)).toEqual([expect.stringContaining("Not run: it came 480 min")]);
  });

  test("!resume in a thread that no process has is not run hours later", async () => {
    const { chat, clock, kill, process, rootId, answersTo } = await createAway();
    kill();
    const post = await chat.say("!resume", rootId);
    await clock.advance(8 * HOUR_MS);
    await process("next").up();
    await clock.advance(10_000);
    expect(answersTo(post.id)).toEqual([expect.stringContaining("Not run: it came 480 min")]);
  });
});
