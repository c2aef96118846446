// An OpenCode that is suspended, as by ctrl+z in its terminal: it holds all its locks and does nothing.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { HostProcess } from "../../support/hosts/host.ts";
import { newSession, startWorld, type World } from "../../support/world.ts";

/** It is called dead after half a minute. */
const WITHIN_MS = 90_000;

let world: World;
let suspended: HostProcess;
beforeAll(async () => {
  world = await startWorld();
  suspended = await world.opencode();
}, 90_000);
afterAll(() => world.stop());

const said = (rootId: string, pattern: RegExp) =>
  world.mattermost.until(
    `a reply like ${pattern}`,
    () => world.replies(rootId).find((post) => pattern.test(post.message)),
    WITHIN_MS,
  );

test("another one takes over the main DM and explains its thread, which works again when it goes on", async () => {
  const id = await newSession(suspended.client());
  const root = await world.rootOf(id);
  await world.say(root.id, "before");
  await world.reply(root.id, /answer to: before/);
  const other = await world.opencode({ home: suspended.home });
  process.kill(suspended.pid, "SIGSTOP");
  try {
    await world.rootOf(await newSession(other.client(await other.newDirectory("awake"))));
    await world.sayInMain("!sessions");
    await said(root.id, /^🔌 \*\*Session disconnected\*\*/);
    await world.mattermost.until("the command is answered", () =>
      world.mainReplies().find(({ message }) => message.includes("_redirect/pl/")),
    );
    await world.say(root.id, "are you there");
    await world.reply(root.id, /^\*\*Session disconnected\*\*/);
  } finally {
    process.kill(suspended.pid, "SIGCONT");
  }
  await world.reply(root.id, /^🔌 \*\*Session connected again\*\*/);
  await world.becomes(root.id, /^🟢/);
  await world.say(root.id, "after");
  await world.reply(root.id, /answer to: after/);
  await world.sayInMain("!status");
  await world.mainReply(/opencode-mattermost \d/);
  expect(world.callsOf(id).map(({ userText }) => userText)).toEqual(["before", "after"]);
  const lists = world.mainReplies().filter(({ message }) => message.includes("_redirect/pl/"));
  expect(lists).toHaveLength(1);
  expect(world.roots(id)).toHaveLength(1);
}, 240_000);
