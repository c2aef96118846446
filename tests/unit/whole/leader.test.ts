// What the leader owes to everybody, whatever happens before, between and after.
import { describe, expect, test } from "bun:test";
import { HostError, StoreError } from "../../../src/errors.ts";
import { asInstanceId } from "../../../src/models/ids.ts";
import { noAnswer } from "../../support/fake-chat.ts";
import { createStreet } from "../../support/several-gateways.ts";

const HOUR_MS = 3_600_000;

/** A process has led, opened a thread, and is gone. */
async function createDeserted(options: Parameters<typeof createStreet>[0] = {}) {
  const street = createStreet(options);
  const first = street.process("first");
  await first.up();
  const { rootId, session } = await first.open();
  await street.clock.advance(120_000);
  await street.store.moveCursor(street.chat.dm, street.chat.posts().at(-1)?.id ?? rootId);
  first.kill();
  await street.clock.advance(1_000);
  const next = async () => {
    const process = street.process("next");
    await process.up();
    await street.clock.advance(20_000);
    return process;
  };
  return { ...street, rootId, session, next };
}

describe("a command in the main DM", () => {
  test("from before the start is answered, though a newer one comes first", async () => {
    const { clock, chat, store, process, answersTo } = await createDeserted();
    const missed = await chat.say("!projects");
    await clock.advance(10_000);
    const cursor = await store.cursor(chat.dm);
    const slow = chat.faults.hang("postsAfter", { where: (_, after) => after === cursor });
    const next = process("next");
    await next.up();
    const newer = await chat.say("!help");
    await clock.advance(1_000);
    slow.release();
    await clock.advance(40_000);
    next.kill();
    const last = process("last");
    await last.up();
    await clock.advance(20_000);
    expect(answersTo(missed.id)).toHaveLength(1);
    expect(answersTo(newer.id)).toHaveLength(1);
  });

  test("that an outage held back for hours is answered, not run", async () => {
    const { clock, chat, process, answersTo } = createStreet();
    const only = process("only");
    await only.up();
    only.socket.become({ kind: "waiting", retryAtMs: 0, reason: "the laptop sleeps" });
    const post = await chat.say("!new project rm -rf build");
    await clock.advance(8 * HOUR_MS);
    only.socket.live();
    await clock.advance(5_000);
    expect(answersTo(post.id)).toEqual([expect.stringMatching(/^Not run/)]);
  });

  test("whose session goes before it has its prompt is told so", async () => {
    const { clock, chat, process, answersTo } = createStreet();
    const only = process("only");
    await only.up();
    only.host.prompt = () =>
      Promise.reject(new HostError("there is no such session", { kind: "not-found" }));
    const post = await chat.say("!new project hello");
    await clock.advance(5_000);
    expect(answersTo(post.id)).toEqual([expect.stringContaining("the prompt was not sent")]);
  });

  test("is answered where nothing can be written to the mappings", async () => {
    const { chat, store, next, answersTo } = await createDeserted();
    const post = await chat.say("!help");
    store.failure = new StoreError("the disk is full", { kind: "io" });
    await next();
    expect(answersTo(post.id)).toHaveLength(1);
  });

  test("is answered where nobody knows what was seen, if it is young; what is older is history", async () => {
    const { chat, clock, store, next, answersTo } = await createDeserted();
    store.cursors.clear();
    const old = await chat.say("!help");
    await clock.advance(HOUR_MS);
    const young = await chat.say("!help");
    await next();
    expect(answersTo(old.id)).toEqual([]);
    expect(answersTo(young.id)).toHaveLength(1);
  });
});

test.each(["finding lost threads", "noting that a thread is lost"])(
  "%s fails for long: that is not tried and said every few seconds",
  async (what) => {
    const { chat, store, next, clock } = await createDeserted();
    if (what === "finding lost threads") store.threads.clear();
    store.failure = new StoreError("the disk is full", { kind: "io" });
    const { logger } = await next();
    const before = chat.calls.length;
    await clock.advance(600_000);
    expect(chat.calls.length - before).toBeLessThan(50);
    expect(logger.lines.filter(({ level }) => level === "warn").length).toBeLessThan(10);
  },
);

