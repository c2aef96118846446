// "I planned in the terminal, replied from the phone, and it wrote files."
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Conversation, converse } from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { startWorldOn, type World } from "../../support/world.ts";

/** Another model than the configured one, as somebody chooses it in the terminal, and one that can think harder. */
const OTHER = { providerID: "scripted", modelID: "other" };
const CONFIG = {
  agent: { build: { model: "scripted/script" } },
  provider: {
    scripted: {
      models: {
        other: {
          name: "Other",
          tool_call: true,
          reasoning: true,
          limit: { context: 128_000, output: 8_000 },
          variants: { high: { reasoningEffort: "high" } },
        },
      },
    },
  },
};
const PLANNING = { agent: "plan", model: OTHER, variant: "high" };

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
beforeAll(async () => {
  world = await startWorldOn(OPENCODE_1);
  opencode = await world.opencode({ config: CONFIG });
  world.model.on("change it", [
    [{ tool: "write", args: { filePath: "changed.txt", content: "changed" } }],
    [{ text: "That is all." }],
  ]);
});
afterAll(() => world.stop());

/** What each prompt of the session ran with, oldest first. */
async function settings(talk: Conversation): Promise<readonly unknown[]> {
  const { data = [] } = await opencode
    .sdk(talk.directory)
    .session.messages({ sessionID: talk.sessionId });
  return data.flatMap(({ info }) => {
    if (info.role !== "user") return [];
    const { variant, ...model } = info.model;
    return { agent: info.agent, model, variant };
  });
}

async function plan(talk: Conversation, text: string): Promise<void> {
  const parts = [{ type: "text" as const, text }];
  await opencode
    .sdk(talk.directory)
    .session.promptAsync({ sessionID: talk.sessionId, ...PLANNING, parts });
}

const isWritten = ({ directory }: Conversation): boolean =>
  existsSync(join(directory, "changed.txt"));

test("a reply in a session that plans writes nothing, and thinks as hard as the terminal chose", async () => {
  const talk = await converse(world, opencode, "planned");
  await plan(talk, "make a plan");
  await talk.reply(/^✅[\s\S]*make a plan$/);
  await talk.say("change it");
  await talk.reply(/That is all\.$/);
  await talk.atRest();
  expect(await settings(talk)).toEqual([PLANNING, PLANNING]);
  expect(isWritten(talk)).toBe(false);
  expect(talk.calls().map(({ model }) => model)).not.toContain("script");
});

test("nor does one that steers a plan being made", async () => {
  const talk = await converse(world, opencode, "steered");
  world.model.on("plan slowly", [
    [{ text: "I look." }, { gate: "slow plan" }, { tool: "glob", args: { pattern: "*" } }],
    [{ text: "Planned." }],
  ]);
  await plan(talk, "plan slowly");
  await talk.reply(/I look\./);
  await talk.say("change it");
  world.model.release("slow plan");
  await talk.reply(/That is all\.$/);
  await talk.atRest();
  expect(await settings(talk)).toEqual([PLANNING, PLANNING]);
  expect(isWritten(talk)).toBe(false);
});

test("what a plugin adds to the session does not end the plan", async () => {
  const talk = await converse(world, opencode, "added-to");
  await plan(talk, "make a plan");
  await talk.reply(/^✅[\s\S]*make a plan$/);
  await opencode.sdk(talk.directory).session.prompt({
    sessionID: talk.sessionId,
    noReply: true,
    parts: [{ type: "text", text: "The weather is fine." }],
  });
  await talk.say("change it");
  await talk.reply(/That is all\.$/);
  expect((await settings(talk)).at(-1)).toEqual(PLANNING);
  expect(isWritten(talk)).toBe(false);
});

test("nor does one after OpenCode was closed and the session was brought back", async () => {
  const talk = await converse(world, opencode, "restarted");
  await plan(talk, "make a plan");
  await talk.reply(/^✅[\s\S]*make a plan$/);
  await talk.atRest();
  await opencode.kill("SIGKILL");
  opencode = await world.opencode({
    home: opencode.home,
    config: CONFIG,
    directory: talk.directory,
  });
  await opencode.sdk(talk.directory).session.list();
  await talk.reply(/Session disconnected/);
  await talk.say("!resume");
  await world.becomes(talk.rootId, /^🟢/);
  await talk.say("change it");
  await talk.reply(/That is all\.$/);
  const again = { ...talk, client: opencode.client(talk.directory) };
  expect(await settings(again)).toEqual([PLANNING, PLANNING]);
  expect(isWritten(talk)).toBe(false);
});

test("the terminal goes back to building: so does the reply", async () => {
  const talk = await converse(world, opencode, "built");
  await plan(talk, "make a plan");
  await talk.reply(/^✅[\s\S]*make a plan$/);
  await talk.typeInTerminal("now build");
  await talk.reply(/^✅[\s\S]*now build$/);
  await talk.say("change it");
  await talk.reply(/That is all\.$/);
  expect(isWritten(talk)).toBe(true);
});
