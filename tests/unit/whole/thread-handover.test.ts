// A thread that goes from one process to another, or is left lying in its own.
import { expect, test } from "bun:test";
import { createBridge } from "../../../src/bridge/bridge.ts";
import { asInstanceId, asRequestId } from "../../../src/models/ids.ts";
import { aPermission, asked, ROOT, storedOf, user, wholeTurn } from "../../support/events.ts";
import { unreachable } from "../../support/fake-chat.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";
import { createRig } from "../../support/rig.ts";
import { createHouse } from "../../support/two-processes.ts";

const MINUTE_MS = 60_000;

test("a session that begins to work here while its thread is being opened is taken over all the same", async () => {
  const { process, mapping, store } = await createHouse();
  await process("b");
  const held = Promise.withResolvers<void>();
  const { update } = store;
  store.update = async (...args) => {
    await held.promise;
    return update(...args);
  };
  const a = await process("a", false);
  a.entry.reclaim();
  held.resolve();
  await process("nobody", false);
  expect(a.lost()).toBe(0);
  expect(mapping().owner).toBe(asInstanceId("a"));
});

test("replies that are run late stop where another process gets the thread, which goes on with the rest: each runs once", async () => {
  const house = await createHouse();
  const { clock, host, process, say, prompts } = house;
  const first = await process("before");
  first.die();
  for (const text of ["one", "two", "three"]) await say(text);
  await clock.advance(20 * MINUTE_MS);
  const a = await process("a");
  const offer = house.offer();
  const gate = Promise.withResolvers<void>();
  a.host.prompt = async (...given) => {
    await gate.promise;
    await host.prompt(...given);
  };
  await house.react(offer.id, "arrow_forward");
  await clock.advance(1_000);
  await process("b");
  gate.resolve();
  await clock.advance(5 * MINUTE_MS);
  expect([...prompts()].sort()).toEqual(["one", "three", "two"]);
});

test("a prompt that OpenCode has not begun yet is not sent again by a process that has let the thread go", async () => {
  const { clock, host, process, say } = await createHouse();
  const a = await process("a");
  await say("one");
  await clock.advance(1_000);
  const [sent] = host.prompts;
  if (!sent) throw new Error("nothing was prompted");
  a.entry.runtime.apply(user(sent.prompt.id, 1_000));
  a.entry.stop();
  await clock.advance(MINUTE_MS);
  expect(host.times("prompt")).toBe(1);
});

test("a tap that nobody heard is found: in an outage of the socket, and by the next process", async () => {
  const { clock, chat, identity, offer, process, say, prompts, recheck } = await createHouse();
  const tap = () => chat.as("alice").react(identity.owner.id, offer().id, "arrow_forward");
  const first = await process("before");
  first.die();
  await say("one");
  await clock.advance(20 * MINUTE_MS);
  const a = await process("a");
  await tap();
  recheck();
  await clock.advance(MINUTE_MS);
  expect(prompts()).toEqual(["one"]);
  a.die();
  await say("two");
  await clock.advance(20 * MINUTE_MS);
  (await process("b")).die();
  await tap();
  await process("c");
  await clock.advance(MINUTE_MS);
  expect(prompts()).toEqual(["one", "two"]);
});

test.each(["yes", "!yes"])(
  "%s, acted on by a process that died before it showed that, is not acted on again",
  async (text) => {
    const { clock, chat, host, process, say, prompts, marks } = await createHouse();
    const a = await process("a");
    host.pendingPermissions.set(asRequestId("per_1"), aPermission("per_1"));
    a.entry.runtime.apply(asked("per_1"));
    await clock.advance(1_000);
    chat.faults.fail("react", unreachable(), { times: 1_000 });
    const post = await say(text);
    await clock.advance(2_000);
    a.die();
    await clock.advance(10 * MINUTE_MS);
    chat.faults.clear();
    host.pendingPermissions.set(asRequestId("per_2"), aPermission("per_2"));
    const b = await process("b");
    b.entry.runtime.apply(asked("per_2"));
    await clock.advance(MINUTE_MS);
    expect(prompts()).toEqual([]);
    expect(host.answers).toHaveLength(1);
    expect(marks(post.id)).toEqual(["eyes"]);
  },
);

test("what was acted on in a process that died gets its 👀, and is not offered however late it is", async () => {
  const { clock, chat, host, process, say, prompts, marks, answers } = await createHouse();
  const a = await process("a");
  host.pendingPermissions.set(asRequestId("per_1"), aPermission("per_1"));
  a.entry.runtime.apply(asked("per_1"));
  await clock.advance(1_000);
  chat.faults.fail("react", unreachable(), { times: 1_000 });
  const post = await say("yes");
  await clock.advance(2_000);
  a.die();
  chat.faults.clear();
  await clock.advance(20 * MINUTE_MS);
  expect(marks(post.id)).toEqual([]);
  await process("b");
  await clock.advance(MINUTE_MS);
  expect(marks(post.id)).toEqual(["eyes"]);
  expect(answers().filter((text) => text.includes("▶️"))).toEqual([]);
  expect(prompts()).toEqual([]);
});

test("a session that the mappings have forgotten finds its thread again, however much was written since", async () => {
  const { clock, chat, store, mapping, process } = await createHouse();
  (await process("a")).die();
  const { rootPostId } = mapping();
  store.threads.clear();
  for (let n = 0; n < 450; n++) await chat.say(`message ${n}`);
  await clock.advance(20 * MINUTE_MS);
  await process("b");
  expect(mapping().rootPostId).toBe(rootPostId);
});

