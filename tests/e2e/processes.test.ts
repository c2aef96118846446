// Several OpenCode processes with one bot: who answers what, and what happens when one of them dies.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { HostProcess } from "../support/hosts/host.ts";
import { newSession, startWorld, type World } from "../support/world.ts";

let world: World;
let first: HostProcess;
let second: HostProcess;
beforeAll(async () => {
  world = await startWorld();
  first = await world.opencode();
  second = await world.opencode({ home: first.home });
}, 90_000);
afterAll(() => world.stop());

const sessionIn = async (opencode: HostProcess, project: string) => {
  const directory = await opencode.newDirectory(project);
  const client = opencode.client(directory);
  const id = await newSession(client);
  return { id, client, directory, root: await world.rootOf(id) };
};

const botPostsAfter = (postId: string): readonly string[] => {
  const asked = world.mattermost.post(postId)?.createAt ?? 0;
  return world.mattermost
    .posts({ userId: world.mattermost.bot.id })
    .filter((post) => post.createAt > asked && post.rootId === "")
    .map((post) => post.message);
};

test("a command in the main DM is answered once, for the sessions of both", async () => {
  const alpha = await sessionIn(first, "alpha");
  const beta = await sessionIn(second, "beta");
  // A thread that answers is open for good; its first post is there a moment earlier.
  for (const { root } of [alpha, beta]) {
    await world.say(root.id, "!help");
    await world.reply(root.id, /In this thread/);
  }
  const asked = await world.sayInMain("!sessions");
  await world.mainReply(/alpha[\s\S]*beta|beta[\s\S]*alpha/);
  const again = await world.sayInMain("!status");
  await world.mainReply(/opencode-mattermost \d/);
  expect(botPostsAfter(asked).filter((text) => text.includes("_redirect/pl/"))).toHaveLength(1);
  expect(botPostsAfter(again)).toHaveLength(1);
});

test("a session that moves to the other process keeps its thread, and each prompt runs once", async () => {
  const { id, directory, root } = await sessionIn(first, "moving");
  await world.say(root.id, "one");
  await world.reply(root.id, /answer to: one/);
  await second.client(directory).send(id, "two");
  await world.reply(root.id, /answer to: two/);
  await world.say(root.id, "three");
  await world.reply(root.id, /answer to: three/);
  expect(world.model.calls().filter((call) => call.userText === "three")).toHaveLength(1);
  expect(world.roots().filter((post) => post.message.includes("moving"))).toHaveLength(1);
});

test("a killed process's thread is explained by the other, and comes back with !resume", async () => {
  const { id, root } = await sessionIn(first, "crashing");
  await world.say(root.id, "before");
  await world.reply(root.id, /answer to: before/);
  await first.kill("SIGKILL");
  await world.reply(root.id, /^🔌 \*\*Session disconnected\*\*[\s\S]*!resume/);
  await world.mattermost.until("the card says so", () =>
    world.mattermost.post(root.id)?.message.startsWith("🔌"),
  );
  await world.say(root.id, "are you there");
  await world.reply(root.id, /^\*\*Session disconnected\*\*/);
  await world.say(root.id, "!resume");
  await world.mattermost.until("the card is green again", () =>
    world.mattermost.post(root.id)?.message.startsWith("🟢"),
  );
  await world.say(root.id, "after");
  await world.reply(root.id, /answer to: after/);
  expect(world.roots().filter((post) => post.message.includes(id.slice(-4)))).toHaveLength(1);
  expect(world.model.calls().filter((call) => call.userText === "are you there")).toHaveLength(0);
});

test("the kill switch stops every process, until it is lifted", async () => {
  const { root } = await sessionIn(second, "locked");
  await world.sayInMain("!lock");
  await world.mainReply(/🔒 \*\*Locked\*\*/);
  const ignored = await world.say(root.id, "do something");
  await world.reply(root.id, /🔒 \*\*Locked\*\*/);
  await world.sayInMain("!unlock");
  await world.mainReply(/🔓 \*\*Unlocked\*\*/);
  await world.say(root.id, "now do it");
  await world.reply(root.id, /answer to: now do it/);
  expect(world.model.calls().some((call) => call.userText === "do something")).toBe(false);
  expect(world.mattermost.reactions(ignored)).toEqual([]);
});

test("what came while no process ran is run once when the session is live again", async () => {
  const { id, directory, root } = await sessionIn(second, "asleep");
  await world.say(root.id, "awake");
  await world.reply(root.id, /answer to: awake/);
  await second.kill("SIGKILL");
  await world.say(root.id, "while you slept");
  const third = await world.opencode({ home: first.home });
  await third.client(directory).send(id, "morning");
  await world.reply(root.id, /answer to: morning/);
  await world.reply(root.id, /answer to: while you slept/);
  const runs = world.model.calls().filter((call) => call.userText === "while you slept");
  expect(runs).toHaveLength(1);
  expect(world.roots().filter((post) => post.message.includes("asleep"))).toHaveLength(1);
});

test("the token is in no post, no log and no file of the whole installation", async () => {
  const { token } = world.mattermost.bot;
  const names = readdirSync(first.home, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(10);
  const leaks = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(token));
  expect(leaks).toEqual([]);
  expect(first.log()).not.toContain(token);
  for (const post of world.mattermost.posts({ includeDeleted: true })) {
    expect(JSON.stringify(post)).not.toContain(token);
  }
});
