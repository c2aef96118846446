// "Scripts of mine run OpenCode all day: I want threads only for what I begin here."
import { expect, test } from "bun:test";
import { readPostMark } from "../../src/models/post-mark.ts";
import { createStreet } from "../support/several-gateways.ts";

async function createQuietStreet() {
  const street = createStreet();
  const one = street.process("one", { sessions: "none" });
  await one.up();
  const { chat, clock } = street;
  return {
    ...street,
    one,
    roots: () => chat.posts().filter(({ props }) => readPostMark(props)?.key === "root"),
    async says(text: string) {
      const post = await chat.say(text);
      await clock.advance(5_000);
      return post;
    },
  };
}

test("a session that begins elsewhere gets no thread, by an event or by being found", async () => {
  const { one, clock, roots } = await createQuietStreet();
  one.host.open();
  await clock.advance(60_000);
  expect(roots()).toEqual([]);
});

test.each(["", "Go"])("what I begin here has one, with the prompt %j", async (prompt) => {
  const { says, roots, chat, clock, one } = await createQuietStreet();
  await says(`!new project ${prompt}`);
  const [root, ...others] = roots();
  expect(others).toEqual([]);
  const reply = await chat.say("And now?", root?.id);
  await clock.advance(5_000);
  expect(one.host.prompted.has(reply.id)).toBe(true);
  await clock.advance(60_000);
  expect(roots()).toHaveLength(1);
});

test("what I bring back here has one", async () => {
  const street = createStreet();
  const before = street.process("before");
  await before.up();
  const { session, rootId } = await before.open();
  before.kill();
  const one = street.process("one", { sessions: "none", host: before.host });
  await one.up();
  await street.clock.advance(60_000);
  await street.chat.say("!resume", rootId);
  await street.clock.advance(5_000);
  const reply = await street.chat.say("Go on.", rootId);
  await street.clock.advance(5_000);
  expect(before.host.prompted.has(reply.id)).toBe(true);
  expect(street.rootOf(session.id).id).toBe(rootId);
});
