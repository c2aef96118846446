// "Does it still work at home?"
import { expect, test } from "bun:test";
import { asPostId } from "../../src/models/ids.ts";
import { noAnswer } from "../support/fake-chat.ts";
import { createStreet } from "../support/several-gateways.ts";

async function createHome() {
  const street = createStreet();
  const { chat, clock, answersTo } = street;
  const one = street.process("one");
  await one.up();
  return {
    ...street,
    one,
    async status() {
      const post = await chat.say("!status");
      await clock.advance(1_000);
      return answersTo(post.id).join("\n");
    },
  };
}

test("!status says what stands, since when, what waits and where the log is", async () => {
  const { one, store, clock, status, problem } = await createHome();
  const { session } = await one.open();
  await clock.advance(3_600_000);
  await store.update(session.id, (stored) =>
    stored ? { ...stored, queue: [{ post: asPostId("p"), atMs: 0 }] } : stored,
  );
  problem.last = { text: "a post could not be made: **no**", atMs: clock.now() - 90_000 };
  const lines = (await status()).split("\n");
  expect(lines[0]).toMatch(
    /^\*\*opencode-mattermost 0\*\* · connected for 1 h.* · answers in 0 ms$/,
  );
  expect(lines[1]).toMatch(/^bot @opencode · owner @alice · Mattermost \S+ at `https?:\/\/\S+`$/);
  expect(lines[2]).toBe("1 session: 🟢 1 idle · 📥 1 prompt in queues");
  expect(lines[3]).toBe("`/home/alice/project`");
  expect(lines[4]).toMatch(/^last logged problem, 1 min 30 s ago: a post could not be made: /);
  expect(lines[4]).not.toContain("**");
  expect(lines[5]).toMatch(/^log `~\/\S+` on this machine$/);
});

test("where nothing went wrong it says so, and a server that is slow to answer is no secret", async () => {
  const { chat, status } = await createHome();
  expect(await status()).toContain("nothing went wrong");
  chat.faults.fail("me", noAnswer());
  expect(await status()).toContain("the server does not answer");
});

test("since when the connection stands is known anew after an outage", async () => {
  const { one, clock, status } = await createHome();
  await clock.advance(3_600_000);
  one.socket.drop();
  await clock.advance(1_000);
  one.socket.live();
  await clock.advance(60_000);
  expect(await status()).toMatch(/connected for 1 min/);
});
