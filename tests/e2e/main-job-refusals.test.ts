// What the owner writes where no session can take it: answered once, in its place, and the model hears nothing.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import type { HostProcess } from "../support/hosts/host.ts";
import { newSession, startWorld, type World } from "../support/world.ts";

let world: World;
let opencode: HostProcess;
let calls = 0;
beforeAll(async () => {
  world = await startWorld();
  opencode = await world.opencode();
  const sessionId = await newSession(opencode.client());
  await world.rootOf(sessionId);
}, 60_000);
afterAll(() => world.stop());
beforeEach(() => {
  calls = world.model.calls().length;
});

/** A turn in a thread of its own: what came before it has been handled when it is answered. */
async function afterEverything(): Promise<void> {
  const sessionId = await newSession(opencode.client());
  const { id } = await world.rootOf(sessionId);
  await world.say(id, "still there?");
  await world.answered(id);
  expect(world.callsOf(sessionId)).toHaveLength(1);
  expect(world.model.calls()).toHaveLength(calls + 1);
}

test("a prompt in the main DM is not accepted", async () => {
  const before = world.mainReplies().length;
  await world.sayInMain("fix the flaky test, please");
  const answer = await world.mainReply(/Prompts not accepted/);
  expect(answer.message.split("\n")[0]).toBe("**Prompts not accepted in main DM**");
  expect(answer.message).toContain("`!new");
  await afterEverything();
  expect(world.mainReplies()).toHaveLength(before + 1);
});

test("a thread that belongs to no session is not recognized", async () => {
  const before = world.mainReplies().length;
  const own = await world.sayInMain("a note to myself");
  await world.mattermost.until("the note's answer", () => world.mainReplies().length > before);
  await world.say(own, "and now do it");
  const answer = await world.reply(own, /./);
  expect(answer.message.split("\n")[0]).toBe("**Thread not recognized**");
  expect(answer.message).toContain("`!sessions`");
  await afterEverything();
  expect(world.replies(own)).toHaveLength(1);
  expect(world.mainReplies()).toHaveLength(before + 1);
});

test("a deleted session takes no prompts: its thread says how it ended, and answers", async () => {
  const client = opencode.client();
  const sessionID = await newSession(client);
  const root = await world.rootOf(sessionID);
  await world.say(root.id, "last words");
  await world.answered(root.id);
  calls = world.model.calls().length;

  await client.remove(sessionID);
  await world.becomes(root.id, /^⚫/);
  await world.reply(root.id, /^⚫ \*\*Session ended\*\*/);
  const before = world.replies(root.id).length;
  await world.say(root.id, "one more thing");
  const answer = await world.reply(root.id, /^\*\*Session ended\*\*/);
  expect(answer.message).toContain("`!resume`");
  expect(answer.message).toContain("deleted");
  await afterEverything();
  expect(world.replies(root.id)).toHaveLength(before + 1);
  expect(world.roots(sessionID)).toHaveLength(1);
});

test.each([
  ["!sessions", /_redirect\/pl\//],
  ["!help", /`!sessions/],
  ["!status", /\*\*opencode-mattermost .* connected/],
])("%s is answered in the main DM", async (command, pattern) => {
  const before = world.mainReplies().length;
  await world.sayInMain(command);
  const answer = await world.mattermost.until(`the answer to ${command}`, () =>
    world
      .mainReplies()
      .slice(before)
      .find(({ message }) => pattern.test(message)),
  );
  expect(answer.rootId).toBe("");
  await afterEverything();
  expect(world.mainReplies()).toHaveLength(before + 1);
});

test("a list of the sessions names each once, with a link to its thread", async () => {
  const client = opencode.client(await opencode.newDirectory("listed"));
  const ids = await Promise.all([1, 2, 3].map((n) => newSession(client, `Listed ${n}`)));
  const roots = await Promise.all(ids.map((id) => world.rootOf(id)));
  // A thread that answers is one in working order; its first post is there a moment earlier.
  for (const { id } of roots) {
    await world.say(id, "!help");
    await world.reply(id, /In this thread/);
  }
  await world.sayInMain("!sessions");
  const { message } = await world.mainReply(/Listed 1/);
  for (const [index, root] of roots.entries()) {
    const lines = message.split("\n").filter((line) => line.includes(`Listed ${index + 1}`));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`/_redirect/pl/${root.id}`);
    expect(lines[0]).toContain("listed");
  }
});

test("a mistyped command in a thread is asked about, not sent", async () => {
  const sessionId = await newSession(opencode.client());
  const { id } = await world.rootOf(sessionId);
  await world.say(id, "!hlep");
  const { message } = await world.reply(id, /./);
  expect(message).toContain("did you mean `!help`");
  await world.say(id, "!help");
  await world.reply(id, /In this thread/);
  await afterEverything();
  expect(world.callsOf(sessionId)).toEqual([]);
  expect(world.replies(id)).toHaveLength(2);
});
