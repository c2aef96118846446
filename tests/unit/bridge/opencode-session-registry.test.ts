import { describe, expect, test } from "bun:test";
import { createSessionRegistry } from "../../../src/bridge/opencode-session-registry.ts";
import { HostError } from "../../../src/errors.ts";
import type { HostEvent, SessionInfo } from "../../../src/models/host-event.ts";
import { asMessageId, asSessionId } from "../../../src/models/ids.ts";
import { endsClean } from "../../support/ends-clean.ts";
import { createFakeHost, DIRECTORY } from "../../support/fake-host.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";
import { createWatchedClock } from "../../support/watched-clock.ts";

const down = () => new HostError("no answer", { kind: "unknown" });

function setUp() {
  const host = createFakeHost();
  const clock = createWatchedClock();
  const startMs = clock.now();
  const heard: string[] = [];
  const found: string[] = [];
  const changed: string[] = [];
  const registry = createSessionRegistry({
    host,
    clock,
    logger: createRecordingLogger(),
    directory: DIRECTORY,
    sinceMs: startMs,
    listener: {
      onEvent: (root, event, begins) =>
        heard.push(`${root.id} ${tellOf(event)}${begins ? " begins" : ""}`),
      onFound: (root) => found.push(root.id),
      onChanged: (root) => changed.push(root.id),
    },
  });
  endsClean({ advance: clock.advance, pending: clock.timers }, registry.stop);
  const session = (id: string, parent?: string, about: Partial<SessionInfo> = {}) =>
    host.add({
      id: asSessionId(id),
      createdMs: clock.now(),
      updatedMs: clock.now(),
      ...(parent && { parentId: asSessionId(parent) }),
      ...about,
    });
  const created = (info: SessionInfo) =>
    registry.handle({ type: "session-created", session: info });
  return { host, clock, startMs, heard, found, changed, registry, session, created };
}

function tellOf(event: HostEvent): string {
  if ("session" in event) return `${event.type} ${event.session.id} "${event.session.title}"`;
  return event.type === "text-delta" ? `${event.sessionId} ${event.delta}` : event.type;
}

const said = (id: string, delta: string): HostEvent => ({
  type: "text-delta",
  sessionId: asSessionId(id),
  messageId: "msg" as never,
  partKey: "part",
  delta,
});
const status = (id: string, kind: "idle" | "busy"): HostEvent => ({
  type: "status",
  sessionId: asSessionId(id),
  status: { kind },
});
const deleted = (id: string): HostEvent => ({
  type: "session-deleted",
  sessionId: asSessionId(id),
});

