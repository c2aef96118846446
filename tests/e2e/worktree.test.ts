// `!new … --worktree`: a session in a folder and on a branch of its own.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keyOf, startInstallation } from "../support/conversation.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import type { World } from "../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  ({ world, opencode } = await startInstallation(["web-shop"]));
}, 120_000);
afterAll(() => world.stop());

test("its thread's card names both, its first prompt runs there, and !end takes it away only when it is clean", async () => {
  const { mattermost } = world;
  world.model.on("Where are you?", [[{ text: "In a tree." }]]);
  await mattermost.as("alice").post("!new web-shop --worktree fix-retry Where are you?");
  const root = await mattermost.until(
    "the card of the worktree's session",
    () =>
      world.roots().find(({ message }) => message.includes("web-shop-fix-retry` · `fix-retry`")),
    60_000,
  );
  await world.reply(root.id, /In a tree\./);
  const directory = join(opencode.home, "projects", "web-shop-fix-retry");
  expect(existsSync(join(directory, "README.md"))).toBe(true);
  const { session_id } = Object(root.props["opencode_mattermost"]);
  expect(JSON.stringify(world.callsOf(session_id)[0]?.messages)).toContain(directory);
  const start = await mattermost.until("what the bot says of it", () =>
    mattermost.posts().find((post) => keyOf(post).startsWith("start/") && /🌳/.test(post.message)),
  );
  expect(start.message).toContain("branch `fix-retry`");

  writeFileSync(join(directory, "notes.md"), "not committed");
  const owner = mattermost.as("alice");
  await owner.post("!end", { rootId: root.id });
  await world.reply(root.id, /Session ended[\s\S]*stays, because it has changes/);
  rmSync(join(directory, "notes.md"));
  await owner.post("!end remove", { rootId: root.id });
  await world.reply(root.id, /is removed\. Its branch `fix-retry` stays/);
  expect(existsSync(directory)).toBe(false);
});
