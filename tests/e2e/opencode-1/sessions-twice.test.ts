// The plugin is named in opencode.json and lies in the project too: it is loaded twice, and works once.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { HostProcess } from "../../support/hosts/host.ts";
import { newSession, PLUGIN, startWorld, type World } from "../../support/world.ts";

const FILES = {
  ".opencode/plugin/mattermost-control.ts": `export { default } from ${JSON.stringify(`${PLUGIN}/src/index.ts`)};\n`,
};

let world: World;
beforeAll(async () => {
  world = await startWorld();
}, 60_000);
afterAll(() => world.stop());

async function oneOfEach(opencode: HostProcess, project: string): Promise<void> {
  const client = opencode.client(await opencode.newDirectory(project, FILES));
  const ids = await Promise.all([1, 2, 3].map(() => newSession(client)));
  for (const id of ids) {
    const root = await world.rootOf(id);
    const postId = await world.say(root.id, `ask ${id}`);
    await world.answered(root.id, `ask ${id}`);
    expect(world.callsOf(id).map(({ userText }) => userText)).toEqual([`ask ${id}`]);
    expect(world.replies(root.id)).toHaveLength(1);
    await world.mattermost.until("the mark", () => world.mattermost.reactions(postId).length > 0);
  }
  const before = world.mainReplies().length;
  await world.sayInMain("!status");
  await world.mattermost.until("the status", () => world.mainReplies().length > before);
  await client.remove(ids[0] ?? "");
  const [first] = world.roots(ids[0]);
  await world.reply(first?.id ?? "", /^⚫ \*\*Session ended/);
  const last = await newSession(client);
  await world.rootOf(last);
  expect([...ids, last].map((id) => world.roots(id).length)).toEqual([1, 1, 1, 1]);
  expect(world.replies(first?.id ?? "")).toHaveLength(2);
  expect(world.mainReplies()).toHaveLength(before + 1);
}

test("both set up: one by its options, one by the environment", async () => {
  const env = { MATTERMOST_URL: world.mattermost.url, MATTERMOST_OWNER: "alice" };
  const opencode = await world.opencode({ env });
  await oneOfEach(opencode, "both-set-up");
  expect(world.mattermost.sockets()).toEqual(["opencode"]);
  await opencode.kill();
});

test("only the one in opencode.json is set up", async () => {
  const opencode = await world.opencode();
  await oneOfEach(opencode, "one-set-up");
  await opencode.kill();
});