describe("events", () => {
  test("of a new session: known at once, without asking, its first sign of life told once", () => {
    const { created, session, registry, heard, host } = setUp();
    created(session("a", undefined, { title: "A" }));
    registry.handle(status("a", "busy"));
    registry.handle(said("a", "1"));
    expect(heard).toEqual(['a session-created a "A" begins', "a status", "a a 1"]);
    expect(host.calls).toEqual([]);
  });

  test("of sub-agents at any depth are their root's", () => {
    const { created, session, registry, heard } = setUp();
    const infos = [session("a"), session("b", "a"), session("c", "b"), session("d", "c")];
    for (const info of infos) created(info);
    registry.handle(said("d", "deep"));
    expect(heard.at(-1)).toBe("a d deep");
    expect(heard.filter((line) => line.endsWith("begins"))).toHaveLength(1);
  });

  test("every prompt says that the session is at work here", () => {
    const { created, session, registry, heard } = setUp();
    created(session("a"));
    const message = { id: asMessageId("msg_1"), createdMs: 1 };
    registry.handle({ type: "user-message", sessionId: asSessionId("a"), message });
    registry.handle(said("a", "1"));
    expect(heard.slice(1)).toEqual(["a user-message begins", "a a 1"]);
  });

  test("of sub-agents whose root nobody knows: the root is asked for once", async () => {
    const { created, session, registry, heard, host, clock } = setUp();
    session("root");
    for (const id of ["b", "c", "d"]) created(session(id, "root"));
    for (const id of ["b", "c", "d", "b"]) registry.handle(said(id, "1"));
    await clock.advance(0);
    expect(heard).toHaveLength(7);
    expect(host.times("session")).toBe(1);
  });

  test("of an older session: its first sign of life is when it does something", () => {
    const { session, registry, heard } = setUp();
    const old = session("a", undefined, { createdMs: 1, title: "A" });
    registry.handle({ type: "session-updated", session: { ...old, title: "B" } });
    registry.handle(status("a", "idle"));
    registry.handle(status("a", "busy"));
    registry.handle(status("a", "busy"));
    expect(heard).toEqual(['a session-updated a "B"', "a status", "a status begins", "a status"]);
  });

  test("of two unknown sessions are kept in order, and each one is asked for once", async () => {
    const { session, registry, heard, host, clock } = setUp();
    for (const [id, parent] of [["root"], ["child", "root"], ["grandchild", "child"]] as const) {
      session(id, parent);
    }
    const slow = host.hang("session");
    registry.handle(said("grandchild", "1"));
    registry.handle(said("root", "1"));
    registry.handle(said("grandchild", "2"));
    registry.handle(said("child", "1"));
    registry.handle(said("root", "2"));
    await clock.advance(0);
    slow.release();
    registry.handle(said("grandchild", "3"));
    await clock.advance(0);
    registry.handle(said("grandchild", "4"));
    const of = (id: string) => heard.filter((line) => line.startsWith(`root ${id} `));
    expect(of("grandchild").map((line) => line.split(" ")[2])).toEqual(["1", "2", "3", "4"]);
    expect(of("root").map((line) => line.split(" ")[2])).toEqual(["1", "2"]);
    expect(of("child")).toHaveLength(1);
    expect(host.times("session")).toBe(3);
  });

  test("wait where OpenCode does not answer, and are not lost", async () => {
    const { session, registry, heard, host, clock } = setUp();
    session("a");
    host.fail("session", down(), { times: 3 });
    registry.handle(status("a", "busy"));
    registry.handle(said("a", "1"));
    await clock.advance(1_000);
    registry.handle(said("a", "2"));
    await clock.advance(30_000);
    expect(heard).toEqual(["a status begins", "a a 1", "a a 2"]);
  });

  test("are given up where it never answers; later ones are tried again", async () => {
    const { session, registry, heard, host, clock } = setUp();
    session("a");
    host.fail("session", down(), { times: 6 });
    registry.handle(said("a", "lost"));
    await clock.advance(600_000);
    expect(clock.timers()).toBe(0);
    registry.handle(said("a", "kept"));
    await clock.advance(0);
    expect(heard).toEqual(["a a kept begins"]);
  });

  test("of a session that OpenCode does not have are dropped", async () => {
    const { session, registry, heard, clock, host } = setUp();
    registry.handle(said("ghost", "1"));
    session("orphan", "ghost");
    registry.handle(said("orphan", "1"));
    await clock.advance(60_000);
    expect(heard).toEqual([]);
    expect(host.times("session")).toBeLessThanOrEqual(4);
  });

  test("an answer for another session does not hang it", async () => {
    const { registry, heard, clock, host, session } = setUp();
    host.known.set(asSessionId("a"), session("b"));
    registry.handle(said("a", "1"));
    await clock.advance(0);
    expect(heard).toEqual([]);
    expect(host.times("session")).toBe(1);
  });
});

