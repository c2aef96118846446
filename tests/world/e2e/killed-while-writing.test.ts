// "It had written two screens when OpenCode was killed. After !resume one line was left: stopped after 0 s."
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { belowFirstLine, startWorldOn, type World } from "../../support/world.ts";

const PARAGRAPHS = Array.from({ length: 40 }, (_, n) => `Paragraph ${n} of a long answer.\n\n`);

let world: World<OpenCode1Process>;
beforeAll(async () => {
  world = await startWorldOn(OPENCODE_1);
});
afterAll(() => world.stop());

test("killed while it writes, and brought back: every paragraph is still there, and the time is the run's", async () => {
  const { model } = world;
  model.on("write a lot", [
    [
      { text: "Paragraph first.\n\n" },
      { gate: "begun" },
      { text: PARAGRAPHS.join("") },
      { gate: "never" },
    ],
  ]);
  const first = await world.opencode();
  const { home, directory } = first;
  const sessionId = await first.client().newSession();
  const root = await world.rootOf(sessionId);
  await world.say(root.id, "write a lot");
  const post = await world.reply(root.id, /Paragraph first\./);
  await world.becomes(post.id, /^⏳ (?:[3-9]|\d\d) s/);
  model.release("begun");
  const read = belowFirstLine(await world.becomes(post.id, /Paragraph 39/));
  await first.kill("SIGKILL");

  const second = await world.opencode({ home, directory });
  await second.client().open();
  await world.reply(root.id, /Session disconnected/);
  await world.say(root.id, "!resume");
  const after = await world.becomes(
    post.id,
    /^🛑 \*\*project\*\* · stopped after [1-9].* · cut off/,
  );
  expect(belowFirstLine(after)).toBe(read);
  await world.say(root.id, "go on");
  await world.answered(root.id, "answer to: go on");
  expect(belowFirstLine(await world.becomes(post.id, /^🛑/))).toBe(read);
});
