// Replies that waited too long to be run unasked are offered, and run when the owner says so.
import { expect, test } from "bun:test";
import { createThreadConversation } from "../../../src/conversation/conversation.ts";
import { createPendingReplies } from "../../../src/conversation/pending-replies.ts";
import { asInstanceId } from "../../../src/models/ids.ts";
import { createThreadRuntime } from "../../../src/thread/thread-runtime.ts";
import { aSession, NOW, ROOT } from "../../support/events.ts";
import { createFakeChat } from "../../support/fake-chat.ts";
import { createFakeCommandPort } from "../../support/fake-command-port.ts";
import { createFakeHost } from "../../support/fake-host.ts";
import { createIdleChoices } from "../../support/idle-thread.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { createMemoryLockSwitch } from "../../support/memory-kill-switch.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";

async function createTalk() {
  const clock = createManualClock(NOW);
  const chat = createFakeChat({ clock });
  const host = createFakeHost();
  const logger = createRecordingLogger();
  const owner = chat.people["alice"];
  if (!owner) throw new Error("There is no alice.");
  const channelId = chat.dm;
  const newRoot = { channelId, message: "card", props: {}, pendingPostId: "root" };
  const root = await chat.createPost(newRoot, "normal");
  const runtime = createThreadRuntime({
    session: aSession(),
    face: { project: "project", directory: "~/project", used: true },
    horizonMs: 0,
    isMine: async () => true,
    clock,
    logger,
    onChange: () => undefined,
    onGap: () => undefined,
    onOwed: () => undefined,
  });
  const conversation = createThreadConversation({
    runtime,
    ownership: {
      mapping: () => undefined,
      take: async () => "first",
      change: async () => undefined,
      settled: (stored) => stored,
    },
    elsewhere: { look: async () => false, has: () => false },
    host,
    clock,
    outlasting: clock,
    logger,
    owner,
    maxPostChars: 16_383,
    bridge: createFakeCommandPort(),
    receive: async () => ({ problems: [], files: [], paths: [], heard: [] }),
    lock: createMemoryLockSwitch(),
    chat,
    pending: createPendingReplies(),
    choices: createIdleChoices(),
    openBeside: async () => undefined,
    link: () => "",
    look: async () => ({ kind: "refused", why: "is not there" }),
    end: async () => undefined,
    inControl: (task) => task(),
    take: (post) => conversation.post(post, "active", "again", "in-turn"),
    done: async () => undefined,
  });
  const context = {
    chat,
    socket: { typing: () => undefined },
    clock,
    logger,
    me: chat.bot.id,
    limits: await chat.limits(),
    verbosity: "normal" as const,
    requestsPerSecond: 8,
    streaming: () => 1,
    utcOffsetMinutes: 0,
  };
  const instanceId = asInstanceId("here");
  const where = { channelId, rootPostId: root.id, sessionId: ROOT };
  const place = { ...where, machineId: "machine", instanceId };
  runtime.open(context, place, [root]);
  return { chat, clock, host, conversation, owner, say: (text: string) => chat.say(text, root.id) };
}

test("all of them, in their order, once", async () => {
  const { chat, clock, host, conversation, owner, say } = await createTalk();
  conversation.offer([await say("first"), await say("second")]);
  await clock.advance(1_000);
  const [offer] = chat.posts().slice(-1);
  expect(offer?.message).toMatch(/▶️ runs them now[\s\S]*> first\n> second$/);
  expect(offer?.reactions.map(({ emoji }) => emoji)).toEqual(["arrow_forward"]);
  expect(host.prompts).toEqual([]);
  if (!offer) throw new Error("Nothing is offered.");
  const tap = { postId: offer.id, userId: owner.id, emoji: "arrow_forward", createdMs: 1 };
  for (let taps = 0; taps < 2; taps++) {
    void conversation.reaction(tap, true);
    await clock.advance(1_000);
  }
  expect(host.prompts.map(({ prompt }) => prompt.text)).toEqual(["first", "second"]);
});

test("however many: the notice stays short, and a tap runs every one", async () => {
  const { chat, clock, host, conversation, owner, say } = await createTalk();
  const late = await Promise.all(
    Array.from({ length: 100 }, (_, at) => say(`${at} ${"x".repeat(500)}`)),
  );
  conversation.offer(late);
  await clock.advance(1_000);
  const [offer] = chat.posts().slice(-1);
  expect(offer?.message).toEndWith("… and 85 more");
  expect(offer?.message.length).toBeLessThan(4_000);
  if (!offer) throw new Error("Nothing is offered.");
  void conversation.reaction(
    { postId: offer.id, userId: owner.id, emoji: "arrow_forward", createdMs: 1 },
    true,
  );
  await clock.advance(60_000);
  expect(host.prompts).toHaveLength(100);
});
