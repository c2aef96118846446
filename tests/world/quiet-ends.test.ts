// "My cron job runs opencode at night, and my phone buzzes twice: for its answer, and because OpenCode was closed."
import { describe, expect, test } from "bun:test";
import { readPostMark } from "../../src/models/post-mark.ts";
import { createAskingThread } from "../support/asking-thread.ts";
import { reply, status, user, wholeTurn } from "../support/events.ts";

async function createThread() {
  const thread = await createAskingThread();
  const { chat, clock, entry } = thread;
  const endings = () =>
    chat.posts().filter(({ props }) => readPostMark(props)?.key.startsWith("ended/")).length;
  const card = () => chat.posts().find(({ props }) => readPostMark(props)?.key === "root")?.message;
  return {
    ...thread,
    endings,
    card,
    async runs() {
      for (const event of wholeTurn("msg_1", 1)) entry.runtime.apply(event);
      await clock.advance(5_000);
    },
    async ends() {
      void entry.end("exited");
      await clock.advance(10_000);
    },
  };
}

test("nobody took part and nothing is left: the card alone says that it is over", async () => {
  const { runs, ends, endings, card } = await createThread();
  await runs();
  await ends();
  expect(card()).toStartWith("⚫");
  expect(endings()).toBe(0);
});

describe("it is told", () => {
  test("where the owner wrote there", async () => {
    const { runs, ends, endings, say } = await createThread();
    await runs();
    await say("!help");
    await ends();
    expect(endings()).toBe(1);
  });

  test("where the owner answered there", async () => {
    const { runs, ends, endings, ask, tap, clock } = await createThread();
    await runs();
    await ask("per_1", "ls");
    await tap("permission/per_1", "white_check_mark");
    await clock.advance(1_000);
    await ends();
    expect(endings()).toBe(1);
  });

  test("where something still ran", async () => {
    const { ends, endings, entry } = await createThread();
    entry.runtime.apply(status("busy"));
    await ends();
    expect(endings()).toBe(1);
  });

  test("where its closing stopped what ran", async () => {
    const { clock, ends, endings, entry } = await createThread();
    const cutOff = [
      status("busy"),
      user("msg_1", 1),
      reply("msg_2", "msg_1", { error: { kind: "aborted", message: "Aborted" } }),
      status("idle"),
    ];
    for (const event of cutOff) entry.runtime.apply(event);
    await clock.advance(1_000);
    await ends();
    expect(endings()).toBe(1);
  });

  test("where something waited for the owner", async () => {
    const { ends, endings, ask } = await createThread();
    await ask("per_1", "ls");
    await ends();
    expect(endings()).toBe(1);
  });
});
