import { describe, expect, test } from "bun:test";
import type { RenderOptions } from "../../../src/models/desired-post.ts";
import type { HostFailure } from "../../../src/models/host-event.ts";
import { renderTurn } from "../../../src/render/turn.ts";
import type { Outcome, Turn, TurnItem } from "../../../src/state/thread-state.ts";
import {
  bash,
  edit,
  ended,
  OPTIONS,
  reply,
  START_MS,
  stateOf,
  text,
  thinking,
  tool,
} from "../../support/build-state.ts";

function posts(turn: Turn, options: Partial<RenderOptions> = {}): [key: string, message: string][] {
  const state = stateOf([turn], { run: { kind: "idle" } });
  const all = renderTurn(turn, state, START_MS + 999_000, { ...OPTIONS, ...options });
  expect(all.every(({ settled, urgency }) => settled === "final" && urgency === "normal")).toBe(
    true,
  );
  return all.map(({ key, message }) => [key, message]);
}
const STOPPED: Outcome = { kind: "stopped" };

describe("the answer", () => {
  test.each<[string, TurnItem[], string]>([
    ["alone", [text("Hello\n\n- a")], "✅ **payments-api** · 2 min 30 s\n\nHello\n\n- a"],
    [
      "after thinking",
      [thinking(8000), text("Hello")],
      "✅ **payments-api** · 2 min 30 s · 💭 8 s\n\nHello",
    ],
    ["in two parts", [text("a"), text("b")], "✅ **payments-api** · 2 min 30 s\n\na\n\nb"],
    ["that did not come", [], "✅ **payments-api** · 2 min 30 s"],
  ])("%s: the only post carries it", (_name, items, message) => {
    expect(posts(ended(items))).toEqual([["msg_1/0", message]]);
  });

  test("after work it is a post of its own, and leaves the work's", () => {
    const items = [
      text("First I look."),
      edit("src/retry.ts", 12, 3),
      edit("src/retry.ts", 3, 0),
      edit("test/retry.test.ts", 9, 4),
      tool("todowrite"),
      bash("npm test", { exitCode: 1, output: "Error: no" }),
      text("Fixed.", "msg_b"),
    ];
    const turn = ended(
      items,
      { kind: "done" },
      { todos: [{ content: "reproduce", status: "completed" }] },
    );
    expect(posts(turn)).toEqual([
      [
        "msg_1/0",
        [
          "✓ 2 min 30 s · 5 tools · 1 failed",
          "First I look.",
          "✓ edit · `src/retry.ts` · +12 −3",
          "✓ edit · `src/retry.ts` · +3",
          "✓ edit · `test/retry.test.ts` · +9 −4",
          "✗ bash · `npm test` · exit 1 · Error: no",
          "",
          "- [x] reproduce",
        ].join("\n"),
      ],
      ["msg_1/answer", "✅ **payments-api** · 2 min 30 s · 2 files +24 −7\n\nFixed."],
    ]);
  });

  test("OpenCode's own count of what changed goes before the tools'", () => {
    const turn = ended([edit("a.ts", 1, 1), text("Done.", "msg_b")]);
    const changes = { files: 3, additions: 24, deletions: 7 };
    const counted = { ...turn, message: { ...turn.message, changes } };
    expect(posts(counted)[1]?.[1]).toStartWith(
      "✅ **payments-api** · 2 min 30 s · 3 files +24 −7\n",
    );
  });

  test("where OpenCode counted none, the tools' count stands", () => {
    const turn = ended([edit("a.ts", 1, 1), text("Done.", "msg_b")]);
    const changes = { files: 0, additions: 0, deletions: 0 };
    const counted = { ...turn, message: { ...turn.message, changes } };
    expect(posts(counted)[1]?.[1]).toContain("· 1 file +1 −1");
  });

  test("the sum stands in the first post with work in it", () => {
    const long = "word ".repeat(121);
    expect(posts(ended([text(long), bash("ls"), text("Done.", "msg_b")]))).toEqual([
      ["msg_1/0", long],
      ["msg_1/1", "✓ 2 min 30 s · 1 tool\n✓ bash · `ls` · 3.2 s"],
      ["msg_1/answer", "✅ **payments-api** · 2 min 30 s\n\nDone."],
    ]);
  });

  test("an earlier message's text is not part of it", () => {
    const items = [text("Let me see.", "msg_a"), text("Done.", "msg_b")];
    expect(posts(ended(items))).toEqual([
      ["msg_1/0", "✓ 2 min 30 s\nLet me see."],
      ["msg_1/answer", "✅ **payments-api** · 2 min 30 s\n\nDone."],
    ]);
  });

  test("where a tool was last there is none: the first line alone", () => {
    const items = [text("x"), bash("ls")];
    expect(posts(ended(items))[1]).toEqual(["msg_1/answer", "✅ **payments-api** · 2 min 30 s"]);
  });

  test("a picture in it becomes a link", () => {
    expect(posts(ended([text("![a](https://x.test)")]))[0]?.[1]).toEndWith(
      "\n\n[a](https://x.test)",
    );
  });

  test("a work post that is made only now is made with the session's name", () => {
    const turn = ended([bash("ls"), text("Done.", "msg_b")]);
    const [work, answer] = renderTurn(turn, stateOf([turn]), 0, OPTIONS);
    expect(work?.firstMessage).toStartWith("✓ **payments-api** · 2 min 30 s · 1 tool\n");
    expect(answer?.firstMessage).toBeUndefined();
  });
});

