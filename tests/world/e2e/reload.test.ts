// "I connected a provider, and every thread said that its session had ended."
import { afterAll, beforeAll, expect, test } from "bun:test";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { typed } from "../../support/keyboard.ts";
import { mappingOf, newSession, startWorldOn, type World } from "../../support/world.ts";

let world: World<OpenCode1Process>;
beforeAll(async () => {
  world = await startWorldOn(OPENCODE_1);
});
afterAll(() => world.stop());

/** A session of a terminal whose first prompt is answered. */
async function terminal(word: string, args: readonly string[] = []) {
  const { mattermost } = world;
  const opencode = await world.opencode({ mode: "tui", args });
  await typed(opencode, word);
  const { rootId } = await mattermost.until("the thread", () =>
    mattermost.posts().find((post) => post.rootId !== "" && post.message.includes(`> ${word}`)),
  );
  await world.answered(rootId, `answer to: ${word}`);
  const { session_id: sessionId } = Object(mattermost.post(rootId)?.props["opencode_mattermost"]);
  return { opencode, rootId, sessionId: String(sessionId) };
}

const loads = (opencode: OpenCode1Process): number => opencode.log().split("has loaded").length - 1;

const saysEnded = (rootId: string): boolean =>
  world.replies(rootId).some(({ message }) => /ended/i.test(message));

test.each([
  ["without a flag, twice", "reloadplain", [1, 2], []],
  ["with --port", "reloadport", [1], ["--port", "0"]],
])(
  "SIGUSR2 in the terminal %s: nothing is said, the thread goes on, then ctrl+c ends it",
  async (_, word, rounds, args) => {
    const { opencode, rootId, sessionId } = await terminal(word, args);
    for (const round of rounds) {
      process.kill(opencode.pid, "SIGUSR2");
      await world.say(rootId, `while it reloads ${word} ${round}`);
      await world.answered(rootId, `answer to: while it reloads ${word} ${round}`);
      await world.mattermost.until("the reload", () => loads(opencode) >= round);
      await world.say(rootId, `after it ${word} ${round}`);
      await world.answered(rootId, `answer to: after it ${word} ${round}`);
      await typed(opencode, `typed after it ${word} ${round}`);
      await world.answered(rootId, `answer to: typed after it ${word} ${round}`);
      await world.becomes(rootId, /^🟢/);
    }
    expect(saysEnded(rootId)).toBe(false);
    expect(mappingOf(opencode.home, sessionId)).toMatchObject({ status: "active" });
    expect(world.roots(sessionId)).toHaveLength(1);
    opencode.type("\x03");
    await world.reply(rootId, /Session ended/);
    await world.becomes(rootId, /^⚫/);
    expect(await opencode.exited).toBe(0);
    expect(mappingOf(opencode.home, sessionId)).toMatchObject({ status: "ended" });
  },
  240_000,
);

test("the configuration is changed in the middle of a turn: it is shown as stopped, and the thread goes on", async () => {
  const { model } = world;
  model.on("takes long", [[{ text: "Half of it." }, { gate: "never" }]]);
  const opencode = await world.opencode();
  const client = opencode.client();
  const sessionId = await newSession(client);
  const { id: rootId } = await world.rootOf(sessionId);
  await world.say(rootId, "takes long");
  const half = await world.reply(rootId, /Half of it/);
  await opencode.sdk().config.update({ config: { username: "somebody" } });
  await world.say(rootId, "and now");
  await world.answered(rootId, "answer to: and now");
  await world.becomes(half.id, /^🛑[\s\S]*Half of it\./);
  await world.becomes(rootId, /^🟢/);
  expect(saysEnded(rootId)).toBe(false);
  expect(world.callsOf(sessionId).filter(({ userText }) => userText === "and now")).toHaveLength(1);
  await opencode.stop();
}, 120_000);
