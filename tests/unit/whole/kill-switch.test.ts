// `!lock` and `!unlock` against everything that is under way.
import { describe, expect, test } from "bun:test";
import { createStreet } from "../../support/several-gateways.ts";

describe("the kill switch", () => {
  /** A thread whose lane is held up by a prompt that OpenCode does not take. */
  async function createBusy() {
    const street = createStreet();
    const only = street.process("only");
    await only.up();
    const { rootId, session } = await only.open();
    const gate = Promise.withResolvers<void>();
    const { prompt } = only.host;
    only.host.prompt = async (...given) => {
      await gate.promise;
      return prompt(...given);
    };
    await street.chat.say("one", rootId);
    await street.clock.advance(1);
    const { host, bridge } = only;
    return { ...street, rootId, sessionId: session.id, host, bridge, release: gate.resolve };
  }

  test("what waits for its turn is not acted on once it is on, and is told so", async () => {
    const { clock, chat, rootId, host, release, answersTo } = await createBusy();
    const two = await chat.say("two", rootId);
    await clock.advance(1);
    await chat.say("!lock");
    await clock.advance(1_000);
    release();
    await clock.advance(30_000);
    expect(host.prompted.get(two.id)).toBeUndefined();
    expect(answersTo(two.id)).toEqual([expect.stringContaining("**Locked**")]);
  });

  test("the last word counts, however long an earlier one waits for its turn", async () => {
    const { clock, chat, rootId, sessionId, lock, host, bridge, answersTo } = await createBusy();
    // What overtakes the lane waits too, for a stop that OpenCode does not take.
    const stop = Promise.withResolvers<void>();
    host.abort = () => stop.promise;
    bridge.event({ type: "status", sessionId, status: { kind: "busy" } });
    await chat.say("!stop", rootId);
    await clock.advance(1_000);
    const unlock = await chat.say("!unlock", rootId);
    await clock.advance(1_000);
    await chat.say("!lock");
    await clock.advance(1_000);
    expect(lock.on).toBe(true);
    expect(answersTo(unlock.id)).toEqual([]);
    stop.resolve();
    await clock.advance(30_000);
    expect(lock.on).toBe(true);
    expect(answersTo(unlock.id)).toEqual([expect.stringContaining("Nothing was switched")]);
  });

  test("what was written while it was on is not acted on by a process that hears of all that only later", async () => {
    const { clock, chat, process, answersTo } = createStreet();
    await process("leader").up();
    const other = process("other");
    await other.up();
    const { rootId } = await other.open();
    other.socket.become({ kind: "waiting", retryAtMs: 0, reason: "" });
    await chat.say("!lock");
    await clock.advance(1_000);
    const post = await chat.say("go on", rootId);
    await clock.advance(1_000);
    await chat.say("!unlock");
    await clock.advance(1_000);
    other.socket.live();
    await clock.advance(60_000);
    expect(other.host.prompted.get(post.id)).toBeUndefined();
    expect(answersTo(post.id)).toEqual([expect.stringContaining("**Locked**")]);
  });

  test("what was written while it was on is not acted on where its turn comes only when it is off again", async () => {
    const { clock, chat, process, answersTo } = createStreet();
    await process("only").up();
    const held = chat.faults.hang("createPost");
    await chat.say("!help");
    const said = async (text: string) => {
      await clock.advance(1_000);
      return chat.say(text);
    };
    await said("!lock");
    const post = await said("!projects");
    const unlock = await said("!unlock");
    await clock.advance(1_000);
    held.release();
    await clock.advance(30_000);
    expect(answersTo(post.id)).toEqual([expect.stringContaining("everything was locked")]);
    expect(answersTo(unlock.id)).toEqual([expect.stringContaining("**Unlocked**")]);
  });

  test("a reply from before it is run when it is off again", async () => {
    const { clock, chat, process } = createStreet();
    await process("leader").up();
    const first = process("first");
    await first.up();
    const { rootId, session } = await first.open();
    first.socket.become({ kind: "waiting", retryAtMs: 0, reason: "" });
    const post = await chat.say("go on", rootId);
    await clock.advance(100);
    first.kill();
    await clock.advance(1_000);
    await chat.say("!lock");
    await clock.advance(1_000);
    const second = process("second");
    await second.up();
    second.host.adopt(session);
    second.bridge.event({ type: "status", sessionId: session.id, status: { kind: "busy" } });
    await clock.advance(10_000);
    expect(second.host.prompted.get(post.id)).toBeUndefined();
    await chat.say("!unlock");
    await clock.advance(60_000);
    expect(second.host.prompted.get(post.id)).toBe(1);
  });
});
