import { describe, expect, test } from "bun:test";
import type { ToolCall } from "../../../src/models/host-event.ts";
import { asSessionId } from "../../../src/models/ids.ts";
import { foldedKeys, foldLine } from "../../../src/render/tool-fold.ts";
import { toolAction, toolLine } from "../../../src/render/tool-line.ts";
import {
  bash,
  call,
  type Fields,
  SESSION,
  START_MS,
  stateOf,
  tool,
} from "../../support/build-state.ts";

const CHILD = asSessionId("ses_child");
const took = (ms: number) => ({ startMs: START_MS, endMs: START_MS + ms });
const file = (path: string) => ({ input: { filePath: `/home/dev/project/${path}` } });

const lineOf = (name: string, fields: Fields, ended = false): string =>
  toolLine(call(name, fields), stateOf(), ended);

describe("a finished tool is a line", () => {
  test.each<[name: string, fields: Fields, line: string]>([
    ["bash", { input: { command: "npm test" }, ...took(3200) }, "✓ bash · `npm test` · 3.2 s"],
    ["bash", { input: { command: "a\nb" }, ...took(20) }, "✓ bash · `a b`"],
    ["bash", { input: { command: "rm\u3000-rf\u2028a" } }, "✓ bash · `rm⟨U+3000⟩-rf⟨U+2028⟩a`"],
    [
      "bash",
      { input: { command: "rm -rf ~\r\u001b[1;31mls\u001b[0m" } },
      "✓ bash · `rm -rf ~⟨U+000D⟩ls`",
    ],
    ["a\u2800b", { title: "c\u00a0d" }, "✓ a⟨U+2800⟩b · c⟨U+00A0⟩d"],
    ["read", { ...file("a.ts"), ...took(900) }, "✓ read · `a.ts`"],
    ["read", { input: { filePath: "/etc/hosts" } }, "✓ read · `/etc/hosts`"],
    ["read", { input: { filePath: "/home/dev/project" } }, "✓ read · `.`"],
    ["read", { input: { filePath: "/home/dev/project2/a" } }, "✓ read · `/home/dev/project2/a`"],
    [
      "edit",
      { ...file("src/retry.ts"), changes: { files: 1, additions: 12, deletions: 3 } },
      "✓ edit · `src/retry.ts` · +12 −3",
    ],
    ["apply_patch", { paths: ["a.ts", "b.ts"] }, "✓ apply\\_patch · `a.ts` and 1 more"],
    ["grep", { input: { pattern: "a|`b`" } }, "✓ grep · `` a|`b` ``"],
    ["glob", { input: { pattern: "**/*.ts" } }, "✓ glob · `**/*.ts`"],
    [
      "webfetch",
      { input: { url: "https://x.test/" }, ...took(1500) },
      "✓ webfetch · `https://x.test/` · 1.5 s",
    ],
    [
      "task",
      { input: { description: "list *all*" }, ...took(41_000) },
      "✓ 🤖 list \\*all\\* · 41 s",
    ],
    ["github_search", { title: "Found [3]" }, "✓ github\\_search · Found \\[3\\]"],
    ["mystery", {}, "✓ mystery"],
    ["constructor", {}, "✓ constructor"],
  ])("%s, case %#", (name, fields, line) => {
    expect(lineOf(name, fields)).toBe(line);
  });
});

describe("a failed tool says why", () => {
  test.each<[name: string, fields: Fields, line: string]>([
    [
      "edit",
      { ...file("a.ts"), state: "error", error: "\noldString not found\n  at x" },
      "✗ edit · `a.ts` · oldString not found",
    ],
    [
      "bash",
      { input: { command: "npm test" }, exitCode: 1, output: "> test\n\n1 test failed\n" },
      "✗ bash · `npm test` · exit 1 · 1 test failed",
    ],
    ["bash", { input: { command: "false" }, exitCode: 1 }, "✗ bash · `false` · exit 1"],
  ])("%s, case %#", (name, fields, line) => {
    expect(lineOf(name, fields)).toBe(line);
  });

  test("long commands and errors are cut", () => {
    const fields = { input: { command: "x".repeat(999) }, state: "error", error: "y".repeat(999) };
    const line = lineOf("bash", { ...fields, state: "error" });
    expect(line).toBe(`✗ bash · \`${"x".repeat(119)}…\` · ${"y".repeat(119)}…`);
  });
});

test.each<[ToolCall["state"], boolean, string]>([
  ["running", false, "⏳ bash · `ls`"],
  ["pending", false, "⏳ bash · `ls`"],
  ["running", true, "✗ bash · `ls` · stopped"],
])("what is %s, turn over: %p", (state, ended, line) => {
  expect(lineOf("bash", { state, input: { command: "ls" } }, ended)).toBe(line);
});

describe("a sub-agent at work shows its newest action", () => {
  const action = call("bash", { input: { command: "ls" } });
  const children = {
    [CHILD]: { id: CHILD, parentId: SESSION, title: "list (@general subagent)", action },
  };
  const state = stateOf([], { children });

  test.each<[Fields, string]>([
    [{ state: "running", input: { description: "list files" } }, "🤖 list files · bash `ls`"],
    [{ state: "running" }, "🤖 list · bash `ls`"],
    [{ state: "completed" }, "🤖 list"],
  ])("case %#", (fields, action) => {
    expect(toolAction(call("task", { childSessionId: CHILD, ...fields }), state)).toBe(action);
  });

  test("one that is not known yet", () => {
    expect(toolAction(call("task", { state: "running" }), stateOf())).toBe("🤖 sub-agent");
  });
});

describe("more than twelve lines fold", () => {
  const reads = (count: number) => Array.from({ length: count }, () => tool("read"));

  test.each([
    [12, 0],
    [13, 6],
    [18, 6],
    [19, 12],
    [40, 30],
  ])("of %d lines the older %d", (count, folded) => {
    const items = reads(count);
    const expected = items.slice(0, folded).map(({ key }) => key);
    expect([...foldedKeys(items)]).toEqual(expected);
  });

  test("failures, todos and what runs do not", () => {
    const failed = bash("x", { exitCode: 1 });
    const kept = [failed, tool("todowrite"), tool("question"), bash("y", { state: "running" })];
    const folded = foldedKeys([...kept, ...reads(12)]);
    expect(folded.size).toBe(5);
    expect(kept.filter(({ key }) => folded.has(key))).toEqual([]);
  });

  test("counts, the most frequent first", () => {
    const calls = ["grep", "read", "read", "my_tool"].map((name) => call(name));
    expect(foldLine(calls)).toBe("✓ 2 read · 1 grep · 1 my\\_tool");
  });
});
