// "I started opencode with --port, typed at once, and the thread stayed at ⏳: no permission, no answer."
import { afterAll, beforeAll, expect, test } from "bun:test";
import { bash } from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { typed } from "../../support/keyboard.ts";
import { startWorldOn, type World } from "../../support/world.ts";

/** At once: a busy machine is where typing comes before the plugin. */
const STARTS = Number(process.env["STARTS"] ?? 2);

/** Several terminals at once load slowly. */
const LOADED_WITHIN_MS = 60_000;

let world: World<OpenCode1Process>;
beforeAll(async () => {
  world = await startWorldOn(OPENCODE_1);
});
afterAll(() => world.stop());

/** Typed as soon as the screen is up: the thread asks for the permission, takes the answer, and shows the end. */
async function typeAtOnce(word: string, flags: readonly string[]): Promise<void> {
  const { mattermost, model } = world;
  model.on(word, [[bash("true")], [{ text: `done ${word}` }]]);
  const config = { permission: { bash: "ask" } };
  const opencode = await world.opencode({ mode: "tui", args: flags, config });
  await typed(opencode, word);
  const { rootId } = await mattermost.until(
    "the thread",
    () =>
      mattermost.posts().find((post) => post.rootId !== "" && post.message.includes(`> ${word}`)),
    LOADED_WITHIN_MS,
  );
  const asked = await world.reply(rootId, /^✋.*needs your OK/);
  await mattermost.as("alice").react(asked.id, "white_check_mark");
  await world.answered(rootId, `done ${word}`);
  await opencode.stop();
}

test.each([
  ["--port", ["--port", "0"]],
  ["--hostname", ["--hostname", "127.0.0.1"]],
  ["--mdns", ["--mdns"]],
])(
  "a terminal with %s, twice at once",
  async (name, flags) => {
    const before = world.roots().length;
    const words = Array.from({ length: STARTS }, (_, at) => `${name.replaceAll("-", "")}${at}`);
    await Promise.all(words.map((word) => typeAtOnce(word, flags)));
    expect(world.roots().length - before).toBe(STARTS);
  },
  240_000,
);
