// Replies in threads that this process does not have: who answers them, and what becomes of them where that one dies.
import { expect, test } from "bun:test";
import { StoreError } from "../../../../src/errors.ts";
import { createMainDm } from "../../../../src/gateway/leader/main-dm.ts";
import { unansweredInChannel } from "../../../../src/gateway/leader/unanswered-in-channel.ts";
import type { Post } from "../../../../src/models/chat.ts";
import {
  asInstanceId,
  asSessionId,
  type InstanceId,
  type PostId,
} from "../../../../src/models/ids.ts";
import { readPostMark, writePostMark } from "../../../../src/models/post-mark.ts";
import { withClaim } from "../../../../src/thread/reply-claims.ts";
import { createFakeChat, refused, unreachable } from "../../../support/fake-chat.ts";
import { createFakeCommandPort } from "../../../support/fake-command-port.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { aMapping } from "../../../support/mappings.ts";
import { createMemoryLockSwitch } from "../../../support/memory-kill-switch.ts";
import { createMemoryMappingStore } from "../../../support/memory-mapping-store.ts";
import { createRecordingLogger } from "../../../support/recording-logger.ts";

const SESSION = asSessionId("ses_1");
const [A, B, C] = ["a", "b", "c"].map(asInstanceId) as [InstanceId, InstanceId, InstanceId];

/** One thread, and processes that lead one after the other; `a` is the first. */
async function createOffice() {
  const clock = createManualClock();
  const chat = createFakeChat({ clock });
  const store = createMemoryMappingStore();
  const alive = new Set<InstanceId>([A, B, C]);
  const prompted = new Set<PostId>();
  const alice = chat.people["alice"];
  if (!alice) throw new Error("There is no alice.");
  const identity = { me: chat.bot, owner: alice, channelId: chat.dm, limits: await chat.limits() };
  const newRoot = { channelId: chat.dm, message: "card", props: {}, pendingPostId: "root" };
  const root = await chat.createPost(newRoot, "normal");
  await store.moveCursor(chat.dm, root.id);
  const own = (owner: InstanceId | undefined) =>
    store.update(SESSION, (stored) => ({
      ...aMapping("ses_1", { channelId: chat.dm, rootPostId: root.id }),
      ...stored,
      owner,
    }));
  await own(undefined);
  const leader = (instanceId: InstanceId) =>
    createMainDm({
      chat,
      store,
      clock,
      logger: createRecordingLogger(),
      identity,
      url: "http://chat.test",
      instanceId,
      machineId: "machine",
      isAlive: (instance) => alive.has(instance),
      isLeader: () => alive.has(instanceId),
      lock: createMemoryLockSwitch(),
      wasPrompted: async (_, post) => prompted.has(post.id),
      bridge: createFakeCommandPort(),
    });
  const gate = { me: chat.bot.id, owner: alice.id, channelId: chat.dm };
  const office = { chat, store, gate, machineId: "machine" };
  return {
    ...office,
    clock,
    own,
    prompted,
    kill: (instance: InstanceId) => void alive.delete(instance),
    leader,
    /** The next process leads, and looks for what was missed. */
    async takesOver(instance: InstanceId) {
      await leader(instance).missed(await unansweredInChannel(office, clock.now()));
    },
    say: (text: string): Promise<Post> => chat.say(text, root.id),
    answers: () =>
      chat
        .posts()
        .filter((post) => post.userId === chat.bot.id && post.rootId)
        .map(({ message }) => message.split(/ · |:|\n/)[0]),
  };
}

/** `a` leads, reads a reply in the ownerless thread, and dies before it can answer. */
async function createAbandoned(text = "go on") {
  const office = await createOffice();
  office.chat.faults.fail("createPost", unreachable(), { times: 1_000 });
  const post = await office.say(text);
  const first = office.leader(A);
  void first.post(post, false);
  await office.clock.advance(60_000);
  expect(office.answers()).toEqual([]);
  office.kill(A);
  first.stop();
  office.chat.faults.clear();
  return { ...office, post };
}

test("nobody has the thread: the leader says how it comes back", async () => {
  const { leader, say, answers } = await createOffice();
  await leader(A).post(await say("go on"), false);
  expect(answers()).toEqual(["**Session disconnected**"]);
});

test("another live process has the thread: it is its own to answer", async () => {
  const { leader, say, answers, own } = await createOffice();
  await own(B);
  await leader(A).post(await say("go on"), false);
  expect(answers()).toEqual([]);
});

test("a reply that comes twice is answered once, also when the server has forgotten the first", async () => {
  const { leader, say, answers, clock } = await createOffice();
  const first = leader(A);
  const post = await say("go on");
  await first.post(post, false);
  await clock.advance(60_000);
  await first.post(post, false);
  expect(answers()).toHaveLength(1);
});

test("an answer that cannot be posted holds up no other thread, and is not forgotten by the next leader", async () => {
  const { chat, leader, say, answers, clock, store, kill, takesOver } = await createOffice();
  chat.faults.fail("createPost", unreachable(), { times: 1 });
  const first = leader(A);
  void first.post(await say("go on"), false);
  await clock.advance(0);
  await first.post(await chat.say("!help"), false);
  const [help] = chat.posts().slice(-1);
  expect(help?.message).toContain("!sessions");
  expect(answers()).toEqual([]);
  kill(A);
  first.stop();
  expect(await store.cursor(chat.dm)).toBe(chat.posts()[0]?.id);
  await takesOver(B);
  expect(answers()).toEqual(["**Session disconnected**"]);
});