describe("a thread whose process died", () => {
  test("says so, also where cards may not be edited any more", async () => {
    const { rootId, next, saidIn } = await createDeserted({ limits: { postEditLimitSeconds: 60 } });
    await next();
    expect(saidIn(rootId)).toContain("Session disconnected");
  });

  test("says so where another one cannot be written to, and so do fifty within 15 s", async () => {
    const { clock, chat, process, saidIn } = createStreet();
    const first = process("first");
    await first.up();
    const roots = [];
    for (let at = 0; at < 50; at++) roots.push((await first.open()).rootId);
    first.kill();
    const [broken] = roots;
    const where = (post: unknown) => Object(post).rootId === broken;
    chat.faults.fail("createPost", noAnswer(), { times: 1_000, where });
    await process("next").up();
    await clock.advance(15_000);
    const silent = roots.filter((root) => !saidIn(root).includes("Session disconnected"));
    expect(silent).toEqual(broken ? [broken] : []);
    chat.faults.clear();
    await clock.advance(60_000);
    expect(roots.filter((root) => !saidIn(root).includes("Session disconnected"))).toEqual([]);
  });

  test("says so with one request, and is made to look like it when all have said so", async () => {
    const { clock, chat, process } = createStreet();
    const first = process("first");
    await first.up();
    for (let at = 0; at < 50; at++) await first.open();
    first.kill();
    const before = chat.calls.length;
    await process("next").up();
    await clock.advance(60_000);
    const calls = chat.calls.slice(before).map(({ call }) => call);
    expect(calls.filter((call) => call === "createPost")).toHaveLength(50);
    expect(calls.filter((call) => call === "editPost")).toHaveLength(50);
    // 8 requests a second after the first 16: within half of the 15 seconds.
    expect(calls.lastIndexOf("createPost")).toBeLessThan(75);
  });

  describe("whose card cannot be edited before it comes back", () => {
    async function createBack() {
      const street = await createDeserted();
      const { clock, chat, session, rootId, next, process } = street;
      const isLostCard = (_: unknown, message: unknown) => String(message).includes("🔌");
      chat.faults.fail("editPost", noAnswer(), { times: 1_000, where: isLostCard });
      await next();
      const third = process("third");
      await third.up();
      third.host.adopt(session);
      third.bridge.event({ type: "status", sessionId: session.id, status: { kind: "busy" } });
      await clock.advance(20_000);
      const card = async () => (await chat.post(rootId))?.message;
      return { ...street, third, card };
    }

    test("has the card of the session that lives", async () => {
      const { clock, chat, card } = await createBack();
      const before = await card();
      chat.faults.clear();
      await clock.advance(60_000);
      expect(await card()).toBe(before);
      expect(before).not.toContain("🔌");
    });

    test("says so again when it is lost again", async () => {
      const { clock, chat, card, rootId, third, saidIn } = await createBack();
      third.kill();
      await clock.advance(20_000);
      expect(saidIn(rootId).match(/Session disconnected/g)).toHaveLength(2);
      chat.faults.clear();
      await clock.advance(60_000);
      expect(await card()).toContain("🔌");
    });
  });

  test("says so once where the leader dies over it", async () => {
    const { clock, store, rootId, process, saidIn } = await createDeserted();
    const { update } = store;
    store.update = () => new Promise(() => undefined);
    const next = process("next");
    await next.up();
    await clock.advance(60_000);
    next.kill();
    store.update = update;
    await process("last").up();
    await clock.advance(20_000);
    expect(saidIn(rootId).match(/Session disconnected/g)).toHaveLength(1);
  });

  test("says so where the mappings have lost it, and is known again", async () => {
    const { store, session, rootId, next, saidIn } = await createDeserted();
    store.threads.clear();
    await next();
    expect(saidIn(rootId)).toContain("Session disconnected");
    expect(store.threads.get(session.id)).toMatchObject({
      rootPostId: rootId,
      status: "disconnected",
    });
  });

  test("stays forgotten where it was over for long", async () => {
    const { clock, store, rootId, next, process, saidIn } = await createDeserted();
    const middle = await next();
    await middle.bridge.dispose();
    middle.kill();
    await clock.advance(31 * 24 * HOUR_MS);
    const before = saidIn(rootId);
    await process("later").up();
    await clock.advance(20_000);
    expect([...store.threads.keys()]).toEqual([]);
    await process("last").up();
    await clock.advance(20_000);
    expect([...store.threads.keys()]).toEqual([]);
    expect(saidIn(rootId)).toBe(before);
  });
});

