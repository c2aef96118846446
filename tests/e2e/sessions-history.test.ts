// Sessions of former days: they get no thread because they exist, but one when they do something.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { HostProcess } from "../support/hosts/host.ts";
import { newSession, prompt, startWorld, type World } from "../support/world.ts";

let world: World;
let before: HostProcess;
let opencode: HostProcess;
let old: readonly string[];
beforeAll(async () => {
  world = await startWorld();
  before = await world.opencode({ withoutPlugin: true });
  old = await Promise.all(
    Array.from({ length: 40 }, (_, n) => newSession(before.client(), `Old ${n + 1}`)),
  );
  await prompt(before.client(), old[0] ?? "", "said in former days");
  await before.kill();
  const { home, directory } = before;
  opencode = await world.opencode({ home, directory });
}, 90_000);
afterAll(() => world.stop());

const sessionsWithThread = (): readonly string[] =>
  world.roots().map(({ props }) => Object(props["opencode_mattermost"]).session_id);

let own: string;

test("forty old sessions: no thread for them by what OpenCode tells of a new one", async () => {
  const client = opencode.client();
  expect(await client.sessions()).toHaveLength(40);
  own = await newSession(client, "Made here");
  await world.rootOf(own);
  expect(sessionsWithThread()).toEqual([own]);
  expect(world.mattermost.posts()).toHaveLength(1);
});

test("an old session that is prompted gets a thread, from that prompt on", async () => {
  const sessionId = old[0] ?? "";
  const answer = await prompt(opencode.client(), sessionId, "and now");
  const root = await world.rootOf(sessionId);
  await world.answered(root.id, answer);
  await world.becomes(root.id, /Old 1\b/);
  expect(world.roots(sessionId)).toHaveLength(1);
  expect(world.replies(root.id)).toHaveLength(1);
  expect(JSON.stringify(world.mattermost.posts())).not.toContain("said in former days");
  await world.say(root.id, "from here too");
  await world.answered(root.id, "Scripted answer to: from here too");
  expect(world.roots()).toHaveLength(2);
});

test("nor does the poll give them one", async () => {
  const before = world.mattermost.posts().length;
  // No event of another process's session reaches the plugin: its thread shows that the poll has run.
  const { home, directory } = opencode;
  const beside = await world.opencode({ home, directory, withoutPlugin: true });
  const polled = await newSession(beside.client(), "Made elsewhere");
  await beside.kill();
  await world.rootOf(polled);
  expect(sessionsWithThread()).toEqual([own, old[0] ?? "", polled]);
  expect(world.mattermost.posts()).toHaveLength(before + 1);
});
