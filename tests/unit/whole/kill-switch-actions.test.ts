// Everything that the owner can do, against `!lock`: done before it, waiting for its turn when it comes, done after it.
import { describe, expect, test } from "bun:test";
import type { Post } from "../../../src/models/chat.ts";
import { asRequestId, type PostId } from "../../../src/models/ids.ts";
import { readPostMark } from "../../../src/models/post-mark.ts";
import {
  aPermission,
  aSession,
  asked,
  ROOT,
  reply,
  status,
  text,
  user,
} from "../../support/events.ts";
import { createFakeHost, type FakeHost } from "../../support/fake-host.ts";
import { createStreet } from "../../support/several-gateways.ts";

const MINUTE_MS = 60_000;
const CHOICES = ["red", "blue"].map((label) => ({ label, description: "" }));

/** One process and a thread in it, in which one reply is late, the OpenCode behind it in the hands of the test. */
async function createWorld() {
  const street = createStreet();
  const { clock, chat, store } = street;
  const session = aSession("ses_root", { createdMs: clock.now() });
  const start = async (name: string, host: FakeHost) => {
    host.add(session);
    const process = street.process(name, { host });
    await process.up();
    process.bridge.event({ type: "session-created", session });
    process.bridge.event(status("idle"));
    await clock.advance(5_000);
    return process;
  };
  const before = await start("before", createFakeHost(clock.now));
  const rootId = street.rootOf(ROOT).id;
  before.kill();
  await chat.say("late one", rootId);
  await clock.advance(20 * MINUTE_MS);
  const host = createFakeHost(clock.now);
  const only = await start("only", host);
  await clock.advance(5_000);

  const byKey = (begin: string): Post => {
    const found = chat.posts().findLast(({ props }) => readPostMark(props)?.key.startsWith(begin));
    if (!found) throw new Error(`There is no post ${begin}.`);
    return found;
  };
  return {
    ...street,
    rootId,
    host,
    only,
    async ask() {
      host.pendingPermissions.set(asRequestId("per_1"), aPermission("per_1"));
      only.bridge.event(asked("per_1"));
      await clock.advance(1_000);
    },
    async askWhich() {
      const question = { header: "H", question: "Which?", multiple: false, custom: false };
      const request = {
        id: asRequestId("que_1"),
        sessionId: ROOT,
        questions: [{ ...question, options: CHOICES }],
      };
      host.pendingQuestions.set(request.id, request);
      only.bridge.event({ type: "question-asked", request });
      await clock.advance(1_000);
    },
    async work() {
      const begun = [user("msg_1", 30 * MINUTE_MS), status("busy"), reply("a1", "msg_1")];
      const events = [...begun, text("a1", "t1", "I look", false)];
      for (const event of events) only.bridge.event(event);
      await clock.advance(1_000);
    },
    async tap(key: string, emoji: string, on = true) {
      const alice = chat.as("alice");
      const { id } = byKey(key);
      if (on) await alice.react(chat.people["alice"]?.id ?? chat.bot.id, id, emoji);
      else await alice.unreact(id, emoji);
      await clock.advance(1);
    },
    /** Whatever comes next in the thread waits, until it is released. */
    async holdThread() {
      const held = host.hang("prompt");
      await chat.say("first", rootId);
      await clock.advance(1);
      return held;
    },
    /** The same for the channel itself. */
    async holdChannel() {
      const held = chat.faults.hang("createPost");
      await chat.say("!help");
      await clock.advance(1);
      return held;
    },
    /** The next session that is to be started waits. */
    async holdStarts() {
      const held = host.hang("create");
      await chat.say("!new project first");
      await clock.advance(1);
      return held;
    },
    /** Nobody can look up whose the thread is, until it is released. */
    async holdMappings() {
      const gate = Promise.withResolvers<void>();
      const { load, update } = store;
      store.load = async () => {
        await gate.promise;
        return load();
      };
      store.update = async (...change) => {
        await gate.promise;
        return update(...change);
      };
      return { release: gate.resolve };
    },
    async says(text: string) {
      await clock.advance(1_000);
      const post = await chat.say(text);
      await clock.advance(1_000);
      return post;
    },
    /** The socket was deaf, and everything that it may have missed is read again. */
    async rereads() {
      only.socket.drop();
      only.socket.live();
      await clock.advance(MINUTE_MS);
    },
  };
}

type World = Awaited<ReturnType<typeof createWorld>>;

interface Action {
  readonly name: string;
  readonly prepare?: (world: World) => Promise<void>;
  readonly hold: (world: World) => Promise<{ release(): void }>;
  /** Resolves with the post that it is, where it is one. */
  readonly act: (world: World) => Promise<PostId | undefined>;
  readonly effects: (world: World, id: PostId | undefined) => number;
}

