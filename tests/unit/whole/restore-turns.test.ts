// What a thread lacks is read from OpenCode, however much that is and whatever happens meanwhile.
import { describe, expect, test } from "bun:test";
import type { HostEvent } from "../../../src/models/host-event.ts";
import { asRequestId } from "../../../src/models/ids.ts";
import {
  asked,
  NOW,
  ROOT,
  reply,
  status,
  storedOf,
  text,
  user,
  wholeTurn,
} from "../../support/events.ts";
import { unreachable } from "../../support/fake-chat.ts";
import { createHouse } from "../../support/two-processes.ts";

/** A turn of so many steps, and a text at its end. */
function longTurn(id: string, at: number, steps: number): HostEvent[] {
  const made = (step: number) => ({ createdMs: NOW + at + step });
  return [
    ...wholeTurn(id, at).slice(0, 3),
    ...Array.from({ length: steps }, (_, step) =>
      reply(`${id}-s${step}`, id, {
        ...made(step),
        continues: true,
        finished: true,
        completedMs: NOW + at + step,
      }),
    ),
    reply(`${id}-a`, id, made(steps)),
    text(`${id}-a`, `${id}-t`, `answer to ${id}`),
    reply(`${id}-a`, id, { ...made(steps), finished: true, completedMs: NOW + at + steps + 1 }),
    status("idle"),
  ];
}

async function createThread() {
  const house = await createHouse();
  const first = await house.process("a");
  const events: HostEvent[] = [];
  const happens = (...more: HostEvent[]): void => {
    events.push(...more);
    house.host.stored.set(ROOT, storedOf(events));
    for (const event of more) first.entry.runtime.apply(event);
  };
  const shows = (words: string): boolean =>
    house.answers().some((answer) => answer.includes(words));
  return { ...house, first, happens, shows };
}

describe("more messages than one read brings", () => {
  test("in an outage of many turns: every answer comes", async () => {
    const { chat, clock, happens, shows } = await createThread();
    for (const call of ["createPost", "editPost", "me"] as const) {
      chat.faults.fail(call, unreachable(), { times: 1_000_000 });
    }
    const ids = Array.from({ length: 60 }, (_, n) => `msg_${String(n).padStart(3, "0")}`);
    for (const [n, id] of ids.entries()) {
      happens(...longTurn(id, 1_000 + n * 1_000, 9));
      await clock.advance(1_000);
    }
    chat.faults.clear();
    await clock.advance(300_000);
    expect(ids.filter((id) => !shows(`answer to ${id}`))).toEqual([]);
  });

  test("in one turn whose process died: its end is shown", async () => {
    const { clock, host, first, happens, shows, process } = await createThread();
    const turn = longTurn("msg_1", 1_000, 450);
    happens(...turn.slice(0, 5));
    await clock.advance(5_000);
    first.die();
    host.stored.set(ROOT, storedOf(turn));
    await process("b");
    await clock.advance(60_000);
    expect(shows("answer to msg_1")).toBe(true);
    expect(shows("⏳")).toBe(false);
  });
});

test("a turn that its process left at work is shown to its end, also where a later one was shown since", async () => {
  const { clock, host, first, happens, shows, answers, process } = await createThread();
  const [one, two] = [wholeTurn("msg_1", 1_000), wholeTurn("msg_2", 2_000)];
  happens(...one.slice(0, 4), ...two.slice(0, 2));
  await clock.advance(5_000);
  expect(answers().map((answer) => [...answer][0])).toEqual(["⏳", "📥"]);
  first.die();
  host.stored.set(ROOT, storedOf([...one, ...two]));
  await process("b");
  await clock.advance(60_000);
  expect(shows("answer to msg_1")).toBe(true);
  expect(shows("answer to msg_2")).toBe(true);
  expect(shows("⏳")).toBe(false);
  expect(shows("📥")).toBe(false);
});

test("a turn that ends while the thread is read does not stay at work", async () => {
  const { chat, clock, host, first, mapping, process } = await createThread();
  first.die();
  const turn = wholeTurn("msg_1", 2_000);
  host.statuses.set(ROOT, { kind: "busy" });
  const hold = host.hang("messages");
  const second = await process("b");
  for (const event of turn) second.entry.runtime.apply(event);
  host.statuses.delete(ROOT);
  host.stored.set(ROOT, storedOf(turn));
  hold.release();
  await clock.advance(60_000);
  const root = chat.posts().find(({ id }) => id === mapping().rootPostId);
  expect(root?.message).toMatch(/^🟢/u);
});

test("after a long outage everything is there within 10 s, what waits for the owner too", async () => {
  const { chat, clock, happens, shows } = await createThread();
  for (const call of ["createPost", "editPost", "me"] as const) {
    chat.faults.fail(call, unreachable(), { times: 1_000_000 });
  }
  for (let n = 0; n < 60; n++) {
    happens(...wholeTurn(`msg_${n}`, 1_000 + n * 10_000));
    await clock.advance(10_000);
  }
  await clock.advance(5_000);
  chat.faults.clear();
  happens(asked("per_1"));
  await clock.advance(10_000);
  expect(shows("answer to msg_59")).toBe(true);
  expect(shows("needs your OK")).toBe(true);
});

describe("while Mattermost is away", () => {
  test("memory stays bounded, also where it comes back for a moment only", async () => {
    const { chat, clock, first, happens } = await createThread();
    const away = () => {
      for (const call of ["createPost", "editPost"] as const) {
        chat.faults.fail(call, unreachable(), { times: 1_000_000 });
      }
    };
    away();
    for (let n = 0; n < 300; n++) {
      happens(...wholeTurn(`msg_${String(n).padStart(3, "0")}`, 1_000 + n * 10_000));
      await clock.advance(10_000);
    }
    expect(first.entry.runtime.state().turns.length).toBeLessThan(100);
  });

  test("what is told of a turn costs no rendering of the thread", async () => {
    const { chat, clock, first, happens } = await createThread();
    for (const call of ["createPost", "editPost"] as const) {
      chat.faults.fail(call, unreachable(), { times: 1_000_000 });
    }
    for (let n = 0; n < 15; n++) happens(...wholeTurn(`msg_${n}`, 1_000 + n * 10));
    happens(user("msg_99", 9_000), status("busy"), reply("msg_99-a", "msg_99"));
    await clock.advance(1_000);
    const before = first.rendered();
    for (let n = 0; n < 100; n++) {
      first.entry.runtime.apply(text("msg_99-a", "t", "x".repeat(n), false));
    }
    expect(first.rendered() - before).toBe(0);
  });
});

test("nothing is shown as typing in a thread that was given up", async () => {
  const { clock, first } = await createThread();
  const { runtime } = first.entry;
  for (const event of [user("m1", 1), status("busy"), reply("a1", "m1"), asked("per_1")]) {
    runtime.apply(event);
  }
  await clock.advance(1_000);
  first.entry.stop();
  const requestId = asRequestId("per_1");
  runtime.apply({ type: "permission-replied", sessionId: ROOT, requestId, reply: "once" });
  await clock.advance(60_000);
  expect(clock.pending()).toBe(0);
});
