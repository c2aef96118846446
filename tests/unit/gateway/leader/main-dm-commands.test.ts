// Commands in the main DM: run once, whoever dies meanwhile, and answered by each machine that they concern.
import { describe, expect, test } from "bun:test";
import { createMainDm } from "../../../../src/gateway/leader/main-dm.ts";
import { unansweredInChannel } from "../../../../src/gateway/leader/unanswered-in-channel.ts";
import type { Post } from "../../../../src/models/chat.ts";
import { asInstanceId, type InstanceId, type PostId } from "../../../../src/models/ids.ts";
import { readPostMark } from "../../../../src/models/post-mark.ts";
import { createFakeChat, noAnswer, refused, unreachable } from "../../../support/fake-chat.ts";
import { createFakeCommandPort } from "../../../support/fake-command-port.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { createMemoryLockSwitch } from "../../../support/memory-kill-switch.ts";
import { createMemoryMappingStore } from "../../../support/memory-mapping-store.ts";
import { createRecordingLogger } from "../../../support/recording-logger.ts";

const [A, B] = ["a", "b"].map(asInstanceId) as [InstanceId, InstanceId];
const ALPHA = { name: "alpha", directory: "/alpha", short: "/alpha", isGone: false };

async function createOffice() {
  const clock = createManualClock();
  const chat = createFakeChat({ clock });
  const stores = new Map<string, ReturnType<typeof createMemoryMappingStore>>();
  const dead = new Set<InstanceId>();
  const started: string[] = [];
  /** What starting a session waits for. */
  const gates: Promise<void>[] = [];
  const alice = chat.people["alice"];
  if (!alice) throw new Error("There is no alice.");
  const identity = { me: chat.bot, owner: alice, channelId: chat.dm, limits: await chat.limits() };
  const gate = { me: chat.bot.id, owner: alice.id, channelId: chat.dm };
  const first = await chat.say("hello");

  async function leader(instanceId: InstanceId, machineId = "here", projects = [ALPHA]) {
    const store = stores.get(machineId) ?? createMemoryMappingStore();
    if (!stores.has(machineId)) await store.moveCursor(chat.dm, first.id);
    stores.set(machineId, store);
    const logger = createRecordingLogger();
    const dm = createMainDm({
      chat,
      store,
      clock,
      logger,
      identity,
      url: "http://chat.test",
      instanceId,
      machineId,
      isAlive: (instance) => !dead.has(instance),
      isLeader: () => !dead.has(instanceId),
      lock: createMemoryLockSwitch(),
      wasPrompted: async () => false,
      bridge: {
        ...createFakeCommandPort(),
        projects: async () => projects,
        async start({ name }, { prompt }) {
          started.push(`${machineId}: ${prompt}`);
          await gates.shift();
          return `started ${name}`;
        },
      },
    });
    return {
      ...dm,
      said: () => JSON.stringify(logger.lines),
      die() {
        dead.add(instanceId);
        dm.stop();
      },
      /** Leads, and looks for what was missed. */
      async takesOver() {
        await dm.missed(await unansweredInChannel({ chat, store, gate, machineId }, clock.now()));
      },
    };
  }

  return {
    chat,
    clock,
    started,
    leader,
    say: (text: string): Promise<Post> => chat.say(text),
    /** The next start waits until it is released. */
    holdStart() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gates.push(promise);
      return resolve;
    },
    answersTo: (id: PostId) =>
      chat
        .posts()
        .filter(({ props }) => readPostMark(props)?.key.endsWith(`/${id}`))
        .map(({ message }) => message),
  };
}