describe("how else a turn ends", () => {
  const again = "Then send the prompt again.";
  const provider = (message: string, statusCode?: number): HostFailure => ({
    kind: "provider",
    message,
    ...(statusCode !== undefined && { statusCode }),
  });

  test.each<[HostFailure, string]>([
    [
      provider("Invalid key", 401),
      `Check the provider's key, or run \`opencode auth login\` in a terminal. ${again}`,
    ],
    [
      provider("Invalid key", 403),
      `Check the provider's key, or run \`opencode auth login\` in a terminal. ${again}`,
    ],
    [
      provider("Invalid key", 402),
      `Check your account at the provider, or choose another model in the terminal. ${again}`,
    ],
    [
      provider("Invalid key", 429),
      `Wait a little, or choose another model in the terminal. ${again}`,
    ],
    [
      provider("Invalid key", 413),
      `\`/compact\` in the terminal makes room, \`!new\` starts afresh. ${again}`,
    ],
    [provider("Invalid key"), "Reply to try again."],
  ])("failed, case %#", (error, step) => {
    expect(posts(ended([text("partial")], { kind: "failed", error }))).toEqual([
      ["msg_1/0", `❌ **payments-api** · Invalid key\n${step}\n\npartial`],
    ]);
  });

  test.each([
    "prompt is too long: 210000 tokens",
    "exceeds the context window",
    "maximum context length",
  ])("failed for want of room: %s", (message) => {
    const [[, shown] = []] = posts(ended([], { kind: "failed", error: provider(message, 400) }));
    expect(shown).toContain(
      `\n\`/compact\` in the terminal makes room, \`!new\` starts afresh. ${again}`,
    );
  });

  test("a long message is shortened in the first line and whole below it", () => {
    const message = `no\n${"x".repeat(300)}`;
    const [[, shown = ""] = []] = posts(ended([], { kind: "failed", error: provider(message) }));
    const [first, ...rest] = shown.split("\n");
    expect(first).toBe(`❌ **payments-api** · no ${"x".repeat(196)}…`);
    expect(rest.join("\n")).toStartWith(`\`\`\`\n${message}\n\`\`\`\nReply`);
  });

  test("stopped: what was written so far stays", () => {
    expect(
      posts(ended([bash("sleep 99", { state: "running" }), text("half", "msg_b")], STOPPED)),
    ).toEqual([
      ["msg_1/0", "🛑 2 min 30 s · 1 tool\n✗ bash · `sleep 99` · stopped"],
      ["msg_1/answer", "🛑 **payments-api** · stopped after 2 min 30 s\n\nhalf"],
    ]);
  });

  test("skipped", () => {
    expect(posts(ended([], { kind: "skipped" }))).toEqual([
      ["msg_1/0", "🛑 **payments-api** · stopped before this prompt ran · send it again to run it"],
    ]);
  });

  test("continued: the sum, what was written stays where it is, no answer", () => {
    expect(posts(ended([bash("ls"), text("On it.", "msg_b")], { kind: "continued" }))).toEqual([
      ["msg_1/0", "✓ 2 min 30 s · 1 tool\n✓ bash · `ls` · 3.2 s\nOn it."],
    ]);
    expect(posts(ended([], { kind: "continued" }))).toEqual([]);
  });

  test("compacted: one line, without the summary", () => {
    const summary = ended(
      [text("the summary")],
      { kind: "done" },
      {
        compaction: true,
        prompt: { text: "", files: [] },
        replies: [reply("msg_a", { isSummary: true })],
      },
    );
    expect(posts(summary)).toEqual([
      ["msg_1/0", "🗜️ **payments-api** · conversation compacted · 2 min 30 s"],
    ]);
  });

  test("with the session: as stopped", () => {
    const turn = { ...ended([text("half")]), endedMs: START_MS + 3000, outcome: STOPPED };
    expect(posts(turn)[0]?.[1]).toStartWith("🛑 **payments-api** · stopped after 3 s\n");
  });
});

