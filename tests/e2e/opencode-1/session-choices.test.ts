// A model, an agent and a variant chosen in the thread: what the real OpenCode runs with from then on.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { type Conversation, converse } from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { startWorldOn, type World } from "../../support/world.ts";

const model = (name: string, about: object = {}) => ({
  name,
  tool_call: true,
  limit: { context: 128_000, output: 8_000 },
  ...about,
});
const CONFIG = {
  agent: { plan: { model: "scripted/planner" } },
  provider: {
    scripted: {
      models: {
        planner: model("Planner"),
        other: model("Other One", {
          reasoning: true,
          variants: { high: { reasoningEffort: "high" } },
        }),
        ...Object.fromEntries(
          Array.from({ length: 400 }, (_, at) => [`many-${at}`, model(`Many ${at}`)]),
        ),
      },
    },
  },
};

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
beforeAll(async () => {
  world = await startWorldOn(OPENCODE_1);
  opencode = await world.opencode({ config: CONFIG });
}, 120_000);
afterAll(() => world.stop());

/** What the last prompt of the session ran with. */
async function ran(talk: Conversation) {
  const { data = [] } = await opencode
    .sdk(talk.directory)
    .session.messages({ sessionID: talk.sessionId });
  const last = data.findLast(({ info }) => info.role === "user")?.info;
  if (last?.role !== "user") throw new Error("There is no prompt.");
  return [last.agent, last.model.modelID, last.model.variant];
}

async function prompted(talk: Conversation, text: string) {
  await talk.say(text);
  await talk.reply(new RegExp(`✅[\\s\\S]*${text}$`));
  await talk.atRest();
  return ran(talk);
}

test("by words, by a tap, by a number; across a crash", async () => {
  const talk = await converse(world, opencode, "choosing");
  expect(await prompted(talk, "first")).toEqual(["build", "script", undefined]);

  await talk.say("!model");
  await talk.reply(/403 models[\s\S]*`!model WORDS`/);
  await talk.say("!model other");
  await talk.reply(/^🧠 \*\*Other One\*\* `scripted\/other` from the next prompt on/);
  expect(await prompted(talk, "second")).toEqual(["build", "other", undefined]);

  await talk.say("!variant");
  const variants = await talk.reply(/Choose a variant of `scripted\/other`/);
  const [, high = ""] = /^\*\*(\d)\*\* · `high`/m.exec(variants.message) ?? [];
  await talk.say(high);
  await world.becomes(variants.id, /^🧠 Variant `high`/);
  expect(await prompted(talk, "third")).toEqual(["build", "other", "high"]);

  await opencode.kill("SIGKILL");
  opencode = await world.opencode({
    home: opencode.home,
    config: CONFIG,
    directory: talk.directory,
  });
  await opencode.client(talk.directory).open();
  await talk.reply(/Session disconnected/);
  await talk.say("!resume");
  await world.becomes(talk.rootId, /^🟢/);
  expect(await prompted(talk, "fourth")).toEqual(["build", "other", "high"]);
});

test("another agent brings its own model, and keeps it", async () => {
  const talk = await converse(world, opencode, "planning");
  expect(await prompted(talk, "build first")).toEqual(["build", "script", undefined]);
  await talk.say("!agent");
  const list = await talk.reply(/Choose an agent:/);
  const [, number = ""] = /^\*\*(\d)\*\* · `plan`/m.exec(list.message) ?? [];
  await talk.react(list.id, number === "1" ? "one" : "two");
  await world.becomes(list.id, /^🤖 Agent `plan`/);
  expect(await prompted(talk, "make a plan")).toEqual(["plan", "planner", undefined]);
  await talk.typeInTerminal("built in the terminal");
  await talk.reply(/✅[\s\S]*built in the terminal$/);
  expect(await prompted(talk, "go on planning")).toEqual(["plan", "planner", undefined]);
});
