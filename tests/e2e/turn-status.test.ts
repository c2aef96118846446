// The bot's custom status beside its name: the worst state of all sessions, nothing when all are idle.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { bash, converse, startInstallation } from "../support/conversation.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import type { World } from "../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  const config = { permission: { bash: "ask" } };
  ({ world, opencode } = await startInstallation(["infra", "web-shop"], { config }));
}, 120_000);
afterAll(() => world.stop());

const statusIs = (emoji: string | undefined, text?: string) =>
  world.mattermost.until(`the status ${emoji ?? "to go"} ${text ?? ""}`, () => {
    const status = world.mattermost.customStatus(world.mattermost.bot.id);
    return status?.emoji === emoji && status?.text === text;
  });

test("⏳ while one works, ✋ while one waits for the user, cleared when all are idle", async () => {
  const { model } = world;
  model.on("work on it", [[{ text: "Working" }, { gate: "work" }, { text: " is over." }]]);
  model.on("ask me first", [[bash("echo asked")], [{ gate: "rest" }, { text: "Asked." }]]);
  await statusIs(undefined);
  const works = await converse(world, opencode, "infra");
  const asks = await converse(world, opencode, "web-shop");
  await works.say("work on it");
  await statusIs("hourglass_flowing_sand", "1 working");
  await asks.say("ask me first");
  await statusIs("raised_hand", "1 waiting for you");
  const post = await asks.reply(/^✋ .*needs your OK/);
  await asks.react(post.id, "white_check_mark");
  await statusIs("hourglass_flowing_sand", "2 working");
  model.release("work");
  await works.atRest();
  await statusIs("hourglass_flowing_sand", "1 working");
  model.release("rest");
  await asks.atRest();
  await statusIs(undefined);
  expect(world.roots().every(({ message }) => message.startsWith("🟢"))).toBe(true);
});

test("a session that is stopped or deleted leaves no status behind", async () => {
  const { model } = world;
  model.on("hang on", [[{ text: "Hanging" }, { gate: "never: hang" }]]);
  const stopped = await converse(world, opencode, "infra");
  await stopped.say("hang on");
  await statusIs("hourglass_flowing_sand", "1 working");
  await stopped.say("!stop");
  await statusIs(undefined);
  const deleted = await converse(world, opencode, "web-shop");
  await deleted.say("ask me first");
  await statusIs("raised_hand", "1 waiting for you");
  await deleted.client.remove(deleted.sessionId);
  await statusIs(undefined);
});
