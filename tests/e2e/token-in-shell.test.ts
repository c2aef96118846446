// The agent's shell is asked for the bot's token: it does not have it, and where the model has it, the thread does not show it.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { converse, startInstallation, toolResults } from "../support/conversation.ts";
import { HOST } from "../support/hosts/chosen.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import type { World } from "../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  ({ world, opencode } = await startInstallation(["vault"]));
}, 120_000);
afterAll(() => world.stop());

test("its environment and its words are without the token, in every version of every post", async () => {
  const { token, id } = world.mattermost.bot;
  const talk = await converse(world, opencode, "vault");
  const command = "env | grep MATTERMOST; echo [$MATTERMOST_TOKEN]";
  const pieces = token.match(/.{1,4}/g)?.flatMap((text) => [{ text }, { pauseMs: 200 }]) ?? [];
  world.model.on("look around", [
    [{ tool: HOST.shell, args: { command, description: "Look around" } }],
    [{ text: "It is " }, ...pieces, { text: " as far as I know." }],
  ]);
  await talk.say("look around");
  await talk.reply(/^✅ [\s\S]*It is … as far as I know\.$/);
  const told = toolResults(talk.calls()).join();
  expect(told).toContain("[]");
  expect(told).not.toContain(token);
  const posts = world.mattermost.posts({ userId: id, includeDeleted: true });
  expect(posts.filter((post) => JSON.stringify(post).includes(token.slice(0, 8)))).toEqual([]);
});