test("the thread cannot be looked at for a while: the reply is answered when it can", async () => {
  const { chat, leader, clock, answers } = await createOffice();
  const root = await chat.say("a thread of my own");
  const post = await chat.say("hello?", root.id);
  chat.faults.fail("post", unreachable(), { times: 3 });
  void leader(A).post(post, false);
  await clock.advance(0);
  expect(answers()).toEqual([]);
  await clock.advance(60_000);
  expect(answers()).toEqual(["**Thread not recognized**"]);
});

test("the mappings cannot be read for a while: the reply is answered when they can", async () => {
  const { store, leader, say, clock, answers } = await createOffice();
  const { load } = store;
  store.load = () => Promise.reject(new StoreError("no permission", { kind: "io" }));
  void leader(A).post(await say("go on"), false);
  await clock.advance(60_000);
  expect(answers()).toEqual([]);
  store.load = load;
  await clock.advance(60_000);
  expect(answers()).toEqual(["**Session disconnected**"]);
});

test("written while nobody led: it waits, and is not taken away from who resumes", async () => {
  const { say, takesOver, answers } = await createOffice();
  await say("go on");
  await takesOver(A);
  expect(answers()).toEqual([expect.stringMatching(/^This came while OpenCode was not running/)]);
});

test("the leader dies before it answers: the next one does", async () => {
  const { takesOver, answers } = await createAbandoned();
  await takesOver(C);
  expect(answers()).toEqual(["**Session disconnected**"]);
});

test("and another process has taken the thread meanwhile, which leaves the reply alone: it is answered all the same", async () => {
  const { takesOver, answers, own } = await createAbandoned();
  await own(B);
  await takesOver(C);
  expect(answers()).toEqual(["❌ **Not sent**"]);
  await takesOver(C);
  expect(answers()).toHaveLength(1);
});

test("a command that died with its leader is run by the next", async () => {
  const { takesOver, answers } = await createAbandoned("!resume");
  await takesOver(C);
  expect(answers()).toEqual(["resumed"]);
});

test("the owner of the thread dies before it has given a reply to OpenCode: it waits like any other", async () => {
  const { store, say, takesOver, answers, kill, own } = await createOffice();
  await own(B);
  const post = await say("go on");
  await store.update(SESSION, (m) => m && withClaim(m, { post: post.id, by: B, to: "run" }));
  await takesOver(A);
  expect(answers()).toEqual([]);
  kill(B);
  await takesOver(A);
  expect(answers()).toEqual([expect.stringMatching(/^This came while OpenCode was not running/)]);
});

test("a reply that comes by the catch-up and by the socket is told once to wait, and is not refused", async () => {
  const office = await createOffice();
  const { say, leader, answers, clock } = office;
  const first = leader(A);
  const post = await say("go on");
  await first.missed(await unansweredInChannel(office, clock.now()));
  await first.post(post, true);
  expect(answers()).toEqual([expect.stringMatching(/^This came while OpenCode was not running/)]);
});

test("a reply under a root that its session does not have any more is told where that goes on", async () => {
  const { chat, store, leader, own } = await createOffice();
  await own(B);
  const mark = { key: "root", session_id: SESSION, machine_id: "machine" };
  const other = await chat.createPost(
    { channelId: chat.dm, message: "card", props: writePostMark(mark), pendingPostId: "other" },
    "normal",
  );
  await leader(A).post(await chat.say("go on", other.id), false);
  const said = chat.posts().find((post) => post.userId === chat.bot.id && post.rootId === other.id);
  expect(said?.message).toContain(`/_redirect/pl/${store.threads.get(SESSION)?.rootPostId}`);
});

test("a thread of another machine, known by mappings that two machines share, is left alone", async () => {
  const { store, leader, say, answers, own } = await createOffice();
  await own(asInstanceId("of-the-laptop"));
  await store.update(SESSION, (stored) => stored && { ...stored, machineId: "laptop" });
  await leader(A).post(await say("go on"), false);
  expect(answers()).toEqual([]);
});

test.each(["!help", "go on"])(
  "%s, stopped before it could be answered: the next leader does",
  async (text) => {
    const { chat, store, clock, leader, say, kill, takesOver } = await createOffice();
    chat.faults.fail("createPost", unreachable(), { times: 1_000 });
    const first = leader(A);
    const post = text === "!help" ? await chat.say(text) : await say(text);
    const before = await store.cursor(chat.dm);
    void first.post(post, false);
    await clock.advance(1_000);
    void first.seenUpTo(post.id);
    await clock.advance(1_000);
    first.stop();
    kill(A);
    await clock.advance(0);
    chat.faults.clear();
    expect(await store.cursor(chat.dm)).toBe(before);
    await takesOver(B);
    const keys = chat.posts().map(({ props }) => readPostMark(props)?.key);
    expect(keys).toContain(`reply/${post.id}`);
  },
);

test("what this leader may not look at is left for the next one to see", async () => {
  const { chat, store, leader, kill, takesOver, answers } = await createOffice();
  const root = await chat.say("a thread of my own");
  const post = await chat.say("hello?", root.id);
  await store.moveCursor(chat.dm, root.id);
  chat.faults.fail("post", refused("api.context.permissions.app_error", 403));
  const first = leader(A);
  await first.post(post, false);
  await first.seenUpTo(post.id);
  expect(await store.cursor(chat.dm)).toBe(root.id);
  kill(A);
  first.stop();
  await takesOver(B);
  expect(answers()).toEqual(["**Thread not recognized**"]);
});

test("what was prompted before is not answered too", async () => {
  const { takesOver, answers, prompted, post } = await createAbandoned();
  prompted.add(post.id);
  await takesOver(C);
  expect(answers()).toEqual([]);
});
