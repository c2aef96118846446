import { describe, expect, test } from "bun:test";
import type { HostEvent, PermissionReply } from "../../../src/models/host-event.ts";
import { asRequestId, asSessionId } from "../../../src/models/ids.ts";
import type { ThreadEvent } from "../../../src/state/reduce.ts";
import { aPermission, asked, play, ROOT } from "../../support/events.ts";

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
    const state = play([asked("per_1"), asked("per_2"), asked("per_1"), asked("per_2")]);
    expect(state.permissions).toEqual([
      { request: aPermission("per_1"), pending: ["per_1", "per_2"].map(asRequestId) },
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
  ])("another %s is another request", (_, about) => {
    expect(play([asked("per_1"), asked("per_2", about)]).permissions).toHaveLength(2);
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
    const state = play([asked("per_1"), asked("per_2"), answering("per_2", "alice")]);
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
