import { describe, expect, test } from "bun:test";
import { asMessageId, asPostId, asSessionId } from "../../../src/models/ids.ts";
import { renderThread } from "../../../src/render/thread.ts";
import type { ThreadEvent } from "../../../src/state/reduce.ts";
import type { ThreadState } from "../../../src/state/thread-state.ts";
import {
  aSession,
  BEFORE_ALL,
  delta,
  failed,
  NOW,
  play,
  promptText,
  ROOT,
  reply,
  status,
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
const occurrences = (state: ThreadState, part: string) => shown(state).split(part).length - 1;
const forget = (...ids: string[]): ThreadEvent => ({
  type: "forget",
  turns: ids.map(asMessageId),
  requests: [],
});

describe("steering: a prompt while the session works", () => {
  const first = [user("u1", 0), status("busy"), reply("a1", "u1"), tool("a1", "t1")];
  const step = reply("a1", "u1", { finished: true, continues: true, completedMs: NOW + 10 });

  test("the first turn goes on until the new prompt is answered", () => {
    const state = play([...first, user("u2", 5)]);
    expect(outcomes(state)).toEqual([undefined, undefined]);
    expect(state.turns.every((turn) => turn.endedMs === undefined)).toBe(true);
  });

  test("then the first one continues in the second", () => {
    const state = play([...first, user("u2", 5), step, reply("a2", "u2")]);
    expect(outcomes(state)).toEqual(["continued", undefined]);
    expect(state.turns[0]?.endedMs).toBe(NOW + 10);
    const answered = [reply("a2", "u2", { finished: true }), status("idle")];
    expect(outcomes(play(answered, state))).toEqual(["continued", "done"]);
  });

  test("what was answered already is done, not continued", () => {
    const answered = reply("a1", "u1", { finished: true });
    expect(outcomes(play([...first, answered, user("u2", 5), reply("a2", "u2")]))).toEqual([
      "done",
      undefined,
    ]);
  });

  test("three prompts waiting: every one is told", () => {
    const events = [...first, user("u2", 1), user("u3", 2), step, reply("a3", "u3")];
    expect(outcomes(play(events))).toEqual(["continued", "continued", undefined]);
  });
});

describe("the end of a run", () => {
  const running = [user("u1", 0), status("busy"), reply("a1", "u1"), delta("a1", "t", "half")];

  test("a prompt that came just before idle stays open", () => {
    const state = play([...wholeTurn("u1", 0).slice(0, -1), user("u2", 5), status("idle")]);
    expect(outcomes(state)).toEqual(["done", undefined]);
  });

  test("abort with a prompt that waits: stopped and skipped, nothing stays open", () => {
    const state = play([...running, user("u2", 5), failed(), status("idle"), status("idle")]);
    expect(outcomes(state)).toEqual(["stopped", "skipped"]);
    expect(state.run.kind).toBe("idle");
  });

  test("the text and the error that come after idle are kept", () => {
    const aborted = { kind: "aborted", message: "Aborted" } as const;
    const state = play([
      ...running,
      failed(),
      status("idle"),
      text("a1", "t", "half of it"),
      reply("a1", "u1", { error: aborted, completedMs: NOW + 9 }),
      status("idle"),
    ]);
    expect(outcomes(state)).toEqual(["stopped"]);
    expect(occurrences(state, "half of it")).toBe(1);
  });

  test("a reply that began and never ended was cut off; where its end comes late it is done", () => {
    const state = play([...running, status("idle")]);
    expect(outcomes(state)).toEqual(["stopped"]);
    expect(outcomes(play([reply("a1", "u1", { finished: true })], state))).toEqual(["done"]);
  });

  test("an error that comes after idle is not told as done", () => {
    const state = play([...running, status("idle"), failed("provider", "no credit")]);
    expect(outcomes(state)).toEqual(["failed"]);
    expect(shown(state)).toContain("no credit");
  });

  test("an error that comes after a whole answer changes nothing", () => {
    const state = play(wholeTurn("u1", 0));
    expect(play([failed("provider"), failed()], state)).toBe(state);
  });

  test("an error before anything was answered", () => {
    const state = play([user("u1", 0), status("busy"), failed("provider", "401"), status("idle")]);
    expect(outcomes(state)).toEqual(["failed"]);
  });

  test("a new answer to a turn that was thought over opens it again", () => {
    const state = play([...running, failed(), status("idle"), status("busy"), reply("a2", "u1")]);
    expect(outcomes(state)).toEqual([undefined]);
    expect(outcomes(play([reply("a2", "u1", { finished: true }), status("idle")], state))).toEqual([
      "done",
    ]);
  });

  test.each([
    [{ type: "exited" }, "exited"],
    [{ type: "session-deleted", sessionId: ROOT }, "deleted"],
  ] as const)("%j: what ran was stopped, what was answered is done", (event, ended) => {
    const state = play([...wholeTurn("u0", 0), user("u1", 5), ...running.slice(1), user("u2", 9)]);
    const after = play([event], state);
    expect(after).toMatchObject({ ended, run: { kind: "idle" } });
    expect(outcomes(after)).toEqual(["done", "stopped", "skipped"]);
    const answered = play([...wholeTurn("u0", 0).slice(0, -1), event]);
    expect(outcomes(answered)).toEqual(["done"]);
  });

  test("another session's deletion is none of ours", () => {
    const state = play(running);
    const event = { type: "session-deleted", sessionId: asSessionId("ses_child") } as const;
    expect(play([event], state)).toBe(state);
  });
});

describe("streams", () => {
  const begun = [user("u1", 0), status("busy"), reply("a1", "u1"), text("a1", "t", "", false)];

  test("text grows, and its whole comes at the end", () => {
    const state = play([...begun, delta("a1", "t", "Hel"), delta("a1", "t", "lo")]);
    expect(state.turns[0]?.items).toMatchObject([{ text: "Hello", done: false }]);
    const whole = play([text("a1", "t", "Hello you"), delta("a1", "t", "!")], state);
    expect(whole.turns[0]?.items).toMatchObject([{ text: "Hello you", done: true }]);
  });

  test("a stream that was cut begins again in the same part", () => {
    const events = [
      ...begun,
      delta("a1", "t", "one two thr"),
      text("a1", "t", "", false),
      delta("a1", "t", "one two "),
      delta("a1", "t", "three"),
      text("a1", "t", "one two three"),
      reply("a1", "u1", { finished: true }),
      status("idle"),
    ];
    const cut = play(events.slice(0, 6));
    expect(cut.turns[0]?.items).toMatchObject([{ text: "", done: false }]);
    expect(occurrences(cut, "one")).toBe(0);
    const state = play(events);
    expect(occurrences(state, "one two three")).toBe(1);
    expect(outcomes(state)).toEqual(["done"]);
  });

  test("a stream that was cut begins again in another part, the first one emptied", () => {
    const state = play([
      ...begun,
      delta("a1", "t", "one two thr"),
      text("a1", "t", "", false),
      text("a1", "t2", "", false),
      delta("a1", "t2", "one two three"),
      text("a1", "t2", "one two three"),
      status("idle"),
    ]);
    expect(occurrences(state, "one two")).toBe(1);
  });

  test("an earlier state of something whole that comes late changes nothing", () => {
    const state = play([...begun, text("a1", "t", "whole"), tool("a1", "b", { output: "out" })]);
    for (const late of [
      text("a1", "t", "", false),
      text("a1", "t", "wh", false),
      delta("a1", "t", "le"),
      tool("a1", "b", { state: "running" }),
      tool("a1", "b", { state: "pending" }),
    ]) {
      expect(play([late], state)).toBe(state);
    }
  });

  test("a tool may complete after idle", () => {
    const busy = [...begun, tool("a1", "b", { state: "running" }), failed(), status("idle")];
    const state = play([...busy, tool("a1", "b", { state: "error", error: "aborted" })]);
    expect(state.turns[0]?.items).toMatchObject([{}, { call: { state: "error" } }]);
  });

  test("parts and deltas of messages that nobody knows are ignored", () => {
    const state = play(begun);
    const unknown = [
      text("a9", "t", "x"),
      delta("a9", "t", "x"),
      delta("a1", "t9", "x"),
      tool("a9", "b"),
      reply("a9", "u9"),
    ];
    for (const event of unknown) expect(play([event], state)).toBe(state);
  });

  test("the contents of an attached file are not part of the prompt", () => {
    const synthetic = promptText("u1", "file contents");
    if (synthetic.type !== "part" || synthetic.part.kind !== "text") throw new Error("a text");
    const state = play([
      user("u1", 0),
      promptText("u1", "look at this", "post1"),
      { ...synthetic, part: { ...synthetic.part, key: "s", synthetic: true } },
    ]);
    expect(state.turns[0]?.prompt).toEqual({
      text: "look at this",
      files: [],
      postId: asPostId("post1"),
    });
  });
});

describe("what was forgotten or is history does not come back", () => {
  const turn = wholeTurn("u1", 0);

  test("by any late or repeated event", () => {
    const state = play([...turn, ...wholeTurn("u2", 10), forget("u1")]);
    expect(state.turns.map((t) => t.id)).toEqual([asMessageId("u2")]);
    for (const event of turn) {
      if (event.type !== "status") expect(play([event], state)).toBe(state);
    }
  });

  test("a turn that goes on is not forgotten", () => {
    const state = play([user("u1", 0), status("busy"), reply("a1", "u1")]);
    expect(play([forget("u1", "u9")], state)).toBe(state);
  });

  test("messages from before the horizon, to the id", () => {
    const late = { ...BEFORE_ALL, createdMs: NOW + 5, id: "u5" };
    const base = { ...play([]), horizon: late };
    const ids = (events: ThreadEvent[]) => play(events, base).turns.map((t) => String(t.id));
    expect(ids([user("u4", 5), user("u5", 5), user("u6", 4)])).toEqual([]);
    expect(ids([user("u6", 5), user("u1", 6)])).toEqual(["u6", "u1"]);
  });
});

test("of a sub-agent whose task is over nothing but its name is kept", () => {
  const child = aSession("ses_child", { parentId: ROOT });
  const call = { tool: "task", childSessionId: child.id };
  const busy = play([
    user("m1", 1),
    reply("a1", "m1"),
    { type: "session-created", session: child },
    tool("a1", "t", { ...call, state: "running" }),
    tool("c1", "c", { output: "x".repeat(30_000) }, child.id),
  ]);
  expect(busy.children[child.id]?.action).toBeDefined();
  const done = play([tool("a1", "t", { ...call, state: "completed" })], busy);
  expect(done.children[child.id]?.action).toBeUndefined();
});
