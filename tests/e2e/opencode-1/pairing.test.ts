// A bot without an owner gets one from the person who can read OpenCode's terminal.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { HostProcess } from "../../support/hosts/host.ts";
import { newSession, startWorld, type World } from "../../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  world = await startWorld();
  opencode = await world.opencode({ pluginOptions: { owner: undefined } });
}, 90_000);
afterAll(() => world.stop());

const state = (): string => join(opencode.home, ".local/state/opencode-mattermost");
const filesOfPairing = (): string[] =>
  existsSync(state()) ? readdirSync(state()).filter((name) => /^pairing-.*\.json$/.test(name)) : [];

/** Where the person at this machine finds it, and nobody else. */
function codeOnDisk(): string | undefined {
  const [name] = filesOfPairing();
  if (name === undefined) return undefined;
  expect(statSync(join(state(), name)).mode & 0o777).toBe(0o600);
  return /"code": "([A-Z2-9]{8})"/.exec(readFileSync(join(state(), name), "utf8"))?.[1];
}

const replyTo = (name: string, pattern: RegExp) =>
  world.mattermost.until(`an answer to ${name} like ${pattern}`, () =>
    world.mattermost
      .posts({ userId: world.mattermost.bot.id })
      .find((post) => pattern.test(post.message)),
  );

test("a wrong code lets nobody in, the right one makes its sender the owner", async () => {
  const client = opencode.client(await opencode.newDirectory("paired"));
  const sessionId = await newSession(client);
  const code = await world.mattermost.until("the code in its file", codeOnDisk);
  const file = filesOfPairing().join();
  await world.mattermost.until("the log to name the file", () => opencode.log().includes(file));
  expect(opencode.log()).not.toContain(code);
  const mallory = world.mattermost.as("mallory");
  await mallory.post("!pair AAAAAAAA");
  await replyTo("mallory", /not the code/);
  expect(world.roots()).toHaveLength(0);

  await world.sayInMain(`!pair ${code.toLowerCase()}`);
  await replyTo("alice", /\*\*Paired\.\*\*/);
  const root = await world.rootOf(sessionId);
  await world.say(root.id, "hello");
  await world.answered(root.id, "hello");

  await mallory.post(`!pair ${code}`);
  await mallory.post("!sessions");
  await world.sayInMain("!status");
  await world.mainReply(/owner @alice/);
  const toMallory = world.mattermost
    .posts({ channelId: await mallory.dm(), userId: world.mattermost.bot.id })
    .map((post) => post.message);
  expect(toMallory.filter((text) => !text.includes("not the code"))).toEqual([]);
});

test("the owner is still known after a restart", async () => {
  await opencode.kill("SIGKILL");
  const again = await world.opencode({
    home: opencode.home,
    pluginOptions: { owner: undefined },
  });
  const client = again.client(await again.newDirectory("still-paired"));
  const root = await world.rootOf(await newSession(client));
  await world.say(root.id, "good morning");
  await world.answered(root.id, "good morning");
});
