// What ends or allows something never waits behind what was sent before it: with the real OpenCode.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bash, converse, startInstallationOn } from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { newSession, type World } from "../../support/world.ts";

/** Far less than what a download or a prompt may take. */
const AT_ONCE_MS = 10_000;

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
beforeAll(async () => {
  ({ world, opencode } = await startInstallationOn(OPENCODE_1, ["web-shop"], {
    config: { permission: { bash: { "*": "allow", "rm *": "ask" } } },
  }));
}, 120_000);
afterAll(() => world.stop());

test("yes, while a file of mine is still being fetched: the command runs at once", async () => {
  const talk = await converse(world, opencode, "web-shop");
  world.model.on("clean up", [[{ gate: "look" }, bash("rm -rf build")], [{ text: "All clean." }]]);
  await talk.say("clean up");
  const hung = world.mattermost.faults.hang({ user: "opencode", path: /^\/files\/\w+$/ });
  await talk.say("here is the log", [{ name: "build.log", bytes: "log" }]);
  await world.mattermost.until("the download", () => hung.hits > 0);
  world.model.release("look");
  await talk.reply(/^✋ .*needs your OK/);
  const begun = performance.now();
  const yes = await talk.say("yes");
  await talk.marked(yes, ["eyes"]);
  await talk.reply(/^✅[\s\S]*All clean\./);
  expect(performance.now() - begun).toBeLessThan(AT_ONCE_MS);
  world.mattermost.faults.clear();
});

test("!stop, while a prompt is held back by another plugin: it never does its work", async () => {
  const directory = await opencode.newDirectory("held-back");
  const [go, done] = [join(directory, "go"), join(directory, "done")];
  const plugins = join(directory, ".opencode", "plugin");
  await mkdir(plugins, { recursive: true });
  const hook = `while (!(await Bun.file(${JSON.stringify(go)}).exists())) await Bun.sleep(50);`;
  await writeFile(
    join(plugins, "slow.ts"),
    `export const Slow = async () => ({ "chat.message": async () => { ${hook} } });\n`,
  );
  const sessionId = await newSession(opencode.client(directory));
  const { id: rootId } = await world.rootOf(sessionId);
  world.model.on("make it", [[bash(`touch ${done}`)], [{ text: "Made." }]]);
  await world.say(rootId, "make it");
  await world.say(rootId, "!help");
  await world.reply(rootId, /^\*\*In this thread\*\*/);
  const stop = await world.say(rootId, "!stop");
  await world.mattermost.until("the stop's mark", () =>
    world.mattermost.reactions(stop).some(({ emoji }) => emoji === "eyes"),
  );
  await writeFile(go, "");
  await world.reply(rootId, /^🛑/);
  await world.becomes(rootId, /^🟢/);
  expect(existsSync(done)).toBe(false);
  expect(
    world
      .replies(rootId)
      .map(({ message }) => message)
      .join("\n"),
  ).not.toContain("Made.");

  await world.say(rootId, "are you there?");
  await world.answered(rootId, "are you there?");
});
