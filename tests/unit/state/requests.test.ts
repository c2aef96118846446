import { describe, expect, test } from "bun:test";
import type {
  Argument,
  HostEvent,
  PermissionReply,
  ToolCall,
} from "../../../src/models/host-event.ts";
import { asCallId, asMessageId, asRequestId, asSessionId } from "../../../src/models/ids.ts";
import { isLookedUp } from "../../../src/state/call-input.ts";
import type { ThreadEvent } from "../../../src/state/reduce.ts";
import type { ThreadState } from "../../../src/state/thread-state.ts";
import { aPermission, asked, play, ROOT, reply, tool, user } from "../../support/events.ts";

const MESSAGE = asMessageId("a");
const CHILD = asSessionId("ses_child");
const text = (name: string, value: string): Argument => ({ name, text: value, isText: true });
const COMMAND = [text("command", "npm test")];

/** Each request is asked by a call of its own. */
const callOf = (id: string) => ({ messageId: MESSAGE, callId: asCallId(`call-${id}`) });
const by = (id: string): HostEvent => asked(id, { call: callOf(id) });
const call = (id: string, about: Partial<ToolCall> = {}, session = ROOT): HostEvent =>
  tool("a", id, { state: "running", args: COMMAND, ...about }, session);
const notKnown = (id: string): ThreadEvent => ({
  type: "input-unknown",
  requestId: asRequestId(id),
});

/** A turn in which the calls of the first two requests run. */
const running = (args: readonly Argument[] = COMMAND): ThreadState =>
  play([user("u", 1), reply("a", "u"), call("per_1"), call("per_2", { args })]);

const replied = (id: string, reply: PermissionReply = "once"): HostEvent => ({
  type: "permission-replied",
  sessionId: ROOT,
  requestId: asRequestId(id),
  reply,
});
const answering = (id: string, by?: string): ThreadEvent => ({
  type: "answering",
  requestId: asRequestId(id),
  ...(by && { by }),
});

