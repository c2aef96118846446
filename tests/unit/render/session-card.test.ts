import { describe, expect, test } from "bun:test";
import type { CardOptions } from "../../../src/models/desired-post.ts";
import { asRequestId } from "../../../src/models/ids.ts";
import type { ThreadStatus } from "../../../src/models/thread-mapping.ts";
import { disconnectedCard, readCard, renderCard } from "../../../src/render/session-card.ts";
import type { PendingQuestion, Permission, ThreadState } from "../../../src/state/thread-state.ts";
import { reply, running, SESSION, stateOf, text } from "../../support/build-state.ts";

const OPTIONS: CardOptions = {
  project: "payments-api",
  directory: "~/code/payments-api",
  branch: "main",
  used: false,
  contextLimit: 200_000,
  utcOffsetMinutes: 0,
};
const IDLE: Partial<ThreadState> = { run: { kind: "idle" } };
const PERMISSION: Permission = {
  request: {
    id: asRequestId("per_1"),
    sessionId: SESSION,
    permission: "bash",
    patterns: [],
    always: [],
  },
  pending: [asRequestId("per_1")],
};
const QUESTION: PendingQuestion = {
  request: { id: asRequestId("que_1"), sessionId: SESSION, questions: [] },
};

function titled(title: string): Partial<ThreadState> {
  return { session: { ...stateOf().session, title } };
}
const firstLine = (card: string): string | undefined => card.split("\n")[0];

test("the four lines of a session at work", () => {
  const session = { ...stateOf().session, costUsd: 0.42 };
  const state = stateOf([running([text("x")])], { contextTokens: 46_000, session });
  expect(renderCard(state, OPTIONS)).toBe(
    [
      "⏳ **payments-api** · Fix the flaky retry test",
      "`~/code/payments-api` · `main` · 21 Nov 10:14 · `ses_…Gd5n`",
      "sonnet-4.5 · context 23 % · $0.42",
      "Reply here to prompt it · `!help`",
    ].join("\n"),
  );
});

test("once used, before a model is known and without a branch: two lines", () => {
  const { branch: _, ...options } = OPTIONS;
  expect(renderCard(stateOf([], IDLE), { ...options, used: true })).toBe(
    "🟢 **payments-api** · Fix the flaky retry test\n`~/code/payments-api` · 21 Nov 10:14 · `ses_…Gd5n`",
  );
});

describe("the first emoji is the state", () => {
  test.each<[string, Partial<ThreadState>]>([
    ["🟢", IDLE],
    ["⏳", { run: { kind: "retry", attempt: 1, message: "", nextMs: 0 } }],
    ["✋", { permissions: [PERMISSION] }],
    ["✋", { questions: [QUESTION] }],
    ["⏳", { permissions: [{ ...PERMISSION, decision: { answer: "once", atMs: 1 } }] }],
    ["⚫", { permissions: [PERMISSION], ended: "exited" }],
    ["⚫", { ...IDLE, ended: "exited" }],
    ["⚫", { ...IDLE, ended: "deleted" }],
  ])("%s", (mark, state) => {
    expect(renderCard(stateOf([], state), OPTIONS)).toStartWith(`${mark} **`);
  });

  test("🔌 is given to the card of a process that died", () => {
    const card = renderCard(stateOf([], IDLE), OPTIONS);
    expect(disconnectedCard(card, SESSION)).toStartWith("🔌 **payments-api**");
  });
});

describe("the last line says how to come back", () => {
  test.each<[Partial<ThreadState>, string]>([
    [{ ended: "exited" }, `Ended · \`!resume\` or \`opencode -s ${SESSION}\` brings it back`],
    [{ ended: "deleted" }, "Deleted in OpenCode · `!new` in the main DM starts another"],
  ])("case %#", (state, hint) => {
    const card = renderCard(stateOf([], { ...IDLE, ...state }), { ...OPTIONS, used: true });
    expect(card.split("\n").at(-1)).toBe(hint);
  });

  test("where its process died", () => {
    const card = renderCard(stateOf([], IDLE), OPTIONS);
    expect(disconnectedCard(card, SESSION).split("\n").at(-1)).toBe(
      `\`!resume\` here or \`opencode -s ${SESSION}\` brings it back`,
    );
  });
});

describe("the title", () => {
  test.each([
    ["New session - 2026-11-21T08:55:31.859Z", "New session"],
    ["", "New session"],
    ["New session - a plan", "New session - a plan"],
    ["Fix `a|b`\nand *c*", "Fix \\`a\\|b\\` and \\*c\\*"],
  ])("%p is shown as %p", (title, shown) => {
    expect(firstLine(renderCard(stateOf([], titled(title)), OPTIONS))).toBe(
      `⏳ **payments-api** · ${shown}`,
    );
  });
});

test("the model is the one that answered last, the cost is left out where there is none", () => {
  const state = stateOf([running([], { replies: [reply("msg_a", { model: "gpt_5" })] })]);
  expect(renderCard(state, OPTIONS).split("\n")[2]).toBe("gpt\\_5");
});

describe("what a card says is read back", () => {
  test.each<[ThreadStatus, Partial<ThreadState>, Partial<CardOptions>]>([
    ["active", IDLE, {}],
    ["active", {}, { used: true }],
    ["active", { permissions: [PERMISSION] }, {}],
    ["ended", { ...IDLE, ended: "exited" }, {}],
    ["orphaned", { ...IDLE, ended: "deleted" }, {}],
  ])("that its session is %s", (status, state, options) => {
    const card = renderCard(stateOf([], state), { ...OPTIONS, ...options });
    expect(readCard(card)).toEqual({
      project: "payments-api",
      title: "Fix the flaky retry test",
      status,
    });
  });

  test("also where its process died and somebody else wrote that into it", () => {
    const card = disconnectedCard(renderCard(stateOf([]), OPTIONS), SESSION);
    expect(readCard(card).status).toBe("disconnected");
  });
});

describe("read back from its text", () => {
  const cardOf = (title: string, state: Partial<ThreadState> = {}, project = OPTIONS.project) =>
    renderCard(stateOf([], { ...titled(title), ...state }), { ...OPTIONS, project, used: true });

  test.each([
    "Fix snake_case in [core]",
    "`a` **b** $x$ &lt; <c@d.test> \\",
    "a\u202eb ⟨U+FFFFFF⟩",
  ])("a card gives project and title as they were: %s", (title) => {
    expect(readCard(cardOf(title, {}, title))).toEqual({ project: title, title, status: "active" });
  });

  test.each<[Partial<ThreadState>, string]>([
    [{ ended: "exited" }, "ended"],
    [{ ended: "deleted" }, "orphaned"],
    [{}, "active"],
  ])("what it says of its session is believed, and no title or model: %p", (state, status) => {
    const words = "Deleted in OpenCode · `!new` in the main DM starts another";
    const session = stateOf([], titled(words)).session;
    const card = cardOf(words, { session: { ...session, model: words }, ...state }, words);
    expect(readCard(card).status).toBe(status as ReturnType<typeof readCard>["status"]);
  });
});
