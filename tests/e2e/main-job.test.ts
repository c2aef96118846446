// The main job on the real OpenCode: a session becomes a thread, a reply prompts it, the answer streams back.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { OpenCodeProcess } from "../../src/playground/opencode-process.ts";
import { newSession, startWorld, type World } from "../support/world.ts";

let world: World;
let opencode: OpenCodeProcess;
beforeAll(async () => {
  world = await startWorld();
  opencode = await world.opencode();
}, 60_000);
afterAll(() => world.stop());

test("a session becomes a thread, a reply prompts exactly it, and the answer comes back", async () => {
  const directory = await opencode.newDirectory("payments-api");
  const client = opencode.client(directory);
  const sessionId = await newSession(client);
  const root = await world.rootOf(sessionId);
  expect(root.message).toContain("payments-api");
  await world.say(root.id, "hello there");
  const answer = await world.reply(root.id, /Scripted answer to: hello there/);
  expect(world.model.calls().map((call) => call.userText)).toEqual(["hello there"]);
  await world.mattermost.until("the turn's end", () =>
    world.mattermost.post(answer.id)?.message.startsWith("✅"),
  );
  expect(world.replies(root.id)).toHaveLength(1);
});