describe("a session that was deleted", () => {
  test("is told, and forgotten", async () => {
    const { created, session, registry, heard, host, clock } = setUp();
    created(session("a"));
    registry.handle(deleted("a"));
    host.known.clear();
    registry.handle(status("a", "idle"));
    registry.handle(said("a", "late"));
    await clock.advance(1_000);
    expect(heard.slice(1)).toEqual(["a session-deleted"]);
    expect(registry.rootOf(asSessionId("a"))).toBeUndefined();
  });

  test("that nobody knew is nothing", async () => {
    const { registry, heard, host, clock } = setUp();
    registry.handle(deleted("a"));
    await clock.advance(1_000);
    expect([heard, host.calls]).toEqual([[], []]);
  });

  test("a sub-agent: the root goes on", () => {
    const { created, session, registry, heard } = setUp();
    created(session("a"));
    created(session("b", "a"));
    registry.handle(deleted("b"));
    registry.handle(said("a", "1"));
    expect(heard.slice(-2)).toEqual(["a session-deleted", "a a 1"]);
  });
});

describe("the poll", () => {
  test("finds what no event told of, once: roots of this directory since the start, not too young", async () => {
    const { session, found, registry, clock, startMs } = setUp();
    session("history", undefined, { createdMs: startMs - 1, updatedMs: startMs + 5_000 });
    session("missed");
    session("child", "missed");
    session("elsewhere", undefined, { directory: "/tmp/other" });
    registry.start();
    await clock.advance(8_000);
    session("young");
    await clock.advance(2_000);
    expect(found).toEqual(["missed"]);
    await clock.advance(30_000);
    expect(found).toEqual(["missed", "young"]);
    registry.stop();
  });

  test("leaves alone what events told of", async () => {
    const { session, created, found, registry, clock } = setUp();
    created(session("a"));
    await clock.advance(10_000);
    await registry.poll();
    expect(found).toEqual([]);
  });

  test("tells of a new title that no event told", async () => {
    const { session, created, heard, registry, clock } = setUp();
    const info = session("a");
    created(info);
    session("a", undefined, { ...info, title: "New", updatedMs: clock.now() + 1 });
    await registry.poll();
    await registry.poll();
    expect(heard.slice(1)).toEqual(['a session-updated a "New"']);
  });

  test("what it found is another process's, until it does something here", async () => {
    const { session, found, changed, heard, registry, clock } = setUp();
    const info = session("a");
    await clock.advance(10_000);
    await registry.poll();
    expect([found, changed]).toEqual([["a"], []]);
    session("a", undefined, { ...info, updatedMs: clock.now() });
    for (let times = 0; times < 2; times++) await registry.poll();
    expect([found, changed]).toEqual([["a"], ["a"]]);
    heard.length = 0;
    registry.handle(status("a", "busy"));
    registry.handle(said("a", "1"));
    expect(heard).toEqual(["a status begins", "a a 1"]);
    session("a", undefined, { ...info, updatedMs: clock.now() + 1 });
    await registry.poll();
    expect(changed).toEqual(["a"]);
  });

  test("goes on where OpenCode fails, one at a time", async () => {
    const { session, found, registry, clock, host } = setUp();
    registry.start();
    session("a");
    host.fail("sessions", down(), { times: 2 });
    await clock.advance(20_000);
    expect(found).toEqual([]);
    const slow = host.hang("sessions");
    await clock.advance(60_000);
    expect(host.times("sessions")).toBe(3);
    slow.release();
    await clock.advance(10_000);
    expect(found).toEqual(["a"]);
    registry.stop();
    expect(clock.timers()).toBe(0);
  });
});

test("stopped: nothing more is told, whatever was under way", async () => {
  const { session, created, registry, heard, found, host, clock } = setUp();
  session("a");
  const [first, second] = [host.hang("session"), host.hang("sessions")];
  await clock.advance(10_000);
  registry.handle(said("a", "1"));
  const poll = registry.poll();
  registry.stop();
  first.release();
  second.release();
  await poll;
  created(session("b"));
  await clock.advance(60_000);
  expect([heard, found]).toEqual([[], []]);
  expect(clock.timers()).toBe(0);
});