describe("!new", () => {
  test("says what became of it", async () => {
    const { leader, say, started, answersTo } = await createOffice();
    const only = await leader(A);
    const post = await say("!new alpha deploy");
    await only.post(post, false);
    expect(started).toEqual(["here: deploy"]);
    expect(answersTo(post.id)).toEqual(["started alpha"]);
    expect(only.said()).toContain("@alice");
    expect(only.said()).not.toContain("deploy");
  });

  test("whose leader dies before it could say that it begins is run by the next", async () => {
    const { chat, leader, say, started, answersTo, clock } = await createOffice();
    chat.faults.fail("createPost", unreachable(), { times: 1_000 });
    const first = await leader(A);
    const post = await say("!new alpha deploy");
    void first.post(post, false);
    await clock.advance(1_000);
    expect(started).toEqual([]);
    first.die();
    chat.faults.clear();
    await (await leader(B)).takesOver();
    expect(started).toHaveLength(1);
    expect(answersTo(post.id)).toEqual(["started alpha"]);
  });

  test.each([1_000, 120_000])(
    "whose leader dies over it is not run again %d ms later: what happened is said",
    async (delayMs) => {
      const { leader, say, started, answersTo, clock, holdStart } = await createOffice();
      holdStart();
      const first = await leader(A);
      const post = await say("!new alpha deploy");
      void first.post(post, false);
      await clock.advance(100);
      expect(started).toHaveLength(1);
      first.die();
      await clock.advance(delayMs);
      const next = await leader(B);
      await next.takesOver();
      await next.takesOver();
      expect(started).toHaveLength(1);
      expect(answersTo(post.id)).toEqual([expect.stringMatching(/may have begun.*!sessions/)]);
    },
  );

  test("is not run by a next leader whose socket shows it late", async () => {
    const { leader, say, started, answersTo, clock, holdStart } = await createOffice();
    holdStart();
    const first = await leader(A);
    const post = await say("!new alpha deploy");
    void first.post(post, false);
    await clock.advance(100);
    first.die();
    const next = await leader(B);
    await next.post(post, false);
    expect(started).toHaveLength(1);
    expect(answersTo(post.id)).toEqual([expect.stringContaining("may have begun")]);
  });

  test("is left alone by the next leader where it was answered", async () => {
    const { leader, say, started, answersTo } = await createOffice();
    const post = await say("!new alpha deploy");
    await (await leader(A)).post(post, false);
    await (await leader(B)).takesOver();
    expect(started).toHaveLength(1);
    expect(answersTo(post.id)).toEqual(["started alpha"]);
  });

  test("runs once where Mattermost does not say whether it took the word that it begins", async () => {
    const { chat, leader, say, started, answersTo, clock } = await createOffice();
    chat.faults.fail("createPost", noAnswer(), { times: 1, after: true });
    const post = await say("!new alpha deploy");
    void (await leader(A)).post(post, false);
    await clock.advance(10_000);
    expect(started).toHaveLength(1);
    expect(answersTo(post.id)).toEqual(["started alpha"]);
  });

  test("that waited for Mattermost for more than a minute is not run", async () => {
    const { chat, leader, say, started, answersTo, clock } = await createOffice();
    chat.faults.fail("createPost", unreachable(), { times: 1_000 });
    const post = await say("!new alpha deploy");
    void (await leader(A)).post(post, false);
    await clock.advance(10 * 60_000);
    chat.faults.clear();
    await clock.advance(60_000);
    expect(started).toEqual([]);
    expect(answersTo(post.id)).toEqual([expect.stringMatching(/^Not run/)]);
  });

  test("is answered where posts may not be edited", async () => {
    const { chat, leader, say, answersTo } = await createOffice();
    chat.faults.fail("editPost", refused("api.post.update_post.permissions_denied.app_error"));
    const post = await say("!new alpha deploy");
    await (await leader(A)).post(post, false);
    expect(answersTo(post.id)).toContain("started alpha");
  });
});

describe("two machines with one bot", () => {
  test("a command that both answer differently has both answers", async () => {
    const { leader, say, answersTo } = await createOffice();
    const post = await say("!projects");
    const others = [{ ...ALPHA, name: "beta", directory: "/beta" }];
    const [here, there] = [await leader(A, "here"), await leader(B, "there", others)];
    await Promise.all([here.post(post, false), there.post(post, false)]);
    expect(answersTo(post.id)).toEqual([
      expect.stringContaining("alpha"),
      expect.stringContaining("beta"),
    ]);
  });

  test("what both answer alike is said once", async () => {
    const { leader, say, answersTo } = await createOffice();
    const post = await say("!help");
    const [here, there] = [await leader(A, "here"), await leader(B, "there")];
    await Promise.all([here.post(post, false), there.post(post, false)]);
    expect(answersTo(post.id)).toHaveLength(1);
  });

  test("a project that both know: one of them starts the session, and the other says nothing", async () => {
    const { leader, say, started, answersTo } = await createOffice();
    const post = await say("!new alpha deploy");
    const [here, there] = [await leader(A, "here"), await leader(B, "there")];
    await Promise.all([here.post(post, false), there.post(post, false)]);
    expect(started).toHaveLength(1);
    expect(answersTo(post.id)).toEqual(["started alpha"]);
  });

  test("a project that one of them knows is started there, and the other speaks for itself only", async () => {
    const { leader, say, started, answersTo } = await createOffice();
    const post = await say("!new alpha deploy");
    const [here, there] = [await leader(A, "here", []), await leader(B, "there")];
    await here.post(post, false);
    await there.post(post, false);
    expect(started).toEqual(["there: deploy"]);
    expect(answersTo(post.id)).toEqual([
      expect.stringContaining("on this machine"),
      "started alpha",
    ]);
  });

  test("what one of them has answered is left alone by the other's next leader", async () => {
    const { leader, say, answersTo, started } = await createOffice();
    const here = await leader(A, "here");
    const posts = [await say("!new alpha deploy"), await say("!projects")];
    for (const post of posts) await here.post(post, false);
    await (await leader(B, "there")).takesOver();
    expect(started).toEqual(["here: deploy"]);
    for (const post of posts) expect(answersTo(post.id)).toHaveLength(1);
  });
});
