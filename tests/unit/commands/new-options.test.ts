import { describe, expect, test } from "bun:test";
import { readOptions } from "../../../src/commands/new-options.ts";

test.each([
  ["Fix the flaky test", { prompt: "Fix the flaky test" }],
  ["", { prompt: "" }],
  ["-- --dry-run should be the default", { prompt: "--dry-run should be the default" }],
  ["— fix it", { prompt: "fix it" }],
  ["-v is broken", { prompt: "-v is broken" }],
  ["--model sonnet-4.5 Fix it", { model: "sonnet-4.5", prompt: "Fix it" }],
  [
    "--model=openai/gpt-5 --agent plan Fix it",
    { model: "openai/gpt-5", agent: "plan", prompt: "Fix it" },
  ],
  ['—model "claude sonnet" Fix it', { model: "claude sonnet", prompt: "Fix it" }],
  ["—model “claude sonnet” Fix it", { model: "claude sonnet", prompt: "Fix it" }],
  ["--AGENT plan", { agent: "plan", prompt: "" }],
  ["--agent plan\nFix it\n\n    as written", { agent: "plan", prompt: "Fix it\n\n    as written" }],
  ["--worktree", { worktree: "", prompt: "" }],
  ["--worktree hotfix", { worktree: "hotfix", prompt: "" }],
  ["--worktree fix-retry make it green", { worktree: "fix-retry", prompt: "make it green" }],
  ["--worktree=retry make it green", { worktree: "retry", prompt: "make it green" }],
  ['--worktree "the big one" go', { worktree: "the big one", prompt: "go" }],
  ["--worktree Fix the flaky test", { worktree: "", prompt: "Fix the flaky test" }],
  ["--worktree -- fix the flaky test", { worktree: "", prompt: "fix the flaky test" }],
  ["--worktree retry --model m go", { worktree: "retry", model: "m", prompt: "go" }],
  ["--worktree --model m go", { worktree: "", model: "m", prompt: "go" }],
  ["—worktree fix-1 “quoted” prompt", { worktree: "fix-1", prompt: "“quoted” prompt" }],
  ["--worktree ¿Por qué?", { worktree: "", prompt: "¿Por qué?" }],
])("%j", (text, begin) => {
  expect(readOptions(text)).toEqual({ kind: "clear", begin });
});

describe("what is unclear is asked, with what to write", () => {
  test.each([
    ["--worktree fix the flaky test", /`--worktree=fix`.*`--worktree --`/],
    ["--model", /`--model` needs a name/],
    ["--agent --model m", /`--agent` needs a name/],
    ["--dry-run should be the default", /no option `--dry-run`.*`--` before a prompt/],
    ["--worktrees fix-1 go", /no option `--worktrees`/],
  ])("%j", (text, why) => {
    expect(readOptions(text)).toEqual({ kind: "unclear", why: expect.stringMatching(why) });
  });
});
