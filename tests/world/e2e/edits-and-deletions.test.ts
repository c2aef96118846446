// I edit or delete what I wrote: with the real OpenCode.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { converse, startInstallationOn } from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import type { World } from "../../support/world.ts";

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
beforeAll(async () => {
  ({ world, opencode } = await startInstallationOn(OPENCODE_1, ["web-shop"]));
}, 120_000);
afterAll(() => world.stop());

test("edited while its file is being fetched: the edit is what the model gets, once", async () => {
  const { mattermost } = world;
  const talk = await converse(world, opencode, "web-shop");
  const held = mattermost.faults.hold({ user: "opencode", path: /^\/files\/\w+$/ });
  const file = { name: "build.log", bytes: "it failed" };
  const edited = await talk.say("look at tihs", [file]);
  await mattermost.until("the download", () => held.hits > 0);
  const deleted = await talk.say("and drop the database");
  await mattermost.as("alice").edit(edited, "look at this");
  await mattermost.as("alice").remove(deleted);
  // What comes by the socket after both says that they have been heard of.
  await talk.caughtUp();
  mattermost.faults.clear();
  await talk.reply(/^✅[\s\S]*Scripted answer to: look at this/);
  await talk.say("and now?");
  await talk.reply(/^✅[\s\S]*Scripted answer to: and now\?/);
  await talk.atRest();
  const said = talk
    .calls()
    .map(({ userText }) => userText)
    .join("\n");
  expect(said).not.toContain("tihs");
  expect(said).not.toContain("database");
});

test("edited or deleted when it has been sent: one line each, and nothing runs again", async () => {
  const owner = world.mattermost.as("alice");
  const talk = await converse(world, opencode, "web-shop");
  const said = await talk.say("rename the fiel");
  await talk.reply(/^✅/);
  await talk.atRest();
  await owner.edit(said, "rename the file");
  await talk.reply(/^✏️ \*\*This came too late\*\*/);
  await owner.edit(said, "rename the file, please");
  await owner.remove(said);
  await talk.reply(/^🗑️ \*\*This came too late\*\*/);
  await talk.caughtUp();
  expect(talk.replies().filter(({ message }) => message.includes("too late"))).toHaveLength(2);
  expect(talk.calls()).toHaveLength(1);
});