const acting = (world: World): number => world.host.aborted.length;
const answering = (world: World): number => world.host.answers.length;
const prompting =
  (text: string) =>
  ({ host }: World): number =>
    host.prompts.filter(({ prompt }) => prompt.text === text).length;
const told = ({ answersTo }: World, id: PostId | undefined): number =>
  id ? answersTo(id).filter((text) => !text.includes("🔒")).length : 0;

/** What ends, allows or tells something does not wait for the turns of others, but for the answer to whose thread it is. */
const inThread = (
  text: string,
  effects: Action["effects"],
  prepare?: Action["prepare"],
): Action => ({
  name: `${text}, in a thread`,
  ...(prepare && { prepare }),
  hold: (world) => world.holdMappings(),
  async act({ chat, clock, rootId }) {
    const { id } = await chat.say(text, rootId);
    await clock.advance(1);
    return id;
  },
  effects,
});
const inChannel = (text: string, effects: Action["effects"] = told): Action => ({
  name: `${text}, in the channel`,
  hold: (world) => world.holdChannel(),
  async act({ chat, clock }) {
    const { id } = await chat.say(text);
    await clock.advance(1);
    return id;
  },
  effects,
});
const tapped = (
  name: string,
  [key, emoji]: readonly [string, string],
  effects: Action["effects"],
  about: Pick<Action, "prepare"> & Partial<Pick<Action, "hold">> = {},
): Action => ({
  name,
  hold: (world) => world.holdMappings(),
  async act(world) {
    await world.tap(key, emoji);
    return undefined;
  },
  effects,
  ...about,
});

const ask = { prepare: (world: World) => world.ask() };
const askWhich = { prepare: (world: World) => world.askWhich() };
const stopping = { prepare: (world: World) => world.work() };
const inTurn: Pick<Action, "hold"> = { hold: (world) => world.holdThread() };

const ACTIONS: readonly Action[] = [
  { ...inThread("go on", prompting("go on")), ...inTurn },
  inThread("yes", answering, ask.prepare),
  inThread("2", answering, askWhich.prepare),
  inThread("!yes", answering, ask.prepare),
  inThread("!always", answering, ask.prepare),
  inThread("!no it is late", answering, ask.prepare),
  inThread("!stop", acting, stopping.prepare),
  inThread("!resume", told),
  inThread("!help", told),
  tapped("✅ on a permission", ["permission/", "white_check_mark"], answering, ask),
  tapped("🔓 on a permission", ["permission/", "unlock"], answering, ask),
  tapped("❌ on a permission", ["permission/", "x"], answering, ask),
  tapped("2️⃣ on a question", ["question/", "two"], answering, askWhich),
  tapped("❌ on a question", ["question/", "x"], answering, askWhich),
  tapped("▶️ on late replies", ["late/", "arrow_forward"], prompting("late one"), inTurn),
  tapped("🛑 on a turn", ["msg_1/", "octagonal_sign"], acting, stopping),
  inChannel("!sessions"),
  inChannel("!projects"),
  inChannel("!status"),
  inChannel("!help"),
  inChannel("!resume"),
  {
    ...inChannel("!new project hello", prompting("hello")),
    hold: (world) => world.holdStarts(),
  },
];

describe.each([...ACTIONS])("$name", ({ prepare, hold, act, effects }) => {
  const refusalOf = ({ answersTo, saidIn, rootId }: World, id: PostId | undefined): string =>
    id ? answersTo(id).join("\n") : saidIn(rootId);

  test("done before `!lock` is done, and not again after it", async () => {
    const world = await createWorld();
    await prepare?.(world);
    const id = await act(world);
    await world.clock.advance(MINUTE_MS);
    const done = effects(world, id);
    expect(done).toBeGreaterThan(0);
    await world.says("!lock");
    await world.says("!unlock");
    await world.rereads();
    expect(effects(world, id)).toBe(done);
  });

  test("waiting for its turn when `!lock` comes is not done, and is told so", async () => {
    const world = await createWorld();
    const held = await hold(world);
    await prepare?.(world);
    const id = await act(world);
    await world.says("!lock");
    held.release();
    await world.clock.advance(MINUTE_MS);
    expect(effects(world, id)).toBe(0);
    expect(refusalOf(world, id)).toContain("🔒");
    await world.says("!unlock");
    await world.rereads();
    expect(effects(world, id)).toBe(0);
  });

  test("done after `!lock` is not done, and is told so", async () => {
    const world = await createWorld();
    await prepare?.(world);
    await world.says("!lock");
    const id = await act(world);
    await world.clock.advance(MINUTE_MS);
    expect(effects(world, id)).toBe(0);
    expect(refusalOf(world, id)).toContain("🔒");
    await world.rereads();
    await world.says("!unlock");
    await world.rereads();
    expect(effects(world, id)).toBe(0);
  });
});
