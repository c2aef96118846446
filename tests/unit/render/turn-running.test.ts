import { describe, expect, test } from "bun:test";
import type { RenderOptions } from "../../../src/models/desired-post.ts";
import { asMessageId, asPostId, asRequestId } from "../../../src/models/ids.ts";
import { renderTurn } from "../../../src/render/turn.ts";
import type { ThreadState, Turn, TurnItem } from "../../../src/state/thread-state.ts";
import {
  bash,
  edit,
  OPTIONS,
  reply,
  running,
  SESSION,
  START_MS,
  stateOf,
  text,
  thinking,
  tool,
} from "../../support/build-state.ts";

const NOW = START_MS + 48_000;

function posts(turn: Turn, state: Partial<ThreadState> = {}, options: Partial<RenderOptions> = {}) {
  return renderTurn(turn, stateOf([turn], state), NOW, { ...OPTIONS, ...options });
}
const messages = (turn: Turn, state: Partial<ThreadState> = {}): string[] =>
  posts(turn, state).map(({ message }) => message);
const permission = {
  id: asRequestId("per_1"),
  sessionId: SESSION,
  permission: "bash",
  patterns: [],
  always: [],
};

describe("the first line says what happens now", () => {
  const sleeping = bash("npm test", { state: "running" });
  test.each<[items: TurnItem[], line: string]>([
    [[sleeping], "⏳ 48 s · bash `npm test`"],
    [[text("Hello", "msg_a", false)], "⏳ 48 s · writing"],
    [[text("Hello")], "⏳ 48 s · thinking"],
    [[bash("ls"), thinking(undefined)], "⏳ 48 s · thinking"],
    [[thinking(8000), text("Hello", "msg_a", false)], "⏳ 48 s · writing · 💭 8 s"],
    [[tool("read", { state: "pending" })], "⏳ 48 s · read"],
    [[tool("todowrite", { state: "running" })], "⏳ 48 s · updating the todo list"],
    [[tool("question", { state: "running" })], "⏳ 48 s · asking you"],
  ])("case %#", (items, line) => {
    expect(messages(running(items))[0]?.split("\n")[0]).toBe(line);
  });

  test("a retry, with OpenCode's reason", () => {
    const run = {
      kind: "retry",
      attempt: 1,
      message: "Rate limit\nreached",
      nextMs: NOW + 1500,
    } as const;
    expect(messages(running([]), { run })).toEqual(["🔁 Rate limit reached, next try in 2 s"]);
    expect(messages(running([]), { run: { ...run, nextMs: NOW } })).toEqual([
      "🔁 Rate limit reached, trying again",
    ]);
  });

  test("that it waits for the user", () => {
    const turn = running([sleeping]);
    const permissions = [{ request: permission, pending: [permission.id] }];
    const line = "✋ 48 s · waits for your OK\n⏳ bash · `npm test`";
    expect(messages(turn, { permissions })).toEqual([line]);
    const decision = { answer: "once", atMs: NOW } as const;
    const decided = [{ request: permission, pending: [], decision }];
    expect(messages(turn, { permissions: decided })[0]).toStartWith("⏳ 48 s · bash");
    const questions = [{ request: { id: permission.id, sessionId: SESSION, questions: [] } }];
    const asking = running([tool("question", { state: "running" })]);
    expect(messages(asking, { questions })).toEqual(["✋ 48 s · waits for your answer"]);
  });

  test("that the conversation is being compacted", () => {
    const turn = running([text("x", "msg_a"), text("summary so far", "msg_b")], {
      replies: [reply("msg_a"), reply("msg_b", { isSummary: true })],
    });
    expect(messages(turn)).toEqual(["⏳ 48 s · compacting\nx"]);
  });

  test("that a prompt from the terminal waits for the one before it", () => {
    const before = running([text("x")]);
    const queued = running([], {
      id: asMessageId("msg_2"),
      prompt: { text: "and then?", files: [] },
    });
    const [post] = renderTurn(queued, stateOf([before, queued]), NOW, OPTIONS);
    expect(post?.message).toStartWith("📥 waits for the current step\n");
    const answered = { ...queued, items: [text("Then", "msg_b", false)] };
    const state = stateOf([running([]), answered]);
    expect(renderTurn(answered, state, NOW, OPTIONS)[0]?.message).toStartWith("⏳ 48 s · writing");
  });
});

test("the running command's output stands below it, then what has happened, in order", () => {
  const turn = running(
    [
      text("I'll look at the test first."),
      thinking(8000),
      tool("read", { input: { filePath: "/home/dev/project/a.ts" } }),
      edit("src/retry.ts", 12, 3),
      tool("todowrite"),
      text("# Next\n\n```ts\nopen", "msg_b"),
      bash("npm test", { state: "running", output: "one\n\u001b[1mtwo\u001b[0m\n" }),
    ],
    {
      todos: [
        { content: "inject *the* clock", status: "in_progress" },
        { content: "b", status: "completed" },
      ],
    },
  );
  expect(messages(turn)).toEqual([
    [
      "⏳ 48 s · bash `npm test`",
      "```",
      "one",
      "two",
      "```",
      "I'll look at the test first.",
      "💭 thought for 8 s",
      "✓ read · `a.ts`",
      "✓ edit · `src/retry.ts` · +12 −3",
      "",
      "# Next",
      "",
      "```ts",
      "open",
      "```",
      "",
      "- [ ] **inject \\*the\\* clock**",
      "- [x] b",
    ].join("\n"),
  ]);
});

