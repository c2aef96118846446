// Sub-agents of any depth: no thread of their own, one line in the work, and their permissions in the root's thread.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  bash,
  type Conversation,
  converse,
  named,
  startInstallation,
} from "../support/conversation.ts";
import { HOST } from "../support/hosts/chosen.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import type { World } from "../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  const config = { permission: { bash: "ask" }, ...HOST.nesting };
  ({ world, opencode } = await startInstallation(["labyrinth"], { config }));
}, 120_000);
afterAll(() => world.stop());

const task = HOST.subAgent;

/** Every session of OpenCode that came from the prompts of this test. */
const sessionsWith = (word: string): readonly string[] => [
  ...new Set(
    world.model
      .calls()
      .flatMap(({ userText, session }) => (userText.includes(word) ? [session ?? ""] : [])),
  ),
];

async function settled(talk: Conversation): Promise<string> {
  await talk.atRest();
  return talk
    .replies()
    .map(({ message }) => message)
    .join("\n---\n");
}

test("a sub-agent's sub-agent asks in the root's thread, and the answer lets the run end", async () => {
  const { model } = world;
  model.on("map the maze", [[task("search the maze", "maze: search")], [{ text: "Mapped." }]]);
  model.on("maze: search", [[task("list the rooms", "maze: list")], [{ text: "Searched." }]]);
  model.on("maze: list", [[bash("echo deep-$((40 + 2))")], [{ text: "Listed." }]]);
  const talk = await converse(world, opencode, "labyrinth");
  const roots = world.roots().length;
  await talk.say("map the maze");
  const post = await talk.reply(/^✋ .*needs your OK/);
  expect(post.message).toStartWith(
    `✋ **labyrinth** needs your OK: **${HOST.shell}** · 🤖 list the rooms\n`,
  );
  expect(post.message).toContain("echo deep-$((40 + 2))");
  await talk.card("✋");
  await talk.reply(/⏳ 🤖 search the maze/);
  await talk.marked(post.id, ["white_check_mark", "unlock", "x"]);
  await talk.react(post.id, "white_check_mark");
  await talk.reply(/^✅ \*\*labyrinth\*\* · [\s\S]*Mapped\.$/);
  await world.becomes(post.id, /^✅ \*\*Allowed once\*\* by @alice/);
  await talk.marked(post.id, []);

  const all = await settled(talk);
  expect(all.match(/🤖 search the maze/g)).toHaveLength(1);
  expect(all).toMatch(/^✓ 🤖 search the maze( · [\d.]+ s)?$/m);
  expect(all).not.toMatch(/Searched\.|Listed\./);
  expect(talk.replies()).toHaveLength(3);
  expect(sessionsWith("maze")).toHaveLength(3);
  expect(world.roots()).toHaveLength(roots);
});

describe("two sub-agents at once", () => {
  test("each asks; each answer goes to its own", async () => {
    const { model } = world;
    model.on("split the work", [
      [task("the east wing", "wing: east"), task("the west wing", "wing: west")],
      [{ text: "Both wings." }],
    ]);
    for (const side of ["east", "west"]) {
      model.on(`wing: ${side}`, [[bash(`echo ran-${side}`)], [{ text: `The ${side} is done.` }]]);
    }
    const talk = await converse(world, opencode, "labyrinth");
    await talk.say("split the work");
    const east = await talk.reply(named(/needs your OK: \*\*bash\*\* · 🤖 the east wing\n/));
    const west = await talk.reply(named(/needs your OK: \*\*bash\*\* · 🤖 the west wing\n/));
    expect(east.message).toContain("echo ran-east");
    const typed = await talk.say("yes");
    await talk.reply(/^2 requests wait: answer each by a reaction on its post\.$/);
    expect(world.mattermost.reactions(typed)).toEqual([]);
    await talk.react(west.id, "x");
    await world.becomes(west.id, /^❌ \*\*Denied\*\*/);
    expect(world.mattermost.post(east.id)?.message).toStartWith("✋");
    await talk.react(east.id, "white_check_mark");
    await world.becomes(east.id, /^✅ \*\*Allowed once\*\*/);
    await settled(talk);
    const told = world.model
      .calls()
      .filter(({ userText }) => userText.startsWith("wing: "))
      .flatMap(({ messages }) =>
        messages.filter(({ role }) => role === "tool").map(({ text }) => text),
      );
    expect(told.join("\n")).toContain("ran-east");
    expect(told.join("\n")).not.toContain("ran-west");
  });
});

test("stopped while a sub-agent's sub-agent asks: nothing waits any more, the next prompt works", async () => {
  const { model } = world;
  // Now and then OpenCode stops the sub-agents alone, and the session goes on with their failure.
  const goesOn = [{ text: "I dig on" }, { gate: "never" }, { text: " for ever." }];
  model.on("dig a well", [[task("dig deep", "well: dig")], goesOn]);
  model.on("well: dig", [[task("look for water", "well: look")], [{ text: "Found." }]]);
  model.on("well: look", [[bash("echo water")], [{ text: "Looked." }]]);
  const talk = await converse(world, opencode, "labyrinth");
  await talk.say("dig a well");
  const post = await talk.reply(named(/needs your OK: \*\*bash\*\* · 🤖 look for water\n/));
  await talk.marked(post.id, ["white_check_mark", "unlock", "x"]);
  await talk.say("!stop");
  await world.becomes(
    post.id,
    named(/^⚫ \*\*No longer asked\*\* · \*\*bash\*\* · 🤖 look for water/),
  );
  await talk.marked(post.id, []);
  await talk.reply(/^🛑 \*\*labyrinth\*\* · /);
  expect(await settled(talk)).toMatch(/^✗ 🤖 dig deep/m);
  await talk.say("fill it up");
  await talk.reply(/Scripted answer to: fill it up/);
});