describe("a thread whose process is suspended", () => {
  async function createSuspended() {
    const street = createStreet();
    const [sleeper, other] = [street.process("sleeper"), street.process("other")];
    await sleeper.up();
    await other.up();
    const { session, rootId } = await sleeper.open();
    sleeper.suspend();
    await street.clock.advance(20_000);
    return { ...street, session, rootId, sleeper, other };
  }

  test("says that nobody runs it, and that it goes on, once each; then it works as before", async () => {
    const { clock, chat, rootId, sleeper, saidIn } = await createSuspended();
    expect(saidIn(rootId)).toContain("Session disconnected");
    expect((await chat.post(rootId))?.message).toContain("🔌");
    const refused = await chat.say("what is going on?", rootId);
    await clock.advance(5_000);
    await sleeper.goOn();
    expect(saidIn(rootId).match(/connected again/g)).toHaveLength(1);
    expect((await chat.post(rootId))?.message).not.toContain("🔌");
    const post = await chat.say("go on", rootId);
    await clock.advance(60_000);
    expect([...sleeper.host.prompted.keys()]).toEqual([post.id]);
    expect(sleeper.host.prompted.has(refused.id)).toBe(false);
    expect(saidIn(rootId).match(/Session disconnected/g)).toHaveLength(2);
    expect(saidIn(rootId).match(/connected again/g)).toHaveLength(1);
  });

  test("stays with the process that it was resumed in meanwhile", async () => {
    const { clock, chat, store, rootId, sleeper, session, saidIn, process } =
      await createSuspended();
    process("third");
    const owner = asInstanceId("third");
    await store.update(session.id, (found) => found && { ...found, owner, status: "active" });
    await sleeper.goOn();
    await chat.say("go on", rootId);
    await clock.advance(20_000);
    expect(sleeper.host.prompted.size).toBe(0);
    expect(saidIn(rootId)).not.toContain("connected again");
    expect((await store.load())[0]?.owner).toBe(owner);
  });
});

test("the mappings are lost while a process lives: its threads stay known, and nobody else answers there", async () => {
  const { clock, chat, store, process, answersTo } = createStreet();
  await process("leader").up();
  const other = process("other");
  await other.up();
  const { rootId, session } = await other.open();
  store.threads.clear();
  await clock.advance(5_000);
  const post = await chat.say("go on", rootId);
  await clock.advance(5_000);
  expect(other.host.prompted.get(post.id)).toBe(1);
  expect(answersTo(post.id)).toEqual([]);
  expect([...store.threads.keys()]).toContain(session.id);
});

test("what the owner writes right after pairing is answered", async () => {
  const { clock, chat, pairing, process, answersTo } = createStreet();
  const only = process("only", {});
  await only.up();
  await chat.say(`!pair ${pairing.open()?.code}`);
  await clock.advance(500);
  const post = await chat.say("!help");
  await clock.advance(10_000);
  expect(answersTo(post.id)).toHaveLength(1);
});
