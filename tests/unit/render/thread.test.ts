import { expect, test } from "bun:test";
import { asMessageId, asRequestId } from "../../../src/models/ids.ts";
import { renderThread } from "../../../src/render/thread.ts";
import {
  bash,
  ended,
  OPTIONS,
  running,
  SESSION,
  START_MS,
  stateOf,
  text,
} from "../../support/build-state.ts";

const asking = {
  permissions: [
    {
      request: {
        id: asRequestId("per_1"),
        sessionId: SESSION,
        permission: "bash",
        patterns: [],
        always: [],
      },
      pending: [asRequestId("per_1")],
    },
  ],
  questions: [
    {
      request: {
        id: asRequestId("que_1"),
        sessionId: SESSION,
        questions: [{ header: "", question: "?", options: [], multiple: false, custom: true }],
      },
    },
  ],
};
const older = { ...ended([text("old")]), id: asMessageId("msg_0") };

function keys(...turns: Parameters<typeof stateOf>[0] & {}): string[] {
  return renderThread(stateOf(turns, asking), START_MS, OPTIONS).map(({ key }) => key);
}

test("turns in order, what asks the user below the work that asks", () => {
  expect(keys(older, running([bash("ls", { state: "running" })]))).toEqual([
    "msg_0/0",
    "msg_1/0",
    "permission/per_1",
    "question/que_1/0",
  ]);
});

test("and above the answer that came after it", () => {
  expect(keys(ended([bash("ls"), text("done", "msg_b")]))).toEqual([
    "msg_1/0",
    "permission/per_1",
    "question/que_1/0",
    "msg_1/answer",
  ]);
});

test("a thread where nothing has happened has no posts", () => {
  expect(renderThread(stateOf(), START_MS, OPTIONS)).toEqual([]);
});
