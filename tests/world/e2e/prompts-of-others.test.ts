// "A plugin adds a note to my session: I got a ping, and then: stopped before this prompt ran, send it again."
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Conversation, converse } from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { typed } from "../../support/keyboard.ts";
import { belowFirstLine, startWorldOn, type World } from "../../support/world.ts";

/** Another plugin, which adds a note where a prompt speaks of one, and sends a prompt where it speaks of that. */
const OTHER_PLUGIN = `export const Other = async ({ client }) => ({
  event: async ({ event }) => {
    if (event.type !== "session.idle") return;
    const { sessionID } = event.properties;
    const asked = globalThis.asked ??= new Set();
    if (asked.has(sessionID)) return;
    asked.add(sessionID);
    await client.session.promptAsync({ path: { id: sessionID }, body: { parts: [{ type: "text", text: "asked by a plugin" }] } });
  },
});
`;
const COMMANDS = {
  review: { template: "Review it: $ARGUMENTS", description: "review changes", subtask: true },
};

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
beforeAll(async () => {
  world = await startWorldOn(OPENCODE_1);
  opencode = await world.opencode({ config: { command: COMMANDS } });
});
afterAll(() => world.stop());

const sdkOf = (talk: Conversation) => opencode.sdk(talk.directory).session;

test("a note without a run pings nobody, and is told with the next prompt", async () => {
  const talk = await converse(world, opencode, "notes");
  await talk.say("hello");
  await talk.reply(/^✅[\s\S]*hello$/);
  const parts = [
    { type: "text" as const, text: "The weather is fine." },
    { type: "text" as const, text: "It may rain." },
  ];
  await sdkOf(talk).prompt({ sessionID: talk.sessionId, noReply: true, parts });
  await talk.caughtUp();
  await talk.say("and now?");
  const answer = await talk.reply(/^✅[\s\S]*and now\?$/);
  expect(belowFirstLine(answer)).toStartWith(
    "➕ added to the session\n> The weather is fine.\n> \n> It may rain.\n\n",
  );
  expect(talk.replies().filter(({ message }) => /before this prompt ran/.test(message))).toEqual(
    [],
  );
  expect(talk.replies()).toHaveLength(3);
});

test("a shell command of one's own is one post", async () => {
  const talk = await converse(world, opencode, "shell");
  await sdkOf(talk).shell({ sessionID: talk.sessionId, agent: "build", command: "echo by hand" });
  const post = await talk.reply(/^⌨️ \*\*shell\*\* · ✓ bash · `echo by hand`/);
  expect(belowFirstLine(post)).toBe("```\nby hand\n```");
  await talk.atRest();
  expect(talk.replies()).toHaveLength(1);
});

test("a command that a sub-agent carries out is quoted", async () => {
  const talk = await converse(world, opencode, "commands");
  await sdkOf(talk).command({ sessionID: talk.sessionId, command: "review", arguments: "all" });
  await talk.reply(/> \/review · review changes/);
  await talk.atRest();
});

test("a prompt of `!new` is called one, in its own thread", async () => {
  await converse(world, opencode, "begun");
  await world.sayInMain("!new begun write a poem");
  const post = await world.mattermost.until("the answer", () =>
    world.mattermost.posts().find(({ message }) => /^✅ \*\*begun\*\*/.test(message)),
  );
  expect(belowFirstLine(post)).toStartWith("💬 from `!new`\n> write a poem\n\n");
});

test("in a terminal a plugin's prompt is told from what is typed", async () => {
  const directory = await opencode.newDirectory("plugged", {
    ".opencode/plugin/other.js": OTHER_PLUGIN,
  });
  const terminal = await world.opencode({ mode: "tui", home: opencode.home, directory });
  await typed(terminal, "typed by hand");
  const find = (text: string) =>
    world.mattermost.until(text, () =>
      world.mattermost.posts().find(({ message }) => message.includes(text)),
    );
  await find("⌨️ from the terminal\n> typed by hand");
  await find("🧩 from a plugin\n> asked by a plugin");
  terminal.type("\x03");
  await terminal.exited;
});
