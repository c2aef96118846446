// The main job on the real OpenCode: a session becomes a thread, a reply prompts it, the answer streams back.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { HostProcess } from "../support/hosts/host.ts";
import {
  belowFirstLine,
  newSession,
  startWorld,
  storedAnswers,
  type World,
} from "../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  world = await startWorld();
  opencode = await world.opencode();
}, 60_000);
afterAll(() => world.stop());

test("a session becomes a thread for an owner who never wrote, a reply prompts exactly it, the answer comes back", async () => {
  const directory = await opencode.newDirectory("payments-api");
  const client = opencode.client(directory);
  const sessionId = await newSession(client);
  const root = await world.rootOf(sessionId);
  expect(world.mattermost.posts()).toHaveLength(1);
  expect(root.message).toContain("payments-api");
  await world.say(root.id, "hello there");
  const answer = await world.reply(root.id, /Scripted answer to: hello there/);
  expect(world.model.calls().map((call) => call.userText)).toEqual(["hello there"]);
  await world.becomes(answer.id, /^✅/);
  expect(world.replies(root.id)).toHaveLength(1);
});

test("three directories in one process: three threads, each card with its own project and folder", async () => {
  const names = ["web-shop", "data_pipeline", "infra.tools"];
  const made = await Promise.all(
    names.map(async (name) => {
      const client = opencode.client(await opencode.newDirectory(name));
      const sessionId = await newSession(client);
      return { name, sessionId, root: await world.rootOf(sessionId) };
    }),
  );
  for (const { name, sessionId, root } of made) {
    const whole = await world.becomes(root.id, /`main`/);
    const [first = "", second = ""] = whole.message.replaceAll("\\", "").split("\n");
    expect(first).toBe(`🟢 **${name}** · New session`);
    expect(second).toStartWith(`\`~/projects/${name}\` · \`main\` · `);
    expect(second).toContain(sessionId.slice(-4));
    expect(world.roots(sessionId)).toHaveLength(1);
  }
});

test("ten sessions at once: ten threads, none twice", async () => {
  const client = opencode.client(await opencode.newDirectory("crowd"));
  const before = world.roots().length;
  const ids = await Promise.all(Array.from({ length: 10 }, () => newSession(client)));
  await Promise.all(ids.map((id) => world.rootOf(id)));
  // Each thread works: then every event and every post of before has been dealt with.
  await Promise.all(
    ids.map(async (id) => {
      const root = await world.rootOf(id);
      await world.say(root.id, `ping ${id}`);
      await world.answered(root.id, `Scripted answer to: ping ${id}`);
      expect(world.callsOf(id).map(({ userText }) => userText)).toEqual([`ping ${id}`]);
      expect(world.replies(root.id)).toHaveLength(1);
    }),
  );
  expect(ids.map((id) => world.roots(id).length)).toEqual(ids.map(() => 1));
  expect(world.roots()).toHaveLength(before + 10);
});

test("the first words are posted at once, the post grows by edits, and ends as OpenCode stored it", async () => {
  const { model, mattermost } = world;
  const table = "\n\n| a | b |\n|---|---|\n| 1 | `2` |\n";
  const code = "\n```ts\nconst x = { a: [1, 2] };\n\n    // indented\n```\n";
  model.on("stream it", [
    [
      { text: "First words" },
      { gate: "second part" },
      { text: `, more **words**${table}` },
      { gate: "last part" },
      { text: `${code}\nThe end 🎉.` },
    ],
  ]);
  const client = opencode.client(await opencode.newDirectory("streaming"));
  const sessionId = await newSession(client);
  const root = await world.rootOf(sessionId);
  await world.say(root.id, "stream it");

  const first = await world.reply(root.id, /First words/);
  expect(model.held()).toEqual(["second part"]);
  expect(first.message).toStartWith("⏳");
  expect(first.message).not.toContain("more **words**");
  model.release("second part");
  await world.becomes(first.id, /more \*\*words\*\*/);
  expect(model.held()).toEqual(["last part"]);
  model.release("last part");
  const last = await world.becomes(first.id, /^✅/);

  const [stored = ""] = await storedAnswers(client, sessionId);
  expect(stored).toBe(`First words, more **words**${table}${code}\nThe end 🎉.`);
  expect(last.message.split("\n")[0]).toMatch(/^✅ \*\*streaming\*\* · [\d.]+ s$/);
  expect(belowFirstLine(last)).toBe(stored);
  expect(world.replies(root.id).map(({ id }) => id)).toEqual([first.id]);
  const edits = mattermost
    .requests()
    .filter(({ path, method }) => method === "PUT" && path === `/posts/${first.id}/patch`);
  expect(edits.length).toBeGreaterThanOrEqual(2);
  expect(edits.every(({ status }) => status === 200)).toBe(true);
});
