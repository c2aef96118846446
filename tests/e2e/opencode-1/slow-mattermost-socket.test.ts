// The socket may come up later than the thread: what the owner writes in between is answered all the same.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { HostProcess } from "../../support/hosts/host.ts";
import { newSession, startWorld, type World } from "../../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  world = await startWorld();
  world.mattermost.faults.refuseUpgrades({ user: "opencode" });
  opencode = await world.opencode();
}, 60_000);
afterAll(() => world.stop());

test("a reply in a new thread, before the socket is live, runs once", async () => {
  const { mattermost } = world;
  const client = opencode.client(await opencode.newDirectory("web-shop"));
  const sessionId = await newSession(client);
  const root = await world.rootOf(sessionId);
  const early = await world.say(root.id, "an early bird");
  expect(mattermost.sockets()).not.toContain(mattermost.bot.username);
  mattermost.faults.clear();
  await world.reply(root.id, /^✅[\s\S]*Scripted answer to: an early bird$/);
  await mattermost.until("the mark under the prompt", () =>
    mattermost.reactions(early).some(({ emoji }) => emoji === "eyes"),
  );
  await world.say(root.id, "and a later one");
  await world.reply(root.id, /^✅[\s\S]*Scripted answer to: and a later one$/);
  const texts = world.callsOf(sessionId).map(({ userText }) => userText);
  expect(texts).toEqual(["an early bird", "and a later one"]);
});
