import { expect, test } from "bun:test";
import fc from "fast-check";
import { createSessionRegistry } from "../../../src/bridge/opencode-session-registry.ts";
import { parseHostEvent } from "../../../src/clients/opencode/opencode-events.ts";
import type { HostEvent } from "../../../src/models/host-event.ts";
import type { SessionId } from "../../../src/models/ids.ts";
import { renderThread } from "../../../src/render/thread.ts";
import { initialState, reduce } from "../../../src/state/reduce.ts";
import type { ThreadState } from "../../../src/state/thread-state.ts";
import { delta, NOW, play, reply, status, text, tool, user } from "../../support/events.ts";
import { createFakeHost } from "../../support/fake-host.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";
import {
  RENDER,
  readRecording,
  recordingNames,
  rootSession,
  timeOf,
} from "../../support/recordings.ts";

const eventsOf = (name: string, times?: () => number): HostEvent[] =>
  readRecording(name, times).flatMap(({ events }) => events);

/** Gives events to the states of their roots, as the bridge does; what each thread shows in the end. */
function threadsOf(events: readonly HostEvent[]): ReadonlyMap<SessionId, string> {
  const states = new Map<SessionId, ThreadState>();
  const registry = createSessionRegistry({
    host: createFakeHost(),
    clock: createManualClock(NOW),
    logger: createRecordingLogger(),
    directory: "",
    sinceMs: 0,
    listener: {
      onFound: () => undefined,
      onChanged: () => undefined,
      onEvent(root, event) {
        const horizon = { createdMs: root.createdMs - 1, id: "" };
        const state = states.get(root.id) ?? initialState(root, horizon);
        states.set(root.id, reduce(state, event, timeOf(state)));
      },
    },
  });
  for (const event of events) registry.handle(event);
  registry.stop();
  return new Map([...states].map(([id, state]) => [id, shown(state)]));
}

const shown = (state: ThreadState): string =>
  JSON.stringify(renderThread(state, timeOf(state), RENDER));

/** A fork that nobody has prompted yet. */
const FORKED = "opencode-2/forked";

const alone = new Map(recordingNames.map((name) => [name, threadsOf(eventsOf(name))]));

test("every recording shows something", () => {
  expect(recordingNames.length).toBeGreaterThan(15);
  for (const [name, threads] of alone) {
    if (name === FORKED) continue;
    expect([name, [...threads.values()].join().length > 50]).toEqual([name, true]);
  }
});

const twoRecordings = fc
  .uniqueArray(fc.constantFrom(...recordingNames), { minLength: 2, maxLength: 2 })
  .filter(([a = "", b = ""]) => rootSession(a).id !== rootSession(b).id);

test("what happens in one session at the same time does not show in another's thread", () => {
  fc.assert(
    fc.property(twoRecordings, fc.infiniteStream(fc.boolean()), ([a = "", b = ""], picks) => {
      const [left, right] = [eventsOf(a), eventsOf(b)];
      const merged: HostEvent[] = [];
      while (left.length + right.length > 0) {
        const from = left.length > 0 && (right.length === 0 || picks.next().value) ? left : right;
        merged.push(...from.splice(0, 1));
      }
      const threads = threadsOf(merged);
      for (const name of [a, b]) {
        for (const [id, thread] of alone.get(name) ?? []) expect(threads.get(id)).toBe(thread);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

test("an event that comes twice shows once", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...recordingNames),
      fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
      (name, picks) => {
        const twice = eventsOf(name, () => (picks.next().value < 3 ? 2 : 1));
        expect(threadsOf(twice)).toEqual(alone.get(name) as never);
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

test("the whole history once more changes nothing that is shown", () => {
  for (const name of recordingNames) {
    const events = eventsOf(name).filter((event) => event.type !== "session-deleted");
    const once = threadsOf(events);
    const replayed = events.filter((event) => !["status", "failed"].includes(event.type));
    expect([name, ...threadsOf([...events, ...replayed])]).toEqual([name, ...once]);
  }
}, 60_000);

test("events in any order, with whatever in them, are taken", () => {
  const raws = recordingNames
    .filter((name) => name.startsWith("opencode/"))
    .flatMap((name) => readRecording(name).map((line) => line.raw));
  const spoilt = fc
    .tuple(fc.constantFrom(...raws), fc.nat(30), fc.anything())
    .map(([raw, at, junk]) => {
      let seen = 0;
      const put = (_: string, value: unknown): unknown => (seen++ === at ? junk : value);
      return JSON.parse(JSON.stringify(raw, put) ?? "null");
    });
  const some = fc.array(fc.oneof(spoilt, fc.constantFrom(...raws)), { maxLength: 60 });
  fc.assert(
    fc.property(some, (events) => {
      const known = events.flatMap((raw) => parseHostEvent(raw) ?? []);
      expect([...threadsOf(known).values()].every((thread) => thread.startsWith("["))).toBe(true);
    }),
    { numRuns: 200 },
  );
}, 60_000);

test("a text of 100,000 characters is shown once, whole", () => {
  const words = Array.from({ length: 10_000 }, (_, i) => `word${String(i).padStart(5, "0")} `);
  const state = play([
    user("u1", 0),
    status("busy"),
    reply("a1", "u1"),
    text("a1", "t", "", false),
    ...words.map((word) => delta("a1", "t", word)),
    text("a1", "t", words.join("")),
    reply("a1", "u1", { finished: true }),
    status("idle"),
  ]);
  const posts = renderThread(state, NOW, RENDER).map((post) => post.message);
  expect(posts.every((post) => [...post].length <= RENDER.maxPostChars)).toBe(true);
  expect([...(posts.join("\n").match(/word\d{5}/g) ?? [])]).toEqual(words.map((w) => w.trim()));
}, 60_000);

test("200 tools", () => {
  const calls = Array.from({ length: 200 }, (_, i) => [
    tool("a1", `t${i}`, { state: "running" }),
    tool("a1", `t${i}`, i % 50 === 0 ? { state: "error", error: `no ${i}` } : {}),
  ]).flat();
  const state = play([user("u1", 0), status("busy"), reply("a1", "u1"), ...calls, status("idle")]);
  expect(state.turns[0]?.items).toHaveLength(200);
  const thread = renderThread(state, NOW, RENDER);
  expect(thread.length).toBeLessThanOrEqual(2);
  expect(thread[0]?.message.length).toBeLessThan(4_000);
  for (const i of [0, 50, 100, 150]) expect(thread[0]?.message).toContain(`no ${i}`);
}, 60_000);
