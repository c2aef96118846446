// What a tool is called with is part of what is asked, on the real OpenCode: whole, visible, and one tap for one of it.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { StandInPost } from "../../../src/playground/stand-in/stand-in.ts";
import {
  type Conversation,
  converse,
  keyOf,
  startInstallationOn,
  toolResults,
} from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import type { World } from "../../support/world.ts";

const SERVER = join(import.meta.dir, "../../support/db-server.ts");

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
beforeAll(async () => {
  const permission = { bash: "ask", task: "ask", todowrite: "ask", db_drop: "ask" };
  const mcp = { db: { type: "local", command: [process.execPath, SERVER], enabled: true } };
  ({ world, opencode } = await startInstallationOn(OPENCODE_1, ["inputs"], {
    config: { permission, mcp },
  }));
}, 120_000);
afterAll(() => world.stop());

interface Call {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const drop = (name: string): Call => ({ tool: "db_drop", args: { name } });
const bash = (command: string, more: Call["args"] = {}): Call => ({
  tool: "bash",
  args: { command, description: "Run it", ...more },
});

/** A new session whose model makes these calls at once; resolves with the posts that ask, in their order. */
async function asked(
  calls: readonly Call[],
  count = calls.length,
): Promise<{ readonly talk: Conversation; readonly posts: readonly StandInPost[] }> {
  const talk = await converse(world, opencode, "inputs");
  const prompt = `please call in ${talk.sessionId}`;
  world.model.on(prompt, [[...calls], [{ text: "It is over." }]]);
  await talk.say(prompt);
  const asking = () => talk.replies().filter((post) => keyOf(post).startsWith("permission/"));
  await world.mattermost.until(`${count} posts that ask`, () => asking().length === count);
  return { talk, posts: asking() };
}

/** What a call is given may be known a moment after it asks: waits until each post says it. */
async function sayingOf(
  posts: readonly StandInPost[],
  pattern: RegExp,
): Promise<readonly StandInPost[]> {
  const said: StandInPost[] = [];
  for (const { id } of posts) said.push(await world.becomes(id, pattern));
  return said;
}

async function deniedAll(talk: Conversation, posts: readonly StandInPost[]): Promise<void> {
  for (const { id } of posts) await talk.react(id, "x");
  await talk.atRest();
}

describe("two calls at once that differ in their input alone", () => {
  test("of an MCP tool: one tap runs one of them", async () => {
    const { talk, posts: begun } = await asked([drop("test"), drop("PRODUCTION")]);
    const posts = await sayingOf(begun, /^name: `/m);
    const [harmless, live] = ["test", "PRODUCTION"].map((name) =>
      posts.find(({ message }) => message.includes(`name: \`${name}\``)),
    );
    if (!harmless || !live) throw new Error(posts.map(({ message }) => message).join("\n\n"));
    await talk.react(harmless.id, "white_check_mark");
    await world.becomes(harmless.id, /^✅ \*\*Allowed once\*\*/);
    await talk.caughtUp();
    expect(world.mattermost.post(live.id)?.message).toStartWith("✋");
    await talk.react(live.id, "x");
    await world.becomes(live.id, /^❌ \*\*Denied\*\*/);
    await talk.atRest();
    const stored = await opencode
      .sdk(talk.directory)
      .session.messages({ sessionID: talk.sessionId });
    const states = JSON.stringify(stored.data);
    expect(states).toContain("dropped test");
    expect(states).not.toContain("dropped PRODUCTION");
  });

  test("of bash: the folder that it runs in", async () => {
    const { talk, posts } = await asked([
      bash("pwd", { workdir: "/tmp" }),
      bash("pwd", { workdir: "/usr" }),
    ]);
    const said = await sayingOf(posts, /^workdir: `/m);
    const folders = said.map(({ message }) => /^workdir: `(.*)`$/m.exec(message)?.[1]);
    expect(folders.sort()).toEqual(["/tmp", "/usr"]);
    await deniedAll(talk, posts);
  });

  test("and two that do not differ are one post, one tap", async () => {
    const { talk, posts } = await asked([drop("twice"), drop("twice")], 1);
    await talk.caughtUp();
    await talk.react(posts[0]?.id ?? "", "white_check_mark");
    await talk.reply(/^✅[\s\S]*It is over\.$/);
    expect(toolResults(talk.calls()).filter((text) => text.includes("dropped twice"))).toHaveLength(
      2,
    );
  });
});

describe("the whole input is shown", () => {
  test.each<[string, Call, readonly string[]]>([
    [
      "a sub-agent's task",
      {
        tool: "task",
        args: {
          description: "tidy",
          prompt: "Delete what is old.\nAll of it.",
          subagent_type: "general",
        },
      },
      ["`general`", "prompt:\n```\nDelete what is old.\nAll of it.\n```"],
    ],
    [
      "a todo list",
      {
        tool: "todowrite",
        args: { todos: [{ content: "ship it", status: "pending", priority: "high", id: "1" }] },
      },
      ['"content": "ship it"'],
    ],
  ])("%s", async (_name, call, texts) => {
    const { talk, posts } = await asked([call]);
    const [{ id } = { id: "" }] = posts;
    for (const text of texts) {
      await world.mattermost.until(text, () => world.mattermost.post(id)?.message.includes(text));
    }
    await deniedAll(talk, posts);
  });

  test("a sub-agent's call, of which no event of the session tells", async () => {
    const talk = await converse(world, opencode, "inputs");
    const prompt = `send somebody from ${talk.sessionId}`;
    const args = {
      description: "look",
      prompt: `look: ${talk.sessionId}`,
      subagent_type: "general",
    };
    world.model.on(prompt, [[{ tool: "task", args }], [{ text: "It is over." }]]);
    world.model.on(`look: ${talk.sessionId}`, [[drop("of the child")], [{ text: "Looked." }]]);
    await talk.say(prompt);
    const task = await talk.reply(/^✋ .*\*\*task\*\*/);
    await talk.react(task.id, "white_check_mark");
    const child = await talk.reply(/^✋ .*\*\*db\\_drop\*\* · 🤖 look/);
    await world.becomes(child.id, /^name: `of the child`/m);
    await talk.react(child.id, "x");
    await talk.atRest();
  });
});

test("all that always would allow is listed, and nothing of a command is out of sight", async () => {
  const command = `ls${" ".repeat(3000)}; cat a\u3164b; pwd; touch c\u202e; printf d`;
  const { talk, posts } = await asked([bash(command)]);
  const [{ message } = { message: "" }] = posts;
  expect(message).toContain("`ls⟨3000 blanks⟩; cat a⟨U+3164⟩b; pwd; touch c⟨U+202E⟩; printf d`");
  const [, listed = ""] = message.split("🔓 always would allow **bash**:\n");
  expect(listed.split("\n").sort()).toEqual([
    "`cat *`",
    "`ls *`",
    "`printf *`",
    "`pwd *`",
    "`touch *`",
  ]);
  await deniedAll(talk, posts);
});
