// How much of the model's context window a session has filled, in its card.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { bash, converse, startInstallationOn } from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import type { World } from "../../support/world.ts";

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
beforeAll(async () => {
  const limit = { context: 200_000, output: 8_000 };
  const models = { script: { limit }, endless: { name: "Endless" } };
  const config = { provider: { scripted: { models } } };
  ({ world, opencode } = await startInstallationOn(OPENCODE_1, ["web-shop"], { config }));
}, 120_000);
afterAll(() => world.stop());

const filled = (input: number) => ({ usage: { input, output: 1_000 } });

test("the share of it is shown, while the turn goes on and in the end", async () => {
  world.model.on("look", [
    [filled(19_000), bash("echo looked")],
    [{ gate: "rest" }, filled(45_000), { text: "Done." }],
  ]);
  const talk = await converse(world, opencode, "web-shop");
  await talk.say("look");
  await world.becomes(talk.rootId, /^⏳ [\s\S]*\nscript · context 10 %$/);
  world.model.release("rest");
  await talk.atRest();
  await world.becomes(talk.rootId, /\nscript · context 23 %$/);
});

test("of a model whose limit nobody knows the tokens are shown", async () => {
  world.model.on("count", [[filled(45_000), { text: "Done." }]]);
  const talk = await converse(world, opencode, "web-shop");
  const { error } = await opencode.sdk(talk.directory).session.promptAsync({
    sessionID: talk.sessionId,
    model: { providerID: "scripted", modelID: "endless" },
    parts: [{ type: "text", text: "count" }],
  });
  expect(error).toBeUndefined();
  await talk.atRest();
  await world.becomes(talk.rootId, /\nendless · context 46k\n/);
});
