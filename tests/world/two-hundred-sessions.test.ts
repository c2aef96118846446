// "Every repository of ours has an OpenCode. Which of them waits for me?"
import { expect, test } from "bun:test";
import { asInstanceId, asPostId, asSessionId } from "../../src/models/ids.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import { createStreet } from "../support/several-gateways.ts";

const COUNT = 200;

test("!sessions names all of another process's two hundred, in posts that a phone shows whole", async () => {
  const { chat, store, clock, process } = createStreet({ limits: { maxPostChars: 4_000 } });
  const one = process("one");
  process("two");
  await one.up();
  for (let at = 0; at < COUNT; at++) {
    const mark = at === 7 ? "✋" : "🟢";
    const card = await chat.createPost(
      {
        channelId: chat.dm,
        message: `${mark} **project-${at}** · Session ${at}`,
        props: {},
        pendingPostId: `card-${at}`,
      },
      "normal",
    );
    const sessionId = asSessionId(`ses_${at}`);
    await store.update(sessionId, () => ({
      sessionId,
      channelId: chat.dm,
      rootPostId: asPostId(card.id),
      directory: `/srv/project-${at}`,
      project: `project-${at}`,
      title: `Session ${at} of two hundred`,
      machineId: "machine",
      status: "active",
      owner: asInstanceId("two"),
      createdAtMs: clock.now(),
      updatedAtMs: clock.now() - at,
    }));
  }
  const post = await chat.say("!sessions");
  await clock.advance(60_000);
  const parts = chat
    .posts()
    .filter(({ props }) => readPostMark(props)?.key.includes(`/${post.id}`))
    .map(({ message }) => message);
  const text = parts.join("\n");
  expect(parts.length).toBeGreaterThan(1);
  expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(4_000);
  expect(text.split("\n")[0]).toMatch(
    /^\*\*200 sessions\*\*: ✋ 1 needs you · 🟢 29 idle · ▫️ 170 not looked at$/,
  );
  expect(text.split("\n")[1]).toContain("project-7 · ");
  for (let at = 0; at < COUNT; at++) expect(text).toContain(`[project-${at} · Session ${at} of`);
});
