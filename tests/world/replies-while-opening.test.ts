// "I answered the new thread at once, twice: the second went first."
import { describe, expect, test } from "bun:test";
import { createEarlyPosts } from "../../src/conversation/early-posts.ts";
import { asSessionId } from "../../src/models/ids.ts";
import { createFakeHost, DIRECTORY } from "../support/fake-host.ts";
import { createManualClock } from "../support/manual-clock.ts";
import { createStreet } from "../support/several-gateways.ts";

const SESSION = asSessionId("ses_new");

/** A thread that the owner sees before this process knows that it is made, and whose posts are read slowly. */
async function createOpening() {
  const street = createStreet();
  const { clock, chat, process, rootOf } = street;
  const host = createFakeHost(clock.now);
  const here = process("here", { host });
  await here.up();
  const made = chat.faults.hang("createPost", { after: true });
  const session = host.add({ id: SESSION, directory: DIRECTORY, createdMs: clock.now() });
  here.bridge.event({ type: "session-created", session });
  await clock.advance(500);
  await made.reached;
  const { id: rootId } = rootOf(SESSION);
  const first = await chat.say("first", rootId);
  await clock.advance(10);
  const read = chat.faults.hang("thread", { after: true });
  made.release();
  await clock.advance(0);
  await read.reached;
  return { ...street, host, rootId, first, read };
}

test("what is written in a thread that is just opened is given in its order", async () => {
  const { clock, chat, host, rootId, read } = await createOpening();
  await chat.say("second", rootId);
  await clock.advance(100);
  expect(host.prompts).toEqual([]);
  read.release();
  await clock.advance(2_000);
  expect(host.prompts.map(({ prompt }) => prompt.text)).toEqual(["first", "second"]);
});

test("where the first cannot be looked for, the second does not wait for ever", async () => {
  const { clock, chat, host, rootId, read } = await createOpening();
  await chat.say("second", rootId);
  await clock.advance(6_000);
  expect(host.prompts.map(({ prompt }) => prompt.text)).toEqual(["second"]);
  read.release();
  await clock.advance(2_000);
  expect(host.prompts.map(({ prompt }) => prompt.text)).toEqual(["second", "first"]);
});

describe("what waits", () => {
  async function createWaiting() {
    const { chat, rootId } = await createOpening();
    const clock = createManualClock();
    const taken: string[] = [];
    const early = createEarlyPosts(clock, ({ message }) => void taken.push(message));
    const post = await chat.say("as written", rootId);
    early.post(post);
    return { clock, early, post, taken };
  }

  test("is taken as it is edited, once", async () => {
    const { clock, early, post, taken } = await createWaiting();
    expect(early.edited({ ...post, message: "as edited" })).toBe(true);
    early.begin();
    expect(taken).toEqual(["as edited"]);
    expect(early.edited(post)).toBe(false);
    await clock.advance(10_000);
    expect(taken).toHaveLength(1);
    expect(clock.pending()).toBe(0);
  });

  test("and is deleted is not taken", async () => {
    const { early, post, taken } = await createWaiting();
    expect(early.deleted(post)).toBe(true);
    early.begin();
    expect(taken).toEqual([]);
    expect(early.deleted(post)).toBe(false);
  });
});
