// Questions of the model on the real OpenCode: asked in the thread, answered by reactions or in words, told to the model.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { StandInPost } from "../../src/playground/stand-in/stand-in.ts";
import {
  type Conversation,
  converse,
  firstLine,
  requestIdOf,
  startInstallation,
  toolResults,
} from "../support/conversation.ts";
import { HOST } from "../support/hosts/chosen.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import type { World } from "../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  ({ world, opencode } = await startInstallation(["web-shop"]));
}, 120_000);
afterAll(() => world.stop());

const option = (label: string) => ({ label, description: `${label} it is` });
const database = {
  question: "Which database?",
  header: "Database",
  options: ["Postgres", "SQLite", "MySQL"].map(option),
};
const checks = {
  question: "Which checks?",
  header: "Checks",
  multiple: true,
  options: ["Lint", "Types", "Tests", "Build"].map(option),
};

interface Asked {
  readonly talk: Conversation;
  readonly post: StandInPost;
}

/** A new session whose model asks; resolves when the thread does. */
async function asked(...questions: readonly object[]): Promise<Asked> {
  const talk = await converse(world, opencode, "web-shop");
  const prompt = `ask me in ${talk.sessionId}`;
  world.model.on(prompt, [[{ tool: "question", args: { questions } }], [{ text: "Understood." }]]);
  await talk.say(prompt);
  return { talk, post: await talk.reply(/^❓/) };
}

/** The model has the answer and the turn is over. Resolves with what the model was told. */
async function answered({ talk }: Asked): Promise<string> {
  await talk.reply(/^✅ \*\*web-shop\*\* · [\s\S]*Understood\.$/);
  await talk.atRest();
  expect(talk.calls()).toHaveLength(2);
  return toolResults(talk.calls()).join();
}

describe("one question", () => {
  test("shows its options and is answered by the number's reaction", async () => {
    const request = await asked(database);
    const { talk, post } = request;
    const openUntil = HOST.openUntil.exec(post.message)?.[0];
    expect(openUntil).toBeDefined();
    expect(post.message.split("\n")).toEqual([
      "❓ **web-shop** asks: Which database?",
      "1️⃣ **Postgres** – Postgres it is",
      "2️⃣ **SQLite** – SQLite it is",
      "3️⃣ **MySQL** – MySQL it is",
      `${openUntil ? `${openUntil} · ` : ""}tap one, or reply in your own words · ❌ dismisses`,
    ]);
    await talk.marked(post.id, ["one", "two", "three", "x"]);
    await talk.card("✋");
    await talk.react(post.id, "four");
    await talk.react(post.id, "tada");
    await talk.unreact(post.id, "one");
    await talk.caughtUp();
    expect(talk.calls()).toHaveLength(1);
    await talk.react(post.id, "two");
    const after = await world.becomes(post.id, /^✅/);
    expect(after.message).toMatch(
      /^✅ \*\*Answered\*\* by @alice, \d\d:\d\d: \*\*SQLite\*\*\nWhich database\?$/,
    );
    await talk.marked(post.id, []);
    expect(await answered(request)).toMatch(/SQLite/);
  });

  test("by a typed number", async () => {
    const request = await asked(database);
    const said = await request.talk.say("3");
    await request.talk.marked(said, ["eyes"]);
    const told = await answered(request);
    expect(told).toContain("MySQL");
    expect(told).not.toContain("Postgres");
  });

  test("in one's own words, which reach the model as they are", async () => {
    const request = await asked(database);
    const words = 'Neither: use DuckDB, "because | of `files`"';
    const said = await request.talk.say(words);
    await request.talk.marked(said, ["eyes"]);
    expect(await answered(request)).toContain(words);
    expect(request.talk.calls().map(({ userText }) => userText)).not.toContain(words);
  });

  test("two choices of several by reactions, sent with ✅", async () => {
    const request = await asked(checks);
    const { talk, post } = request;
    expect(post.message).toContain("tap all that apply, then ✅");
    await talk.marked(post.id, ["one", "two", "three", "four", "white_check_mark", "x"]);
    await talk.react(post.id, "white_check_mark");
    await talk.unreact(post.id, "white_check_mark");
    await talk.react(post.id, "four");
    await talk.react(post.id, "one");
    await talk.react(post.id, "three");
    await world.becomes(post.id, /Lint.*✔[\s\S]*Tests.*✔[\s\S]*Build.*✔/);
    await talk.unreact(post.id, "three");
    await talk.caughtUp();
    expect(talk.calls()).toHaveLength(1);
    await talk.react(post.id, "white_check_mark");
    await world.becomes(post.id, /^✅ \*\*Answered\*\* by @alice, .*: \*\*Lint, Build\*\*/);
    await talk.marked(post.id, []);
    const told = await answered(request);
    expect(told).toMatch(/Lint, Build/);
    expect(told).not.toContain("Tests");
  });

  test("dismissed by ❌: the run ends, the next prompt works", async () => {
    const request = await asked(database);
    const { talk, post } = request;
    await talk.react(post.id, "x");
    await world.becomes(post.id, /^❌ \*\*Dismissed\*\* by @alice, \d\d:\d\d\nWhich database\?$/);
    await talk.marked(post.id, []);
    await talk.atRest();
    await talk.say("go on without");
    await talk.reply(/Scripted answer to: go on without/);
    await talk.atRest();
  });

  test("answered at the terminal: the post says so and its marks go", async () => {
    const request = await asked(database);
    const { talk, post } = request;
    await talk.marked(post.id, ["one", "two", "three", "x"]);
    await talk.client.answer(talk.sessionId, requestIdOf(post), [["Postgres"]]);
    await world.becomes(post.id, /^✅ \*\*Answered\*\* in the terminal, .*: \*\*Postgres\*\*/);
    await talk.marked(post.id, []);
    expect(await answered(request)).toContain("Postgres");
  });
});

test("several questions in one request: one after the other, sent together", async () => {
  const request = await asked(database, checks, {
    question: "What is the service called?",
    header: "Name",
    options: [],
  });
  const { talk, post } = request;
  expect(firstLine(post)).toBe("❓ **web-shop** asks (1 of 3): Which database?");
  await talk.react(post.id, "one");
  await world.becomes(post.id, /^✅ \*\*Postgres\*\* · sent with the last answer/);
  const second = await talk.reply(/^❓ .*\(2 of 3\): Which checks\?/);
  await talk.say("2, 3");
  const third = await talk.reply(/^❓ .*\(3 of 3\): What is the service called\?/);
  expect(talk.calls()).toHaveLength(1);
  await talk.say("checkout");
  const told = await answered(request);
  expect(told).toMatch(/Postgres[\s\S]*Types, Tests[\s\S]*checkout/);
  for (const { id } of [post, second, third]) {
    await world.becomes(id, /^✅ \*\*Answered\*\* by @alice/);
    await talk.marked(id, []);
  }
  expect(talk.calls().map(({ userText }) => userText)).not.toContain("checkout");
});

test("a question, then the run is stopped: the post says so, nothing waits, the next prompt works", async () => {
  const { talk, post } = await asked(database);
  await talk.marked(post.id, ["one", "two", "three", "x"]);
  await talk.react(post.id, "octagonal_sign");
  await talk.reply(/^🛑 \*\*web-shop\*\* · stopped after/);
  await talk.marked(post.id, []);
  await world.becomes(post.id, /^⚫ \*\*No longer asked\*\*\nWhich database\?$/);
  await talk.atRest();
  await talk.say("one more thing");
  await talk.reply(/Scripted answer to: one more thing/);
  await talk.atRest();
});
