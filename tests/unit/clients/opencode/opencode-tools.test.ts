import { describe, expect, test } from "bun:test";
import { meaningOf } from "../../../../src/clients/opencode/opencode-tools.ts";

describe("what a call of an OpenCode tool means", () => {
  test.each([
    ["bash", { command: "npm test" }, { kind: "shell", paths: [], subject: "npm test" }],
    ["read", { filePath: "/a.ts" }, { kind: "read", paths: ["/a.ts"] }],
    ["list", { path: "/src" }, { kind: "read", paths: ["/src"] }],
    ["edit", { filePath: "/a.ts", oldString: "x" }, { kind: "edit", paths: ["/a.ts"] }],
    [
      "apply_patch",
      { patchText: "*** Add File: a.ts\n+x\n*** Update File: b.ts\n-y" },
      { kind: "edit", paths: ["a.ts", "b.ts"] },
    ],
    ["grep", { pattern: "x", path: "/src" }, { kind: "search", paths: [], subject: "x" }],
    ["webfetch", { url: "https://x.test" }, { kind: "web", paths: [], subject: "https://x.test" }],
    [
      "task",
      { description: "list files" },
      { kind: "sub-agent", paths: [], subject: "list files" },
    ],
    ["todowrite", { todos: [] }, { kind: "todos", paths: [] }],
    ["question", {}, { kind: "question", paths: [] }],
    ["db_drop", { name: "test" }, { kind: "other", paths: [] }],
    ["constructor", { command: "x" }, { kind: "other", paths: [] }],
    ["bash", { command: 7 }, { kind: "shell", paths: [] }],
  ] as const)("%s, case %#", (tool, input, meaning) => {
    expect(meaningOf(tool, input)).toEqual(meaning);
  });
});
