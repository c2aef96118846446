// What waits in a thread while everything is switched off, and what becomes of it when that is over.
import { expect, test } from "bun:test";
import type { Question } from "../../../src/models/host-event.ts";
import { asRequestId } from "../../../src/models/ids.ts";
import { readPostMark } from "../../../src/models/post-mark.ts";
import { aPermission, asked, ROOT, user } from "../../support/events.ts";
import { createHouse } from "../../support/two-processes.ts";

const MINUTE_MS = 60_000;

async function createThread() {
  const house = await createHouse();
  const { chat, clock, host, lock } = house;
  const { entry } = await house.process("a");
  const byKey = (key: string) => {
    const found = chat.posts().find(({ props }) => readPostMark(props)?.key === key);
    if (!found) throw new Error(`There is no post ${key}.`);
    return found.id;
  };
  return {
    ...house,
    byKey,
    async ask() {
      host.pendingPermissions.set(asRequestId("per_1"), aPermission("per_1"));
      entry.runtime.apply(asked("per_1"));
      await clock.advance(1_000);
    },
    async askWhich(labels: readonly string[]) {
      const options = labels.map((label) => ({ label, description: "" }));
      const question: Question = {
        header: "H",
        question: "Which?",
        options,
        multiple: true,
        custom: false,
      };
      const request = { id: asRequestId("que_1"), sessionId: ROOT, questions: [question] };
      host.pendingQuestions.set(request.id, request);
      entry.runtime.apply({ type: "question-asked", request });
      await clock.advance(1_000);
    },
    async tap(key: string, emoji: string) {
      await house.react(byKey(key), emoji);
      await clock.advance(1_000);
    },
    untap: (key: string, emoji: string) => chat.as("alice").unreact(byKey(key), emoji),
    async turn(on: boolean) {
      lock.set(on, clock.now());
      await clock.advance(1_000);
    },
    given: () => host.answers.map(({ id, answer }) => [String(id), answer]),
  };
}

test("a tap from before it was off again is told once, and counts when it is given again", async () => {
  const { clock, recheck, ask, tap, untap, turn, given, answers } = await createThread();
  await ask();
  await turn(true);
  await tap("permission/per_1", "white_check_mark");
  await turn(false);
  for (let times = 0; times < 2; times++) {
    recheck();
    await clock.advance(1_000);
  }
  expect(given()).toEqual([]);
  expect(answers().filter((text) => text.includes("was not done"))).toHaveLength(1);
  await untap("permission/per_1", "white_check_mark");
  await tap("permission/per_1", "white_check_mark");
  expect(given()).toEqual([["per_1", "once"]]);
});

test("options marked before it stay marked and are not told of, those marked while it was on are not marked", async () => {
  const { clock, recheck, askWhich, tap, turn, given, answers } = await createThread();
  await askWhich(["one", "two", "three"]);
  await tap("question/que_1/0", "two");
  await turn(true);
  await tap("question/que_1/0", "three");
  await turn(false);
  recheck();
  await clock.advance(1_000);
  const told = answers().filter((text) => text.includes("was not done"));
  expect(told).toEqual([expect.stringContaining(":three:")]);
  await tap("question/que_1/0", "white_check_mark");
  expect(given()).toEqual([["que_1", [["two"]]]]);
});

test("a tap of that time that nobody heard is told when it is found, and does nothing", async () => {
  const { chat, clock, identity, byKey, recheck, ask, turn, given, answers } = await createThread();
  await ask();
  await turn(true);
  const postId = byKey("permission/per_1");
  await chat.as("alice").react(identity.owner.id, postId, "white_check_mark");
  await clock.advance(1_000);
  await turn(false);
  recheck();
  await clock.advance(1_000);
  expect(given()).toEqual([]);
  expect(answers().filter((text) => text.includes("was not done"))).toHaveLength(1);
});

test("an option may be taken back at any time", async () => {
  const { clock, askWhich, tap, untap, turn, recheck, given } = await createThread();
  await askWhich(["one", "two", "three"]);
  for (const emoji of ["one", "two"]) await tap("question/que_1/0", emoji);
  await turn(true);
  await untap("question/que_1/0", "one");
  recheck();
  await clock.advance(1_000);
  await turn(false);
  await tap("question/que_1/0", "white_check_mark");
  expect(given()).toEqual([["que_1", [["two"]]]]);
});

test("a tap that means nothing is not told of", async () => {
  const { ask, tap, turn, answers } = await createThread();
  await ask();
  await turn(true);
  for (const emoji of ["heart", "eyes", "octagonal_sign"]) await tap("permission/per_1", emoji);
  expect(answers()).toEqual([expect.stringContaining("needs your OK")]);
});

test("late replies that `!lock` stops in the middle stay offered, and run when the owner taps again", async () => {
  const { chat, clock, host, lock, offer, process, say, react, recheck, prompts } =
    await createHouse();
  (await process("before")).die();
  for (const text of ["one", "two"]) await say(text);
  await clock.advance(20 * MINUTE_MS);
  await process("a");
  const held = host.hang("prompt");
  await react(offer().id, "arrow_forward");
  await clock.advance(1_000);
  lock.set(true, clock.now());
  held.release();
  await clock.advance(MINUTE_MS);
  lock.set(false, clock.now());
  recheck();
  await clock.advance(MINUTE_MS);
  expect(prompts()).toEqual(["one"]);
  await chat.as("alice").unreact(offer().id, "arrow_forward");
  await react(offer().id, "arrow_forward");
  await clock.advance(MINUTE_MS);
  expect(prompts()).toEqual(["one", "two"]);
});

test("a prompt that OpenCode has not begun is not sent again while everything is switched off", async () => {
  const { clock, host, lock, process, say } = await createHouse();
  const a = await process("a");
  await say("one");
  await clock.advance(1_000);
  const [sent] = host.prompts;
  if (!sent) throw new Error("nothing was prompted");
  a.entry.runtime.apply(user(sent.prompt.id, 1_000));
  lock.set(true, clock.now());
  await clock.advance(MINUTE_MS);
  expect(host.times("prompt")).toBe(1);
  expect(a.entry.runtime.state().turns.at(-1)?.outcome?.kind).toBe("skipped");
});
