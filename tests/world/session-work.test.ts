// What OpenCode does in a session on request: commands, shell commands, compaction. Each is asked for once, whatever happens.
import { describe, expect, test } from "bun:test";
import { HostError } from "../../src/errors.ts";
import { createBusyThread } from "../support/busy-thread.ts";
import { ROOT } from "../support/events.ts";

async function createIdle() {
  const thread = await createBusyThread(false);
  const { host } = thread;
  host.offered.commands.push(
    { name: "review", description: "Looks at a change" },
    { name: "review-all", description: "Looks at all" },
  );
  host.offer({ provider: "p", model: "m" });
  return {
    ...thread,
    ran: () => host.ran.map(({ what }) => what),
    compactions: () =>
      (host.stored.get(ROOT) ?? []).filter(({ parts }) =>
        parts.some(({ kind }) => kind === "compaction"),
      ).length,
  };
}

describe("!run", () => {
  test("runs a command with its arguments; the thread does not call it the terminal's", async () => {
    const { wrote, ran, begin, end, marksOf, answers } = await createIdle();
    const post = await wrote("!run review the last  commit");
    expect(ran()).toEqual(["/review the last  commit"]);
    await begin();
    await end();
    expect(marksOf(post)).toEqual(["eyes"]);
    expect(answers().join("\n")).not.toContain("from the terminal");
  });

  test("is a prompt that ↩️ on its post undoes, after a crash too", async () => {
    const { wrote, begin, end, react, die, takenOver, clock, host } = await createIdle();
    const post = await wrote("!run review it");
    await begin();
    await end();
    const prompt = host.stored.get(ROOT)?.[0]?.message.id;
    die();
    await takenOver();
    await react(post.id, "leftwards_arrow_with_hook");
    await clock.advance(2_000);
    expect(host.known.get(ROOT)?.undoneFrom).toBe(prompt);
  });

  test("lists them, all or those that may be meant", async () => {
    const { wrote, answerTo, ran } = await createIdle();
    const all = answerTo(await wrote("!run"));
    expect(all).toContain("- `review` Looks at a change\n- `review-all` Looks at all");
    expect(answerTo(await wrote("!run rev x"))).toContain("Nothing was run: `rev` may be one of");
    expect(answerTo(await wrote("!run deploy"))).toContain("there is no command `deploy`");
    expect(ran()).toEqual([]);
  });
});

describe.each([
  ["!run review", "runCommand", "/review"],
  ["!sh git status", "shell", "$ git status"],
] as const)("%s", (typed, call, what) => {
  test("that timed out after it was done was done once", async () => {
    const { host, wrote, ran, clock, answerTo } = await createIdle();
    host.fail(call, new HostError("no answer", { kind: "unknown" }), { after: true });
    const post = await wrote(typed);
    await clock.advance(10_000);
    expect(ran()).toEqual([what]);
    expect(answerTo(post)).toBeUndefined();
  });

  test("that nobody answered is perhaps done", async () => {
    const { host, wrote, ran, clock, answerTo } = await createIdle();
    host.fail(call, new HostError("no answer", { kind: "unknown" }));
    const post = await wrote(typed);
    await clock.advance(10_000);
    expect(ran()).toEqual([]);
    expect(answerTo(post)).toMatch(/^⚠️ \*\*Perhaps done\*\*/);
  });

  test.each(["before", "after"])(
    "over which the process died, %s OpenCode had it: once",
    async (when) => {
      const world = await createIdle();
      const { host, wrote, ran, clock, die, takenOver, store } = world;
      const { update } = store;
      if (when === "before") host.hang(call);
      else {
        store.update = (...given) =>
          ran().length > 0 ? new Promise(() => undefined) : update(...given);
      }
      await wrote(typed);
      await clock.advance(100);
      die();
      store.update = update;
      await takenOver();
      await clock.advance(10_000);
      expect(ran()).toEqual([what]);
    },
  );
});

test("!sh while the session works says why not", async () => {
  const { wrote, answerTo, host } = await createBusyThread();
  expect(answerTo(await wrote("!sh ls"))).toMatch(/^Not done: the session works just now/);
  expect(host.ran).toEqual([]);
});