test("a prompt from the terminal stays quoted above its answer", () => {
  const turn = ended([text("ok")], { kind: "done" }, { prompt: { text: "do it", files: [] } });
  const quoted = "✅ **payments-api** · 2 min 30 s\n\n⌨️ from the terminal\n> do it\n\nok";
  expect(posts(turn)).toEqual([["msg_1/0", quoted]]);
  expect(posts(turn, { verbosity: "quiet" })).toEqual([["msg_1/answer", quoted]]);
});

describe("verbosity", () => {
  const items = [
    thinking(8000, "msg_a", "let me see\nwhere"),
    ...Array.from({ length: 14 }, () => bash("ls", { output: "a\n```\n" })),
    text("Done.", "msg_b"),
  ];

  test("normal folds the older tools", () => {
    const [[, work = ""] = []] = posts(ended(items));
    expect(work).toStartWith(
      "✓ 2 min 30 s · 14 tools\n💭 thought for 8 s\n✓ 6 bash\n✓ bash · `ls`",
    );
    expect(work.split("\n")).toHaveLength(11);
  });

  test("quiet shows the answer alone", () => {
    const quiet = posts(ended(items), { verbosity: "quiet" });
    expect(quiet).toEqual([["msg_1/answer", "✅ **payments-api** · 2 min 30 s\n\nDone."]]);
  });

  test("verbose shows every tool with its output, and thinking in full", () => {
    const [[, work = ""] = []] = posts(ended(items), { verbosity: "verbose" });
    expect(work).toContain(
      "💭 thought for 8 s\n\n> let me see\n> where\n\n✓ bash · `ls` · 3.2 s\n````\na\n```\n````\n✓",
    );
    expect(work.match(/✓ bash/g)).toHaveLength(14);
  });

  test("verbose attaches what a post had to cut, below it and above the answer", () => {
    const output = Array.from({ length: 900 }, (_, at) => `line ${at}`).join("\n");
    const long = bash("seq", { output: `\u001b[32m${output}\u001b[0m\n` });
    const turn = ended([long, bash("ls", { output: "a" }), text("Done.", "msg_b")]);
    const state = stateOf([turn], { run: { kind: "idle" } });
    const all = renderTurn(turn, state, START_MS, { ...OPTIONS, verbosity: "verbose" });
    expect(all.map(({ key }) => key)).toEqual(["msg_1/0", "msg_1/result.0", "msg_1/answer"]);
    expect(all[0]?.message).toMatch(
      /✓ bash · `seq`.*\n```\nline 0\n[\s\S]*\n…\n[\s\S]*line 899\n```\n✓ bash/,
    );
    expect(all[1]).toMatchObject({
      message: "📎 **payments-api** · bash `seq` · 900 lines in `bash-output.txt`",
      files: [{ name: "bash-output.txt", text: output }],
    });
    expect(posts(turn)).toHaveLength(2);
  });

  test("verbose shows what an edit changed, too long a diff as a file", () => {
    const diff = (lines: number) => `@@ -1 +1 @@\n${"+new\n".repeat(lines)}`;
    const small = tool("edit", { input: { filePath: "a.ts" }, diff: diff(1), output: "Edited." });
    const big = tool("edit", { input: { filePath: "b.ts" }, diff: diff(2_000), output: "Edited." });
    const turn = ended([small, big, text("Done.", "msg_b")]);
    const state = stateOf([turn], { run: { kind: "idle" } });
    const all = renderTurn(turn, state, START_MS, { ...OPTIONS, verbosity: "verbose" });
    expect(all[0]?.message).toContain("✓ edit · `a.ts`\n```diff\n@@ -1 +1 @@\n+new\n```\n");
    expect(all[1]?.message).toBe("📎 **payments-api** · edit · `b.ts` · 2001 lines in `edit.diff`");
    expect(all[1]?.files?.[0]?.text).toBe(diff(2_000).trimEnd());
    expect(posts(turn)).toHaveLength(2);
  });
});
