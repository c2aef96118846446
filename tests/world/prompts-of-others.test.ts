// "A plugin adds a note to my session: I got a ping, and then: stopped before this prompt ran, send it again."
import { describe, expect, test } from "bun:test";
import { markOrigin } from "../../src/clients/opencode/opencode-origins.ts";
import { parsePart } from "../../src/clients/opencode/opencode-parts.ts";
import type { HostEvent } from "../../src/models/host-event.ts";
import { renderThread } from "../../src/render/thread.ts";
import type { ThreadState } from "../../src/state/thread-state.ts";
import { OPTIONS } from "../support/build-state.ts";
import {
  BEFORE_ALL,
  NOW,
  play,
  promptText,
  ROOT,
  reply,
  status,
  storedOf,
  user,
  wholeTurn,
} from "../support/events.ts";

/** A part of a prompt as OpenCode tells it. */
function wirePart(message: string, part: Readonly<Record<string, unknown>>): HostEvent {
  const parsed = parsePart({ id: `prt_${JSON.stringify(part)}`, messageID: message, ...part });
  if (!parsed) throw new Error("The part is not understood.");
  return { type: "part", sessionId: ROOT, part: parsed };
}

const note = (id: string, at: number, text = "The weather is fine."): HostEvent[] => [
  user(id, at),
  promptText(id, text),
];

const shown = (state: ThreadState): readonly string[] =>
  renderThread(state, NOW + 60_000, OPTIONS).map(({ message }) => message);

const NEXT = wholeTurn("msg_9", 60_000);
const QUOTED = "➕ added to the session\n> The weather is fine.";

describe("what a plugin adds without asking for an answer", () => {
  test("makes no post", () => {
    const before = play(wholeTurn("msg_1", 1));
    expect(shown(play(note("msg_2", 9_000), before))).toEqual(shown(before));
    const told = play([...note("msg_2", 9_000), { type: "not-run", turn: user2 }], before);
    expect(shown(told)).toEqual(shown(before));
  });

  test("is shown with the next prompt", () => {
    const [post, ...more] = shown(play([...note("msg_2", 9_000), ...NEXT]));
    expect(more).toEqual([]);
    expect(post).toContain(`${QUOTED}\n\n⌨️ from the terminal\n> prompt msg_9\n\nanswer to msg_9`);
  });

  test("so is what was added twice, and some time ago", () => {
    const added = [
      ...note("msg_2", 1_000),
      { type: "not-run", turn: user2 } as const,
      ...note("msg_3", 2_000, "It rains."),
    ];
    const [post] = shown(play([...added, ...NEXT]));
    expect(post).toContain(`${QUOTED}\n\n➕ added to the session\n> It rains.\n\n⌨️`);
  });

  test("what only the model shall see is not shown at all", () => {
    const hidden = wirePart("msg_2", { type: "text", text: "secret note", synthetic: true });
    const state = play([user("msg_2", 1_000), hidden, { type: "not-run", turn: user2 }, ...NEXT]);
    expect(shown(state)).toEqual(shown(play(NEXT)));
  });

  test("nor does it ping where the thread comes to another process", () => {
    const stored = storedOf([...wholeTurn("msg_1", 1), ...note("msg_2", 9_000)]);
    const restored = play([{ type: "restored", messages: stored, horizon: BEFORE_ALL }]);
    expect(shown(restored)).toEqual(shown(play(wholeTurn("msg_1", 1))));
  });
});

const user2 = (() => {
  const event = user("msg_2", 0);
  if (event.type !== "user-message") throw new Error("not a message");
  return event.message.id;
})();

test("a prompt that was forgotten over the end of a run that failed is told as such still", () => {
  const error = { kind: "provider", message: "away" } as const;
  const failing: HostEvent[] = [
    ...wholeTurn("msg_1", 1).slice(0, 4),
    { type: "failed", sessionId: ROOT, error },
    status("idle"),
  ];
  const state = play([...failing, ...note("msg_2", 2), { type: "not-run", turn: user2 }]);
  expect(state.turns.at(-1)?.outcome).toEqual({ kind: "skipped" });
});

