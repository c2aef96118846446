// "I named it in opencode.json, with my name, and had it in .opencode/plugin as well. I was asked to pair it, and paired already."
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { converse } from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { logged, startWorldOn, type World } from "../../support/world.ts";

const PLUGIN = join(import.meta.dir, "../../../server.js");

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
beforeAll(async () => {
  world = await startWorldOn(OPENCODE_1);
  opencode = await world.opencode({ env: { MATTERMOST_URL: world.mattermost.url } });
});
afterAll(() => world.stop());

test("one of the two serves, each prompt runs once, and nobody waits to be paired", async () => {
  await opencode.newDirectory("twice", {
    ".opencode/plugin/mattermost.js": `export { default } from ${JSON.stringify(PLUGIN)};\n`,
  });
  const talk = await converse(world, opencode, "twice");
  await talk.say("hello");
  await talk.reply(/^✅[\s\S]*hello$/);
  expect(talk.replies().filter(({ message }) => /hello$/.test(message))).toHaveLength(1);
  expect(world.roots()).toHaveLength(1);
  const said = logged(opencode, "INFO", "WARN", "ERROR").join("\n");
  expect(said).toContain("Connected to");
  expect(said).not.toContain("has no owner yet");
});
