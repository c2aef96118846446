// Undo, redo, fork and retry from the thread: what the real OpenCode does with session and files.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Conversation, converse } from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { startWorldOn, type World } from "../../support/world.ts";

const CONFIG = { command: { greet: { template: "Greet $ARGUMENTS", description: "Says hello" } } };

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
beforeAll(async () => {
  world = await startWorldOn(OPENCODE_1);
  opencode = await world.opencode({ config: CONFIG });
}, 120_000);
afterAll(() => world.stop());

const UNDO = "leftwards_arrow_with_hook";

async function answered(talk: Conversation, text: string): Promise<string> {
  const before = talk.calls().length;
  const post = await talk.say(text);
  await talk.reply(new RegExp(`✅[\\s\\S]*${text}$`));
  await talk.atRest();
  expect(talk.calls().length).toBeGreaterThan(before);
  return post;
}

async function promptsOf(directory: string, sessionID: string): Promise<readonly string[]> {
  const { data = [] } = await opencode.sdk(directory).session.messages({ sessionID });
  return data.flatMap(({ info, parts }) =>
    info.role === "user"
      ? parts.flatMap((part) => (part.type === "text" && !part.synthetic ? part.text : []))
      : [],
  );
}

test("undo and redo restore the files byte for byte, also by a tap on an older prompt", async () => {
  const talk = await converse(world, opencode, "rewound");
  const file = join(talk.directory, "notes.txt");
  writeFileSync(file, "before\r\n\u0000é");
  const bytes = (): string => readFileSync(file).toString("hex");
  const before = bytes();
  world.model.on("change the notes", [
    [{ tool: "write", args: { filePath: file, content: "after" } }],
    [{ text: "change the notes" }],
  ]);
  await answered(talk, "hello");
  const change = await answered(talk, "change the notes");
  const after = bytes();
  expect(after).not.toBe(before);
  await answered(talk, "thanks");

  await talk.react(change, UNDO);
  await talk.reply(/^↩️ \*\*Undone\*\*[\s\S]*> change the notes$/);
  expect(bytes()).toBe(before);
  await talk.say("!redo");
  await talk.reply(/^↪️ \*\*Redone\*\*, with this prompt/);
  expect(bytes()).toBe(after);
  await talk.say("!redo");
  await talk.reply(/^↪️ \*\*Redone\*\*: everything/);

  await talk.say("!undo");
  await talk.reply(/^↩️ \*\*Undone\*\*[\s\S]*> thanks$/);
  await talk.say("!undo");
  await talk.reply(/^↩️ \*\*Undone\*\*[\s\S]*> change the notes$/);
  await answered(talk, "something else");
  expect(bytes()).toBe(before);
  expect(await promptsOf(talk.directory, talk.sessionId)).toEqual(["hello", "something else"]);
});

test("a fork from the third of five prompts has two, in a thread of its own; both link each other", async () => {
  const talk = await converse(world, opencode, "forked");
  for (const text of ["one", "two", "three", "four", "five"]) await answered(talk, text);
  await talk.say("!fork 3");
  const answer = await talk.reply(/^🔀 \*\*Forked\*\* into \[/);
  const [, rootId = ""] = /_redirect\/pl\/(\w+)/.exec(answer.message) ?? [];
  await world.reply(rootId, new RegExp(`🔀 \\*\\*A fork\\*\\* of .*_redirect/pl/${talk.rootId}`));
  const forks = await opencode.sdk(talk.directory).session.list();
  const fork = forks.data?.find(({ title }) => title.includes("fork"))?.id ?? "";
  expect(await promptsOf(talk.directory, fork)).toEqual(["one", "two"]);

  await world.mattermost.as("alice").post("in the fork", { rootId });
  await world.reply(rootId, /✅[\s\S]*in the fork$/);
  expect(
    world
      .replies(rootId)
      .map(({ message }) => message)
      .join("\n"),
  ).not.toContain("> one");
  expect(await promptsOf(talk.directory, talk.sessionId)).toHaveLength(5);
});

test("over a crash the queue keeps its order, and a tap hits the prompt that its post quotes", async () => {
  const talk = await converse(world, opencode, "again");
  await talk.typeInTerminal("typed in the terminal");
  await talk.reply(/✅[\s\S]*typed in the terminal$/);
  await talk.atRest();
  const quote = await talk.reply(/⌨️ from the terminal\n> typed in the terminal/);
  world.model.on("keep busy", [[{ text: "Working." }, { pauseMs: 120_000 }]]);
  await talk.say("keep busy");
  await talk.card("⏳");
  await talk.say("!compact");
  await talk.reply(/^Not done: the session works just now/);
  await talk.say("!queue first in the queue");
  await talk.marked(await talk.say("!queue second in the queue"), ["inbox_tray"]);
  await opencode.kill("SIGKILL");
  opencode = await world.opencode({
    home: opencode.home,
    config: CONFIG,
    directory: talk.directory,
  });
  await opencode.client(talk.directory).open();
  await world.becomes(talk.rootId, /^🔌/);
  await talk.say("!resume");
  await world.becomes(talk.rootId, /^🟢/);
  await talk.reply(/✅[\s\S]*second in the queue$/);
  await talk.atRest();
  const texts = await promptsOf(talk.directory, talk.sessionId);
  expect(texts.slice(-2)).toEqual(["first in the queue", "second in the queue"]);
  await talk.react(quote.id, "repeat");
  await talk.reply(/🔁 run again\n> typed in the terminal/);
  const again = await promptsOf(talk.directory, talk.sessionId);
  expect(again.filter((text) => text === "typed in the terminal")).toHaveLength(2);
});

test("commands, shell, changes, files, compaction; ended, and brought back", async () => {
  const talk = await converse(world, opencode, "worked");
  const file = join(talk.directory, "notes.txt");
  world.model.on("write the notes", [
    [{ tool: "write", args: { filePath: file, content: "one\ntwo\n" } }],
    [{ text: "write the notes" }],
  ]);
  await answered(talk, "write the notes");
  await talk.say("!diff");
  await talk.reply(/^📄 \*\*1 file \+2\*\*\n```diff[\s\S]*\+two/);
  await talk.say("!file notes.txt");
  const sent = await talk.reply(/^📎 `notes\.txt`$/);
  expect(sent.fileIds).toHaveLength(1);
  await talk.say("!file .");
  await talk.reply(/^📁 `\.`\n[\s\S]*`notes\.txt`/);
  await talk.say("!run");
  await talk.reply(/- `greet` Says hello/);
  const greet = await talk.say("!run greet Alice");
  await talk.reply(/✅[^\n]*\n\nScripted answer to: Greet Alice$/);
  await talk.marked(greet, ["eyes"]);
  await talk.atRest();
  await talk.say("!sh echo from-the-shell");
  await talk.reply(/⌨️ \*\*worked\*\* · [\s\S]*from-the-shell/);
  await talk.atRest();
  await talk.say("!context");
  await talk.reply(/^🧠 \*\*context \d+ %\*\*/);
  await talk.say("!compact");
  await talk.reply(/^🗜️/);
  await talk.atRest();

  await talk.say("!end");
  await talk.reply(/^⚫ \*\*Session ended\*\*/);
  await world.becomes(talk.rootId, /^⚫/);
  await talk.say("!resume");
  await talk.reply(/\*\*Back\*\*/);
  await world.becomes(talk.rootId, /^🟢/);
  await answered(talk, "here again");
});
