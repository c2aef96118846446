import { describe, expect, test } from "bun:test";
import { asMessageId, asRequestId, asSessionId } from "../../../src/models/ids.ts";
import { renderThread } from "../../../src/render/thread.ts";
import type { ThreadEvent } from "../../../src/state/reduce.ts";
import type { ThreadState } from "../../../src/state/thread-state.ts";
import {
  aSession,
  BEFORE_ALL,
  NOW,
  play,
  ROOT,
  reply,
  status,
  storedOf,
  text,
  tool,
  user,
  wholeTurn,
} from "../../support/events.ts";
import { RENDER } from "../../support/recordings.ts";

const outcomes = (state: ThreadState) => state.turns.map((turn) => turn.outcome?.kind);
const shown = (state: ThreadState): string =>
  renderThread(state, NOW + 60_000, RENDER)
    .map((post) => post.message)
    .join("\n---\n");
const forget = (...ids: string[]): ThreadEvent => ({
  type: "forget",
  turns: ids.map(asMessageId),
  requests: [],
});

describe("restoring", () => {
  const restored = (events: Parameters<typeof storedOf>[0]): ThreadEvent => ({
    type: "restored",
    messages: storedOf(events),
    horizon: BEFORE_ALL,
  });

  test("shows what was stored as it would have been seen", () => {
    const events = wholeTurn("u1", 0).filter((event, i) => event.type !== "status" && i !== 3);
    expect(shown(play([restored(events)]))).toBe(shown(play(wholeTurn("u1", 0))));
  });

  test("twice is once, and what is known already stays", () => {
    const live = play([...wholeTurn("u2", 10)]);
    const event = restored([...wholeTurn("u1", 0), ...wholeTurn("u2", 10, "older")]);
    const state = play([event], live);
    expect(state.turns.map((t) => String(t.id))).toEqual(["u1", "u2"]);
    expect(state.turns[1]).toEqual(live.turns[0] as never);
    expect(play([event], state).turns).toEqual(state.turns);
  });

  test("what did not finish and does not run was interrupted", () => {
    const cut = [user("u1", 0), reply("a1", "u1"), text("a1", "t", "half", false)];
    expect(outcomes(play([restored(cut)]))).toEqual(["stopped"]);
    const between = [user("u1", 0), reply("a1", "u1", { finished: true, continues: true })];
    expect(outcomes(play([restored(between)]))).toEqual(["stopped"]);
    expect(outcomes(play([restored([user("u1", 0)])]))).toEqual(["skipped"]);
    const refused = [user("u1", 0), reply("a1", "u1", { error: { kind: "other", message: "" } })];
    expect(outcomes(play([restored(refused)]))).toEqual(["failed"]);
  });

  test("the newest turn of a session that works goes on", () => {
    const events = [...wholeTurn("u1", 0), user("u2", 10), reply("a2", "u2")];
    const state = play([status("busy"), restored(events)]);
    expect(outcomes(state)).toEqual(["done", undefined]);
    const ended = [reply("a2", "u2", { finished: true }), status("idle")];
    expect(outcomes(play(ended, state))).toEqual(["done", "done"]);
  });

  test("a prompt that took over before the restart", () => {
    const events = [
      user("u1", 0),
      reply("a1", "u1", { finished: true, continues: true }),
      user("u2", 5),
      reply("a2", "u2", { createdMs: NOW + 6, finished: true }),
    ];
    expect(outcomes(play([restored(events)]))).toEqual(["continued", "done"]);
  });
});

describe("events that repeat or mean nothing", () => {
  test("a compaction is told once, however often it is reported", () => {
    const compacted = { type: "compacted", sessionId: ROOT } as const;
    const once = play([user("u1", 0), reply("a1", "u1"), compacted]);
    expect(play([compacted], once)).toBe(once);
    const twice = play([reply("a2", "u1"), compacted], once);
    expect(twice.turns[0]?.items.filter((i) => i.kind === "compacted")).toHaveLength(2);
  });

  test("nothing changes the state but what it is about", () => {
    const state = play(wholeTurn("u1", 0));
    const nothing: ThreadEvent[] = [
      status("idle"),
      forget(),
      forget("u9"),
      { type: "forget", turns: [], requests: [asRequestId("per_9")] },
      { type: "answering", requestId: asRequestId("per_9"), by: "alice" },
      {
        type: "permission-replied",
        sessionId: ROOT,
        requestId: asRequestId("per_9"),
        reply: "once",
      },
      { type: "question-rejected", sessionId: ROOT, requestId: asRequestId("que_9") },
      { type: "session-updated", session: aSession("ses_other") },
    ];
    for (const event of nothing) expect(play([event], state)).toBe(state);
  });

  test("todos and compactions without a turn", () => {
    const empty = play([]);
    expect(play([{ type: "todos", sessionId: ROOT, todos: [] }], empty)).toBe(empty);
    expect(play([{ type: "compacted", sessionId: ROOT }], empty)).toBe(empty);
  });
});

describe("sub-agents", () => {
  const child = aSession("ses_child", { parentId: ROOT, title: "Explore" });
  const grandchild = aSession("ses_grand", { parentId: child.id, title: "Deeper" });
  const created = (session: typeof child): ThreadEvent => ({ type: "session-created", session });

  test("of any depth are known by their newest tool", () => {
    const state = play([
      created(child),
      created(grandchild),
      tool("x", "one", { tool: "read" }, child.id),
      tool("x", "two", { tool: "grep" }, grandchild.id),
      { type: "session-updated", session: { ...child, title: "Explored" } },
    ]);
    expect(state.children[child.id]).toMatchObject({ title: "Explored", action: { tool: "read" } });
    expect(state.children[grandchild.id]).toMatchObject({ action: { tool: "grep" } });
    expect(state.turns).toEqual([]);
  });

  test("nothing that they say or end concerns the root's turns", () => {
    const state = play([created(child), user("u1", 0), status("busy"), reply("a1", "u1")]);
    const theirs: ThreadEvent[] = [
      { type: "status", sessionId: child.id, status: { kind: "idle" } },
      { type: "failed", sessionId: child.id, error: { kind: "aborted", message: "" } },
      { type: "compacted", sessionId: child.id },
      { type: "todos", sessionId: child.id, todos: [{ content: "x", status: "pending" }] },
      { ...user("u9", 99), sessionId: child.id } as ThreadEvent,
      { ...text("a1", "t", "theirs"), sessionId: child.id } as ThreadEvent,
      tool("a1", "t", {}, asSessionId("ses_unknown")),
    ];
    for (const event of theirs) expect(play([event], state)).toBe(state);
  });
});
