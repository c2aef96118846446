import { expect, test } from "bun:test";
import { changesIn } from "../../../../src/clients/opencode/session-changes.ts";
import { asMessageId } from "../../../../src/models/ids.ts";

const prompt = (id: string, ...diffs: object[]) => ({
  info: { id, role: "user", summary: { diffs } },
});
const change = (file: string, patch: string) => ({ file, additions: 1, deletions: 2, patch });
const MESSAGES = [
  prompt("msg_1", change("a.ts", "one\n"), change("b.ts", "two\n")),
  { info: { id: "msg_2", role: "assistant", summary: true } },
  { info: { id: "msg_3", role: "user" } },
  prompt("msg_4", change("a.ts", "three\n"), { broken: true }),
];

test("the changes of each prompt are told by file, in their order", () => {
  expect(changesIn(MESSAGES, undefined)).toEqual([
    { path: "a.ts", additions: 2, deletions: 4, patch: "one\nthree\n" },
    { path: "b.ts", additions: 1, deletions: 2, patch: "two\n" },
  ]);
});

test("what is undone is not told", () => {
  const left = changesIn(MESSAGES, asMessageId("msg_4"));
  expect(left.map(({ patch }) => patch)).toEqual(["one\n", "two\n"]);
});
