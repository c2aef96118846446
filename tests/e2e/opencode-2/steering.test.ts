// The commands of a thread that stand on what the host offers, where OpenCode 2 offers it in other ways.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { converse, startInstallationOn } from "../../support/conversation.ts";
import { OPENCODE_2, type OpenCode2Process } from "../../support/hosts/opencode-2.ts";
import type { World } from "../../support/world.ts";

const other = { name: "Other One", tool_call: true, limit: { context: 64_000, output: 4_000 } };
const CONFIG = { provider: { scripted: { models: { other } } } };

let world: World<OpenCode2Process>;
let opencode: OpenCode2Process;
beforeAll(async () => {
  ({ world, opencode } = await startInstallationOn(OPENCODE_2, ["web-shop"], { config: CONFIG }));
}, 120_000);
afterAll(() => world.stop());

/** What the session's next prompt runs with. */
async function setTo(sessionId: string): Promise<readonly unknown[]> {
  const session = Object(await opencode.api.call("GET", `/api/session/${sessionId}`));
  return [session.agent, Object(session.model).id];
}

test("a model and an agent that are chosen in the thread count from the next prompt on", async () => {
  const talk = await converse(world, opencode, "web-shop");
  await talk.say("!model other");
  await talk.reply(/^🧠 \*\*Other One\*\* `scripted\/other` from the next prompt on/);
  await talk.say("with the other one");
  const first = await talk.reply(/^✅[\s\S]*with the other one$/);
  expect((await setTo(talk.sessionId))[1]).toBe("other");
  await talk.say("!agent plan");
  await talk.reply(/plan/);
  await talk.say("with a plan");
  // OpenCode gives the model a reminder of the plan beside the prompt, which is what the scripted answer repeats.
  await world.mattermost.until("the second answer", () =>
    talk.replies().some(({ id, message }) => id !== first.id && message.startsWith("✅")),
  );
  expect((await setTo(talk.sessionId))[0]).toBe("plan");
  await talk.atRest();
});

test("!undo takes the last prompt and its file back, !redo brings both again; a prompt makes an undo final", async () => {
  const talk = await converse(world, opencode, "web-shop");
  const path = join(talk.directory, "made.txt");
  const write = { tool: "write", args: { path, content: "made" } };
  world.model.on("make a file", [[write], [{ text: "Made." }]]);
  await talk.say("first");
  await talk.reply(/^✅[\s\S]*answer to: first$/);
  await talk.say("make a file");
  await talk.reply(/^✅[\s\S]*Made\.$/);
  await talk.atRest();
  expect(existsSync(path)).toBe(true);
  await talk.say("!undo");
  await talk.reply(/↩️ \*\*Undone\*\*[\s\S]*make a file/);
  expect(existsSync(path)).toBe(false);
  await talk.say("!redo");
  await talk.reply(/↪️ \*\*Redone\*\*/);
  expect(existsSync(path)).toBe(true);
  await talk.say("!undo");
  await world.mattermost.until("the second undo", () => !existsSync(path));
  await talk.say("something else");
  await talk.reply(/^✅[\s\S]*something else$/);
  const asked = talk
    .calls()
    .at(-1)
    ?.messages.flatMap(({ role, text }) => (role === "user" ? text : []));
  expect(asked?.join("\n")).not.toContain("make a file");
});

test("!fork makes a session and a thread of its own, and leaves the first as it is", async () => {
  const talk = await converse(world, opencode, "web-shop");
  await talk.say("common ground");
  await talk.reply(/^✅[\s\S]*common ground$/);
  await talk.atRest();
  const before = world.roots().length;
  await talk.say("!fork");
  const root = await world.mattermost.until("the fork's thread", () => world.roots()[before]);
  await world.say(root.id, "another way");
  await world.answered(root.id, "Scripted answer to: another way");
  expect(world.roots()).toHaveLength(before + 1);
  expect(talk.calls().map(({ userText }) => userText)).toEqual(["common ground"]);
});

test("!rename gives the session its title in OpenCode too", async () => {
  const talk = await converse(world, opencode, "web-shop");
  await talk.say("!rename A better title");
  await world.becomes(talk.rootId, /A better title/);
  const session = Object(await opencode.api.call("GET", `/api/session/${talk.sessionId}`));
  expect(session.title).toBe("A better title");
});