describe("!compact", () => {
  test("sums up an idle session, once also where nobody answered", async () => {
    const { host, wrote, begin, end, compactions, clock, choose } = await createCompactable();
    await wrote("hello");
    await begin();
    await end();
    await choose();
    host.fail("compact", new HostError("no answer", { kind: "unknown" }), { after: true });
    const post = await wrote("!compact");
    await clock.advance(10_000);
    expect(compactions()).toBe(1);
    expect(host.times("compact")).toBe(1);
    expect(post).toBeDefined();
  });

  test("of a session that works says why not", async () => {
    const { wrote, answerTo, begin, host, choose } = await createCompactable();
    await choose();
    await wrote("hello");
    await begin();
    expect(answerTo(await wrote("!compact"))).toMatch(/^Not done: the session works just now/);
    expect(host.times("compact")).toBe(0);
  });

  test("of an empty session has nothing to do", async () => {
    const { wrote, answerTo } = await createCompactable();
    expect(answerTo(await wrote("!compact"))).toContain("Nothing to sum up");
  });
});

async function createCompactable() {
  const thread = await createIdle();
  return { ...thread, choose: () => thread.wrote("!model m") };
}

describe("!context", () => {
  test("tells how full it is", async () => {
    const { wrote, answerTo, host, begin, end, clock } = await createIdle();
    expect(answerTo(await wrote("!context"))).toContain("Nothing is in the context yet");
    await wrote("hello");
    await begin();
    await end();
    const [prompt] = host.stored.get(ROOT) ?? [];
    if (prompt?.role !== "user") throw new Error("no prompt");
    host.stored.set(ROOT, [
      prompt,
      {
        role: "assistant",
        parts: [],
        message: {
          ...{ id: prompt.message.id, parentId: prompt.message.id, createdMs: clock.now() },
          ...{ continues: false, finished: true, isSummary: false, costUsd: 0 },
          ...{ model: "m", provider: "p", contextTokens: 25_000 },
        },
      },
    ]);
    host.offered.models.splice(0);
    host.offer({ provider: "p", model: "m", contextLimit: 100_000 });
    expect(answerTo(await wrote("!context"))).toBe(
      "🧠 **context 25 %** · 25,000 of 100,000 tokens · `m`. `!compact` sums it up.",
    );
  });
});

describe("!diff", () => {
  const change = { path: "src/a.ts", additions: 1, deletions: 1 };
  test("is text when short, a file when long", async () => {
    const { wrote, answerTo, host, chat, clock } = await createIdle();
    expect(answerTo(await wrote("!diff"))).toContain("changed no files");
    host.offered.diffs.push({ ...change, patch: "-a\n+b\n" });
    expect(answerTo(await wrote("!diff"))).toBe("📄 **1 file +1 −1**\n```diff\n-a\n+b\n```");
    host.offered.diffs.push({
      path: "b.ts",
      additions: 900,
      deletions: 0,
      patch: "+x\n".repeat(3_000),
    });
    const long = await wrote("!diff");
    await clock.advance(1_000);
    expect(answerTo(long)).toBe("📄 **2 files +901 −1**\n- `src/a.ts` +1 −1\n- `b.ts` +900");
    expect(
      chat
        .posts()
        .at(-1)
        ?.files.map(({ name }) => name),
    ).toEqual(["changes.patch"]);
  });
});

describe("!end", () => {
  test("stops what runs and ends; !resume in the thread brings it back", async () => {
    const { wrote, answerTo, host, mapping, begin, end, byKey, clock } = await createIdle();
    await wrote("hello");
    await begin();
    const post = await wrote("!end");
    await end();
    expect(host.aborted).toEqual([ROOT]);
    expect(answerTo(post)).toMatch(/^⚫ \*\*Session ended\*\* · `!resume` here brings it back/);
    expect(mapping()).toMatchObject({ status: "ended" });
    expect(mapping().owner).toBeUndefined();
    await clock.advance(3_000);
    expect(byKey("root").message).toMatch(/^⚫/);
    expect(answerTo(await wrote("hello again"))).toContain("Session ended");
    expect(answerTo(await wrote("!resume"))).toBeDefined();
  });
});
