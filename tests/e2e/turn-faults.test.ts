// Whatever happens to the last edits of a turn, its final text gets there: once the server answers again, whole and once.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { StandIn } from "../../src/playground/stand-in/stand-in.ts";
import { bash, converse, startInstallation } from "../support/conversation.ts";
import type { HostProcess } from "../support/hosts/host.ts";
import { belowFirstLine, storedAnswers, type World } from "../support/world.ts";

let world: World;
let opencode: HostProcess;
beforeAll(async () => {
  ({ world, opencode } = await startInstallation(["web-shop"]));
}, 120_000);
afterAll(() => world.stop());
afterEach(() => world.mattermost.faults.clear());

const FINAL = " and these are the last words.";
const EDITS = { user: "opencode", method: "PUT", path: /^\/posts\/\w+\/patch/ } as const;
const CREATES = { user: "opencode", method: "POST", path: /^\/posts$/ } as const;

type Strike = (faults: StandIn["faults"], scope: typeof EDITS | typeof CREATES) => { hits: number };

const STRIKES: readonly (readonly [what: string, strike: Strike])[] = [
  ["answered 500", (faults, scope) => faults.fail(scope)],
  ["answered 503", (faults, scope) => faults.fail(scope, 503)],
  ["never answered", (faults, scope) => faults.hang(scope)],
  ["cut off", (faults, scope) => faults.reset(scope)],
  ["done, but the answer is lost", (faults, scope) => faults.loseAnswer(scope)],
];

/** A turn that has written its first words and waits before its last ones. */
async function begun(tools = false) {
  const { model } = world;
  const talk = await converse(world, opencode, "web-shop");
  const prompt = `speak in ${talk.sessionId}`;
  const speech = [{ text: "The first words" }, { gate: talk.sessionId }, { text: FINAL }];
  model.on(prompt, tools ? [[bash("echo on")], speech] : [speech]);
  await talk.say(prompt);
  const post = await talk.reply(/The first words/);
  const finish = async (): Promise<void> => {
    model.release(talk.sessionId);
    await model.until("OpenCode to be done", () => talk.calls().length > 0);
  };
  return { talk, post, finish };
}

type Begun = Awaited<ReturnType<typeof begun>>;

async function finished({ talk }: Begun, postCount: number): Promise<void> {
  const answer = await talk.reply(/^✅[\s\S]*these are the last words\.$/);
  await talk.atRest();
  const [stored] = (await storedAnswers(talk.client, talk.sessionId)).slice(-1);
  expect(belowFirstLine(answer)).toBe(stored ?? "");
  await world.mattermost.until("the text to be in one place", () => {
    const all = talk
      .replies()
      .map(({ message }) => message)
      .join("\n");
    return all.match(/The first words/g)?.length === 1;
  });
  expect(talk.replies()).toHaveLength(postCount);
}

describe("the last edits of a text are", () => {
  test.each(STRIKES)(
    "%s: the final text is there once the server answers again",
    async (_, strike) => {
      const turn = await begun();
      const fault = strike(world.mattermost.faults, EDITS);
      await turn.finish();
      await world.mattermost.until("the edit to fail", () => fault.hits > 0);
      world.mattermost.faults.clear();
      await finished(turn, 1);
    },
  );
});

describe("the new post with the answer is", () => {
  test.each(STRIKES)("%s: there is one answer in the end", async (_, strike) => {
    const turn = await begun(true);
    const fault = strike(world.mattermost.faults, CREATES);
    await turn.finish();
    await world.mattermost.until("the create to fail", () => fault.hits > 0);
    world.mattermost.faults.clear();
    await finished(turn, 2);
  });
});

test("an edit that lay on the way arrives after the last one: the final text is put back", async () => {
  const { model, mattermost } = world;
  const talk = await converse(world, opencode, "web-shop");
  model.on("speak in three parts", [
    [
      { text: "One" },
      { gate: "part two" },
      { text: ", two" },
      { gate: "part three" },
      { text: ", three." },
    ],
  ]);
  await talk.say("speak in three parts");
  const post = await talk.reply(/One/);
  const held = mattermost.faults.hold({ ...EDITS, times: 1, path: new RegExp(post.id) });
  model.release("part two");
  await mattermost.until("the edit to lie on the way", () => held.hits > 0);
  model.release("part three");
  const last = await talk.reply(/^✅[\s\S]*One, two, three\.$/);
  held.clear();
  // A version that was replaced: the late text stood in the thread after the final one, for a moment.
  await mattermost.until("the late edit to be replaced", () =>
    mattermost
      .posts({ rootId: talk.rootId, includeDeleted: true })
      .some(
        ({ originalId, message, editAt }) =>
          originalId === post.id && editAt > last.editAt && message.startsWith("⏳"),
      ),
  );
  await world.becomes(post.id, /^✅[\s\S]*One, two, three\.$/);
  expect(talk.replies()).toHaveLength(1);
}, 60_000);

test("every connection is killed while the final edit is on its way", async () => {
  const { faults } = world.mattermost;
  const turn = await begun();
  const fault = faults.hang(EDITS);
  await turn.finish();
  await world.mattermost.until("the edit to be on its way", () => fault.hits > 0);
  faults.restart();
  faults.clear();
  await finished(turn, 1);
});

test("the server goes away before the end and comes back: the final text, and the thread works", async () => {
  const { faults } = world.mattermost;
  const turn = await begun(true);
  faults.leave();
  await turn.finish();
  await world.model.until("the answer to be complete", () => turn.talk.calls().length === 2);
  faults.comeBack();
  await finished(turn, 2);
  await world.mattermost.until("the bot's socket", () =>
    world.mattermost.sockets().includes(world.mattermost.bot.username),
  );
  await turn.talk.say("still there?");
  await turn.talk.reply(/Scripted answer to: still there\?/);
});