test("what was typed while a run went on, and was forgotten over its end, waits no more", () => {
  const running = [...wholeTurn("msg_1", 1).slice(0, -1), ...note("msg_2", 2_000)];
  expect(shown(play(running)).at(-1)).toStartWith("📥");
  const ended = [...running, status("idle")];
  const forgotten = play([...ended, { type: "not-run", turn: user2 }]);
  expect(forgotten.turns.at(-1)?.outcome).toEqual({ kind: "skipped" });
  expect(shown(forgotten).at(-1)).toMatch(/^🛑[\s\S]*send it again/i);
  const overtaken = play([...ended, ...NEXT]);
  expect(shown(overtaken).join("\n")).not.toContain("📥");
  expect(overtaken.turns.map(({ prompt }) => prompt.added)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

describe("a prompt that is not one text", () => {
  const told = (...parts: Readonly<Record<string, unknown>>[]): string => {
    const events = parts.map((part) => wirePart("msg_1", part));
    const state = play([user("msg_1", 1), ...events, status("busy"), reply("a", "msg_1")]);
    return shown(state).join("\n");
  };

  test("several texts are quoted, each", () => {
    const parts = ["one", "two"].map((text) => ({ type: "text", text }));
    expect(told(...parts)).toContain("⌨️ from the terminal\n> one\n> \n> two");
  });

  test("a text that is stored again is quoted once", () => {
    const part = { type: "text", text: "one" };
    expect(told(part, part)).toEndWith("> one");
  });

  test("a command that a sub-agent carries out is quoted", () => {
    const task = {
      type: "subtask",
      prompt: "long",
      description: "review changes",
      agent: "general",
    };
    expect(told({ ...task, command: "review" })).toContain("> /review · review changes");
    expect(told({ ...task, description: "" })).toContain("> long");
  });
});

describe("a shell command of the person's own", () => {
  const begun = [
    user("msg_1", 1),
    wirePart("msg_1", {
      type: "text",
      text: "The following tool was executed by the user",
      synthetic: true,
    }),
    status("busy"),
    reply("a", "msg_1"),
  ];
  const tool = (state: Readonly<Record<string, unknown>>): HostEvent =>
    wirePart("a", {
      id: "prt_tool",
      type: "tool",
      tool: "bash",
      callID: "call",
      state: { input: { command: "ls" }, time: { start: 1_000, end: 4_000 }, ...state },
    });

  test("is one post from its beginning to its end, with what it printed", () => {
    const running = play([...begun, tool({ status: "running" })]);
    const after = play(
      [
        tool({ status: "completed", output: "a.txt\n" }),
        reply("a", "msg_1", { completedMs: NOW }),
        status("idle"),
      ],
      running,
    );
    const posts = [running, after].map((state) => renderThread(state, NOW + 5_000, OPTIONS));
    expect(posts.map((all) => all.map(({ key }) => key))).toEqual([["msg_1/0"], ["msg_1/0"]]);
    expect(posts[1]?.[0]?.message).toBe(
      "⌨️ **payments-api** · ✓ bash · `ls` · 3 s\n```\na.txt\n```",
    );
  });
});

describe("where a prompt comes from", () => {
  const first = (mode: "terminal" | "run" | "server", request: object, metadata?: object) => {
    const part = { type: "text", text: "go", ...(metadata && { metadata: { ...metadata } }) };
    markOrigin(request, [part], mode);
    const stored = wirePart("msg_1", part);
    return stored.type === "part" && stored.part.kind === "text" ? stored.part.origin : undefined;
  };
  const typed = { agent: "build", model: { providerID: "p", modelID: "m" } };

  test.each([
    ["typed into the screen", "terminal", typed, undefined],
    ["sent by a plugin", "terminal", {}, "plugin"],
    ["given to `opencode run`", "run", {}, "run"],
    ["sent to a server by whatever screen", "server", {}, undefined],
  ] as const)("%s", (_, mode, request, origin) => {
    expect(first(mode, request)).toBe(origin);
  });

  test("what this plugin has sent itself keeps its mark", () => {
    expect(first("terminal", {}, { mattermost: { origin: "new" } })).toBe("new");
    expect(first("run", {}, { mattermost: { postId: "post" } })).toBeUndefined();
  });

  test("is said above its quote", () => {
    const quote = (origin: string) =>
      shown(
        play([
          user("msg_1", 1),
          wirePart("msg_1", { type: "text", text: "go", metadata: { mattermost: { origin } } }),
          status("busy"),
          reply("a", "msg_1"),
        ]),
      ).join();
    expect(quote("new")).toContain("💬 from `!new`\n> go");
    expect(quote("run")).toContain("⌨️ from `opencode run`\n> go");
    expect(quote("plugin")).toContain("🧩 from a plugin\n> go");
  });
});
