// OpenCode 2 unloads a directory that is not used: its threads stay seats at their sessions, and a reply brings it back.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { bash, converse, startInstallationOn } from "../../support/conversation.ts";
import { OPENCODE_2, type OpenCode2Process } from "../../support/hosts/opencode-2.ts";
import { at } from "../../support/hosts/opencode-2-client.ts";
import { mappingOf, prompt, type World } from "../../support/world.ts";

let world: World<OpenCode2Process>;
let opencode: OpenCode2Process;
afterAll(() => world.stop());

const saysEnded = (rootId: string): boolean =>
  world.replies(rootId).some(({ message }) => /ended|disconnected/i.test(message));

/** What an hour without use does. Resolves when the plugin has been taken away. */
async function unload(directory: string): Promise<void> {
  await opencode.api.call("DELETE", `/api/debug/location?${at(directory)}`);
  expect(await loaded()).not.toContain(directory);
}

async function loaded(): Promise<readonly string[]> {
  const list = await opencode.api.call("GET", "/api/debug/location");
  return Array.isArray(list) ? list.map((one) => String(Object(one).directory)) : [];
}

describe.each([
  ["the service", false],
  ["a server beside it, which nobody can ask over HTTP", true],
])("in %s", (_, beside) => {
  beforeAll(async () => {
    await world?.stop();
    const config = { permission: { bash: "ask" } };
    ({ world, opencode } = await startInstallationOn(OPENCODE_2, ["web-shop"], { beside, config }));
  }, 120_000);

  test("nothing is said; a reply is run once, in the same thread, however often that happens", async () => {
    const talk = await converse(world, opencode, "web-shop");
    await talk.say("before");
    await talk.reply(/answer to: before/);
    await talk.atRest();
    for (const round of [1, 2, 3]) {
      for (const directory of await loaded()) await unload(directory);
      await talk.say(`round ${round}`);
      await talk.reply(new RegExp(`^✅[\\s\\S]*answer to: round ${round}$`));
      await talk.atRest();
    }
    const texts = talk.calls().map(({ userText }) => userText);
    expect(texts).toEqual(["before", "round 1", "round 2", "round 3"]);
    expect(saysEnded(talk.rootId)).toBe(false);
    expect(world.roots(talk.sessionId)).toHaveLength(1);
    expect(mappingOf(opencode.home, talk.sessionId)).toMatchObject({ status: "active" });
  });

  test("typed in the terminal after that: shown in the same thread, once", async () => {
    const talk = await converse(world, opencode, "web-shop");
    await unload(talk.directory);
    const answer = await prompt(talk.client, talk.sessionId, "typed afterwards");
    await world.answered(talk.rootId, answer);
    await talk.atRest();
    expect(talk.replies()).toHaveLength(1);
  });

  test("commands in the channel go on, and a new session opens the directory again", async () => {
    const directory = await opencode.newDirectory("web-shop");
    for (const one of await loaded()) await unload(one);
    await world.sayInMain("!status");
    await world.mainReply(/opencode-mattermost \d/);
    const before = world.roots().length;
    await world.sayInMain("!new web-shop look around");
    const root = await world.mattermost.until("the new thread", () => world.roots()[before]);
    await world.answered(root.id, "Scripted answer to: look around");
    expect(await loaded()).toContain(directory);
    expect(world.roots()).toHaveLength(before + 1);
  });

  // OpenCode takes up the run again, or ends it with the call as failed: which is first is its own affair.
  test("while a permission waits: it is asked again or said to be cut off, and the command runs once at most", async () => {
    const talk = await converse(world, opencode, "web-shop");
    world.model.on("ask and go", [[bash("echo once-$((40 + 2))")], [{ text: "It is over." }]]);
    await talk.say("ask and go");
    const first = await talk.reply(/^✋ .*needs your OK/);
    await unload(talk.directory).catch(() => undefined);
    const next = await world.mattermost.until("what comes of it", () =>
      talk.replies().find(({ id, message }) => id !== first.id && /^✋ .*needs|^✅/.test(message)),
    );
    const isAskedAgain = next.message.startsWith("✋");
    if (isAskedAgain) await talk.react(next.id, "white_check_mark");
    else await talk.reply(/because the location shut down/);
    await talk.reply(/^✅[\s\S]*It is over\.$/);
    await talk.atRest();
    const results = JSON.stringify(talk.calls().at(-1)?.messages).match(/once-42/g) ?? [];
    expect(results).toHaveLength(isAskedAgain ? 1 : 0);
    expect(saysEnded(talk.rootId)).toBe(false);
  });
});