test("what waits in a thread that this process gives up and takes up again runs once, however much there is", async () => {
  const house = await createHouse();
  const first = await house.process("a");
  const gate = Promise.withResolvers<void>();
  const { prompt } = first.host;
  first.host.prompt = async (...given) => {
    await gate.promise;
    await prompt(...given);
  };
  const texts = Array.from({ length: 60 }, (_, at) => `reply ${at}`);
  for (const text of texts) await house.say(text);
  await house.clock.advance(30_000);
  first.entry.stop();
  await house.process("a");
  gate.resolve();
  await house.clock.advance(10 * MINUTE_MS);
  expect(house.prompts().toSorted()).toEqual(texts.toSorted());
});

test("what waits in a thread that was let go is left to whoever takes it up", async () => {
  const { clock, host, say, process, prompts } = await createHouse();
  const a = await process("a");
  const held = host.hang("prompt");
  await say("one");
  await say("two");
  await clock.advance(1_000);
  a.entry.stop();
  held.release();
  await clock.advance(MINUTE_MS);
  expect(prompts()).toEqual(["one"]);
  await process("a");
  await clock.advance(MINUTE_MS);
  expect(prompts()).toEqual(["one", "two"]);
});

test("a process that goes says nothing of a thread that another one has just taken", async () => {
  const { clock, chat, process, store, session, mapping, answers } = await createHouse();
  const a = await process("a");
  const b = asInstanceId("b");
  await store.update(session.id, (stored) => stored && { ...stored, owner: b });
  expect(a.lost()).toBe(0);
  void a.entry.end("exited");
  await clock.advance(MINUTE_MS);
  const card = chat.posts().find(({ id }) => id === mapping().rootPostId);
  expect(card?.message).toStartWith("🟢");
  expect(answers()).toEqual([]);
  expect(mapping()).toMatchObject({ status: "active", owner: b });
});

test("a new title of the session is kept for those that list it", async () => {
  const { clock, process, session, mapping } = await createHouse();
  const a = await process("a");
  a.entry.runtime.apply({ type: "session-updated", session: { ...session, title: "Renamed" } });
  await clock.advance(1_000);
  expect(mapping().title).toBe("Renamed");
});

test("a reply that is delivered again long after it ran is not run again", async () => {
  const { clock, say, deliver, process, prompts } = await createHouse();
  await process("a");
  const post = await say("once");
  await clock.advance(1_000);
  const texts = Array.from({ length: 120 }, (_, at) => `later ${at}`);
  for (const text of texts) await say(text);
  await clock.advance(5 * MINUTE_MS);
  const next = await process("b");
  deliver(post);
  await clock.advance(5 * MINUTE_MS);
  expect(next.lost()).toBe(0);
  expect(prompts()).toEqual(["once", ...texts]);
});

/** `a` runs a turn and has shown its beginning; meanwhile the session begins to work in `b`. */
async function createRunningElsewhere() {
  const house = await createHouse();
  const a = await house.process("a");
  const turn = wholeTurn("msg_1", 1_000);
  const begun = turn.slice(0, 4);
  for (const event of begun) a.entry.runtime.apply(event);
  house.host.stored.set(ROOT, storedOf(begun));
  await house.clock.advance(5_000);
  const { session } = house;
  const b = await house.process("b");
  b.entry.runtime.apply({ type: "session-updated", session: { ...session, title: "In b" } });
  await house.clock.advance(10_000);
  expect(a.lost()).toBe(1);
  return { ...house, a, b, ends: () => house.host.stored.set(ROOT, storedOf(turn)) };
}

test("a turn that goes on in the process that lost the thread is shown to its end by the one that has it", async () => {
  const { clock, answers, ends } = await createRunningElsewhere();
  expect(answers().filter((text) => text.includes("stopped"))).toEqual([]);
  ends();
  await clock.advance(2 * MINUTE_MS);
  expect(answers()).toEqual([expect.stringMatching(/^✅[\s\S]*answer to msg_1$/)]);
  expect(clock.pending()).toBe(0);
});

test("where that process dies the turn is shown as stopped", async () => {
  const { clock, a, answers } = await createRunningElsewhere();
  a.die();
  await clock.advance(2 * MINUTE_MS);
  expect(answers()).toEqual([expect.stringContaining("stopped")]);
});

test("a thread that was given up while it was being opened is not made any more", async () => {
  const { clock, chat, process } = await createHouse();
  chat.faults.fail("createPost", unreachable(), { times: 1_000 });
  const a = await process("a");
  await clock.advance(10_000);
  a.entry.stop();
  chat.faults.clear();
  await clock.advance(10 * MINUTE_MS);
  expect(chat.posts()).toEqual([]);
});

test("a session that was stopped is not stopped again by a process that has let its thread go", async () => {
  const { clock, host, process, say } = await createHouse();
  const a = await process("a");
  for (const event of wholeTurn("msg_1", 1_000).slice(0, 5)) a.entry.runtime.apply(event);
  await say("!stop");
  await clock.advance(100);
  a.entry.stop();
  await clock.advance(MINUTE_MS);
  expect(host.times("abort")).toBe(1);
});

test("a thread that OpenCode's second loading of the plugin left lying is taken up when the owner writes there", async () => {
  const rig = await createRig();
  const { clock, chat, host, gateway, bridge } = rig;
  const { rootId } = await rig.open();
  const logger = createRecordingLogger();
  const directory = bridge.directory;
  const again = { gateway, host, clock, logger, directory, home: "/home/alice" };
  const second = createBridge({ ...again, processStartMs: clock.now() });
  gateway.serve(directory, second);
  second.start();
  await chat.say("go on", rootId);
  await clock.advance(MINUTE_MS);
  expect(host.prompted.size).toBe(1);
  await chat.say("and on", rootId);
  await clock.advance(MINUTE_MS);
  expect(host.prompted.size).toBe(2);
  await second.dispose();
  await rig.stop();
});
