// The marks under prompts that wait: with the real OpenCode.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { bash, converse, startInstallation } from "../../support/conversation.ts";
import type { HostProcess } from "../../support/hosts/host.ts";
import type { World } from "../../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  ({ world, opencode } = await startInstallation(["web-shop"]));
}, 120_000);
afterAll(() => world.stop());

test("two prompts that are answered in one message: 📥, then 👀 under both", async () => {
  const talk = await converse(world, opencode, "web-shop");
  world.model.on("take a look", [
    [{ text: "I look." }, { gate: "the look" }, bash("echo looked")],
    [{ text: "Looked." }],
  ]);
  await talk.say("take a look");
  await talk.reply(/I look/);
  const waiting = [await talk.say("and at this"), await talk.say("and at that")];
  for (const id of waiting) await talk.marked(id, ["inbox_tray"]);
  world.model.release("the look");
  for (const id of waiting) await talk.marked(id, ["eyes"]);
  await talk.atRest();
});

test("one that is dropped by a stop", async () => {
  const talk = await converse(world, opencode, "web-shop");
  world.model.on("never ending", [[{ text: "On and on" }, { gate: "never: ending" }]]);
  await talk.say("never ending");
  await talk.reply(/On and on/);
  const waits = await talk.say("I wait my turn");
  await talk.marked(waits, ["inbox_tray"]);
  const stop = await talk.say("!stop");
  await talk.marked(stop, ["eyes"]);
  await talk.marked(waits, ["eyes"]);
  await talk.atRest();
  expect(talk.calls()).toHaveLength(1);
});
