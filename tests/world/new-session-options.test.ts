// !new with a worktree, a model, an agent, and projects that OpenCode has not seen.
import { describe, expect, test } from "bun:test";
import { noAnswer } from "../support/fake-chat.ts";
import { createOffice, OFFERS } from "../support/office.ts";
import { createStreet } from "../support/several-gateways.ts";

describe("a worktree", () => {
  test("is made beside the project, and the session begins in it", async () => {
    const { says, started, worktrees } = await createOffice();
    const answer = await says("!new client portal --worktree fix-1 Make it green");
    expect(started).toEqual(["/home/alice/code/client portal-fix-1: Make it green"]);
    expect(answer).toContain("🌳 Worktree `~/code/client portal-fix-1` · branch `fix-1`");
    expect([...worktrees.there.keys()]).toEqual(["/home/alice/code/client portal-fix-1"]);
  });

  test("without a name has one that begins as the prompt does, each time another", async () => {
    const { says, worktrees } = await createOffice();
    await says("!new client portal --worktree Fix the flaky retry test, please");
    await says("!new client portal --worktree Fix the flaky retry test, please");
    const branches = [...worktrees.there.values()].map(({ branch }) => branch);
    expect(branches).toHaveLength(2);
    for (const branch of branches) expect(branch).toMatch(/^fix-the-flaky-retry-test-\w+$/);
  });

  test("that is there already is gone on in, and that is said", async () => {
    const { says, started } = await createOffice();
    await says("!new client portal --worktree fix-1 One");
    expect(await says("!new client portal --worktree fix-1 Two")).toContain("there already");
    expect(started).toHaveLength(2);
  });

  test("that cannot be made is said with git's words, and nothing is started", async () => {
    const { says, started, worktrees } = await createOffice();
    worktrees.failWith("fatal: not a git repository");
    expect(await says("!new client portal --worktree fix-1 Go")).toMatch(
      /Nothing was started.*no worktree could be made: fatal: not a git repository/,
    );
    expect(started).toEqual([]);
  });

  test("that OpenCode cannot open is said, with where it is", async () => {
    const { says, started, unseen, clock, chat } = await createOffice();
    unseen.add("/home/alice/code/client portal-fix-1");
    await says("!new client portal --worktree fix-1 Go");
    await clock.advance(30_000);
    expect(chat.posts().at(-1)?.message).toMatch(/could not open[\s\S]*🌳 Worktree/);
    expect(started).toEqual([]);
  });

  test("is not made twice where the answer to its post is lost", async () => {
    const { says, started, worktrees, chat, clock } = await createOffice();
    chat.faults.fail("editPost", noAnswer());
    await says("!new client portal --worktree fix-1 Go");
    await clock.advance(60_000);
    expect(started).toHaveLength(1);
    expect(worktrees.there.size).toBe(1);
  });
});

describe("a model and an agent", () => {
  test("are what the session begins with", async () => {
    const { says, settings } = await createOffice();
    await says("!new client portal --model sonnet --agent plan Look at it");
    expect(settings).toEqual([
      { agent: "plan", model: { provider: "anthropic", model: "claude-sonnet-4-5" } },
    ]);
  });

  test.each([
    ["--model gpt Go", /could be several models[\s\S]*`openai\/gpt-5`[\s\S]*`openai\/gpt-5-mini`/],
    ["--model llama Go", /no model is like `llama`/],
    ["--agent chef Go", /no agent is like `chef`/],
    ["--worktree fix the test", /`--worktree=fix`/],
    ["--modell gpt Go", /no option `--modell`/],
  ])("with %s I am asked, and nothing is started nor made", async (words, asked) => {
    const { says, started, worktrees } = await createOffice();
    expect(await says(`!new client portal --worktree=w ${words}`)).toMatch(asked);
    expect(started).toEqual([]);
    expect(worktrees.there.size).toBe(0);
  });

  test.each(["", "Go"])(
    "count from the first prompt on, with %j as well as later",
    async (words) => {
      const { chat, clock, process, store } = createStreet();
      const one = process("one");
      one.host.agents = OFFERS.agents;
      await one.up();
      const given: unknown[] = [];
      const { prompt: send } = one.host;
      one.host.prompt = (id, asked) => {
        given.push([asked.text, asked.settings]);
        return send(id, asked);
      };
      await chat.say(`!new project --agent plan ${words}`);
      await clock.advance(5_000);
      const [mapping] = store.threads.values();
      if (words === "") await chat.say("Go", mapping?.rootPostId);
      await clock.advance(5_000);
      expect(given).toEqual([["Go", { agent: "plan" }]]);
    },
  );

  test("that this OpenCode cannot name are said so", async () => {
    const { chat, clock, process, answersTo } = createStreet();
    await process("one").up();
    const post = await chat.say("!new project --model gpt Go");
    await clock.advance(5_000);
    expect(answersTo(post.id)).toEqual([expect.stringContaining("does not say which models")]);
  });

  test("before the project I am told that it comes first", async () => {
    const { says, started } = await createOffice();
    expect(await says("!new --model gpt client Go")).toContain("The project comes first");
    expect(started).toEqual([]);
  });
});

test("a folder that I have named as one of projects is one, before OpenCode has seen it", async () => {
  const { says, started, named } = await createOffice();
  named.push("/home/alice/code/api");
  expect(await says("!projects")).toContain("`/home/alice/code/api`");
  expect(await says("!new api Begin")).toContain("begins");
  expect(started).toEqual(["/home/alice/code/api: Begin"]);
});