describe("permissions", () => {
  test("equal requests are one post, and one is decided when all are", () => {
    const state = play([by("per_1"), by("per_2"), by("per_1"), by("per_2")], running());
    expect(state.permissions).toMatchObject([
      { request: { id: "per_1" }, pending: ["per_1", "per_2"].map(asRequestId) },
    ]);
    const half = play([replied("per_2")], state);
    expect(half.permissions[0]).toMatchObject({ pending: ["per_1"] });
    expect(half.permissions[0]?.decision).toBeUndefined();
    expect(play([replied("per_1")], half).permissions).toMatchObject([
      { pending: [], decision: { answer: "once" } },
    ]);
  });

  test.each([
    ["kind", { permission: "edit" }],
    ["command", { command: "npm test --force" }],
    ["path", { path: "/etc/passwd" }],
    ["diff", { diff: "+x" }],
    ["patterns", { patterns: ["npm test", "rm"] }],
    ["what always would allow", { always: ["*"] }],
    ["session", { sessionId: asSessionId("ses_child") }],
    ["detail", { details: [{ name: "tool", text: "bash", isText: true }] }],
  ])("another %s is another request", (_, about) => {
    const asks = [by("per_1"), asked("per_2", { ...about, call: callOf("per_2") })];
    const known = play([...asks, call("per_2", {}, CHILD)], running());
    expect(known.permissions).toHaveLength(2);
    expect(known.permissions.some(isLookedUp)).toBe(false);
  });

  test("another input of the call is another request", () => {
    for (const args of [
      [text("name", "live")],
      [{ ...text("command", "npm test"), isText: false }],
    ]) {
      expect(play([by("per_1"), by("per_2")], running(args)).permissions).toHaveLength(2);
    }
  });

  test("nothing is equal where no call asks, or its input is not known", () => {
    expect(play([asked("per_1"), asked("per_2")]).permissions).toHaveLength(2);
    const unknown = play([by("per_8"), by("per_9"), notKnown("per_8"), notKnown("per_9")]);
    expect(unknown.permissions.map(({ input }) => input)).toEqual(["unknown", "unknown"]);
  });

  test("one that is asked before its call is known joins when it is", () => {
    const early = play([by("per_1"), by("per_9")], running());
    expect(early.permissions.map(isLookedUp)).toEqual([false, true]);
    const pending = play([call("per_9", { state: "pending" })], early);
    expect(pending.permissions.map(isLookedUp)).toEqual([false, true]);
    expect(play([call("per_9")], pending).permissions).toMatchObject([
      { pending: ["per_1", "per_9"].map(asRequestId) },
    ]);
    expect(play([call("per_9", { args: [] })], pending).permissions).toHaveLength(2);
  });

  test("an input that comes late completes the request and joins no other", () => {
    const late = play([by("per_1"), by("per_9"), notKnown("per_9"), call("per_9")], running());
    expect(late.permissions).toMatchObject([{}, { input: { isLate: true } }]);
    const other = play([call("per_1", { args: [text("command", "rm")] })], late);
    expect(other.permissions[0]?.input).toMatchObject({ args: [{ text: "rm" }], isLate: true });
    expect(play([notKnown("per_1")], late)).toBe(late);
  });

  test("what a sub-agent's call was given is known by its event, and by reading it", () => {
    const state = play([asked("per_1", { sessionId: CHILD, call: callOf("per_1") })]);
    const seen = call("per_1", {}, CHILD);
    expect(play([seen], state).permissions[0]?.input).toEqual({ args: COMMAND, isEdit: false });
    expect(play([call("per_1")], state).permissions[0]).not.toHaveProperty("input");
    const part = seen.type === "part" && seen.part.kind === "tool" ? seen.part : undefined;
    if (!part) throw new Error("That is no call.");
    const read: ThreadEvent = { ...part, type: "call-read", sessionId: CHILD };
    expect(play([read], state).permissions[0]?.input).toEqual({ args: COMMAND, isEdit: false });
  });

  test("what is decided does not take in a new one, nor opens again", () => {
    const decided = play([asked("per_1"), replied("per_1", "reject")]);
    expect(play([asked("per_1"), replied("per_1", "always")], decided)).toBe(decided);
    const again = play([asked("per_2")], decided);
    expect(again.permissions.map((p) => p.pending.length)).toEqual([0, 1]);
  });

  test("who answered is named, unless it did not work out", () => {
    const named = play([asked("per_1"), answering("per_1", "alice"), replied("per_1")]);
    expect(named.permissions[0]?.decision).toMatchObject({ by: "alice", answer: "once" });
    const taken = play([asked("per_1"), answering("per_1", "alice"), answering("per_1")]);
    expect(taken.permissions[0]).toEqual({
      request: aPermission("per_1"),
      pending: [asRequestId("per_1")],
    });
    expect(play([replied("per_1")], taken).permissions[0]?.decision).not.toHaveProperty("by");
  });

  test("one that is joined names who answered too", () => {
    const state = play([by("per_1"), by("per_2"), answering("per_2", "alice")], running());
    const done = play([replied("per_2"), replied("per_1")], state);
    expect(done.permissions[0]?.decision).toMatchObject({ by: "alice" });
  });

  test("only what is decided is forgotten", () => {
    const state = play([asked("per_1"), asked("per_2", { command: "x" }), replied("per_1")]);
    const forget: ThreadEvent = {
      type: "forget",
      turns: [],
      requests: ["per_1", "per_2"].map(asRequestId),
    };
    expect(play([forget], state).permissions.map((p) => String(p.request.id))).toEqual(["per_2"]);
  });
});

describe("questions", () => {
  const requestId = asRequestId("que_1");
  const question = { header: "", question: "?", options: [], multiple: true, custom: false };
  const ask: HostEvent = {
    type: "question-asked",
    request: { id: requestId, sessionId: ROOT, questions: [question, question] },
  };
  const mark = (index: number, on = true): ThreadEvent => ({
    type: "option-marked",
    requestId,
    index,
    on,
  });
  const noted: ThreadEvent = { type: "answer-noted", requestId, answer: ["b"] };
  const rejected: HostEvent = { type: "question-rejected", sessionId: ROOT, requestId };

  test("are asked once", () => {
    const state = play([ask]);
    expect(play([ask], state)).toBe(state);
  });

  test("marks do not depend on their order and go with the answer", () => {
    const state = play([ask, mark(2), mark(0), mark(2), mark(1), mark(0, false)]);
    expect(state.questions[0]?.chosen).toEqual([1, 2]);
    const next = play([noted], state).questions[0];
    expect(next).not.toHaveProperty("chosen");
    expect(next?.answersSoFar).toEqual([["b"]]);
  });

  test("the first decision holds", () => {
    const state = play([ask, answering("que_1", "alice"), rejected]);
    expect(state.questions[0]?.decision).toMatchObject({ answer: "dismissed", by: "alice" });
    const late: ThreadEvent[] = [
      { type: "question-replied", sessionId: ROOT, requestId, answers: [["a"], ["b"]] },
      rejected,
      mark(1),
      noted,
    ];
    for (const event of late) expect(play([event], state)).toBe(state);
  });
});