test("a new post pings, so it is made with the session's name", () => {
  const [post] = posts(running([text("Hello", "msg_a", false)]));
  expect(post).toEqual({
    key: "msg_1/0",
    message: "⏳ 48 s · writing\nHello",
    firstMessage: "⏳ **payments-api** · 48 s · writing\nHello",
    settled: "live",
    urgency: "cosmetic",
  });
});

describe("nothing to show yet", () => {
  test.each<[string, TurnItem[]]>([
    ["nothing at all", []],
    ["an empty text", [text(" \n")]],
    ["thinking alone", [thinking(undefined)]],
  ])("%s: no post", (_name, items) => {
    expect(posts(running(items))).toEqual([]);
  });

  test("a quiet thread shows nothing while the turn runs", () => {
    expect(posts(running([text("Hello")]), {}, { verbosity: "quiet" })).toEqual([]);
  });
});

describe("a prompt from the terminal", () => {
  const turn = (prompt: Turn["prompt"]): Turn => running([], { prompt, replies: [reply("msg_a")] });

  test("is quoted at the top of the turn's first post", () => {
    expect(messages(turn({ text: "fix it\n\nplease", files: ["a.png"] }))).toEqual([
      "⏳ 48 s · thinking\n\n⌨️ from the terminal · 📎 `a.png`\n> fix it\n> \n> please",
    ]);
  });

  test("stands apart from what follows", () => {
    const items = [text("On it.", "msg_a", false)];
    const asked = running(items, { prompt: { text: "fix it", files: [] } });
    expect(messages(asked)).toEqual([
      "⏳ 48 s · writing\n\n⌨️ from the terminal\n> fix it\n\nOn it.",
    ]);
  });

  test("is left in, and a command's output out, where there is no room for both", () => {
    const prompt = { text: "word ".repeat(20), files: [] };
    const output = `${"x".repeat(100)}\n`.repeat(9);
    const turn = running([bash("ls", { state: "running", output })], { prompt });
    const [post] = posts(turn, {}, { maxPostChars: 1000 });
    expect(post?.message).toBe(
      `⏳ 48 s · bash \`ls\`\n\n⌨️ from the terminal\n> ${"word ".repeat(20).trim()}`,
    );
  });

  test("is shortened, its pictures are links", () => {
    const [message = ""] = messages(turn({ text: `![a](u)\n${"x\n".repeat(50)}`, files: [] }));
    expect(message).toContain("> [a](u)\n> x\n");
    expect(message.split("\n").filter((line) => line.startsWith("> "))).toHaveLength(11);
    expect(message).toEndWith("> …");
  });

  test("from the thread it is not", () => {
    expect(posts(turn({ text: "fix it", files: [], postId: asPostId("p") }))).toEqual([]);
  });

  test("whose text has not come yet waits for it", () => {
    const files = { text: "", files: ["a.png"] };
    expect(posts(running([], { prompt: files, replies: [] }))).toEqual([]);
  });
});

describe("a long intermediate text has a post of its own", () => {
  const long = "word ".repeat(121);

  test("while it is the last item it streams where it began", () => {
    expect(posts(running([bash("ls"), text(long)])).map(({ key }) => key)).toEqual(["msg_1/0"]);
  });

  test("once work follows, that goes on below it", () => {
    const all = posts(running([bash("ls"), text(long), bash("pwd", { state: "running" })]));
    expect(all.map(({ key, message, settled }) => [key, message, settled])).toEqual([
      ["msg_1/0", "✓ bash · `ls` · 3.2 s", "final"],
      ["msg_1/1", long, "final"],
      ["msg_1/2", "⏳ 48 s · bash `pwd`", "live"],
    ]);
    expect(all[1]?.firstMessage).toBe(`💬 **payments-api**\n${long}`);
  });

  test("where it came first it stays in the post in which it streamed", () => {
    const items = [thinking(8000), text(long)];
    expect(posts(running(items)).map(({ key }) => key)).toEqual(["msg_1/0"]);
    const later = posts(running([...items, bash("pwd", { state: "running" })]));
    expect(later.map(({ key, message }) => [key, message])).toEqual([
      ["msg_1/0", `💭 thought for 8 s\n${long}`],
      ["msg_1/1", "⏳ 48 s · bash `pwd`"],
    ]);
  });

  test("thinking of the same message after it does not tell that it is intermediate", () => {
    const items = [bash("ls"), text(long, "msg_b"), thinking(undefined, "msg_b")];
    expect(posts(running(items)).map(({ key }) => key)).toEqual(["msg_1/0"]);
  });

  test("a further text of the same message does", () => {
    const items = [bash("ls"), text(long, "msg_b"), text("And:", "msg_b", false)];
    expect(posts(running(items)).map(({ message }) => message)).toEqual([
      "✓ bash · `ls` · 3.2 s",
      long,
      "⏳ 48 s · writing\nAnd:",
    ]);
  });

  test("a prompt from the terminal stands above the first only", () => {
    const items = [text(long), bash("ls")];
    const asked = posts(running(items, { prompt: { text: "fix it", files: [] } }));
    expect(asked.map(({ message }) => message.includes("> fix it"))).toEqual([true, false]);
  });

  test("a shorter one does not", () => {
    const short = "word ".repeat(120).trim();
    expect(posts(running([text(short), bash("ls"), text(short, "msg_b")]))).toHaveLength(1);
  });
});
