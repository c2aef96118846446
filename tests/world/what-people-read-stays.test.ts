// "It had written two screens when OpenCode was killed. After !resume one line was left: stopped after 0 s."
import { expect, test } from "bun:test";
import type { HostEvent } from "../../src/models/host-event.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import {
  delta,
  NOW,
  promptText,
  ROOT,
  reply,
  status,
  storedOf,
  text,
  tool,
  user,
} from "../support/events.ts";
import { createHouse } from "../support/two-processes.ts";

const PARAGRAPHS = Array.from({ length: 40 }, (_, n) => `Paragraph ${n} of the answer.\n\n`);

/** Process `a` has streamed a long answer for a minute when it is killed; OpenCode had stored its beginning only. */
async function createCutOff(before: readonly HostEvent[] = []) {
  const house = await createHouse();
  const { clock, chat, host } = house;
  const a = await house.process("a");
  const begun = [
    user("msg_1", 1),
    promptText("msg_1", "write a lot"),
    status("busy"),
    reply("msg_1-a", "msg_1", { createdMs: NOW + 1_000 }),
    ...before,
    text("msg_1-a", "x", "", false),
  ];
  for (const event of begun) a.entry.runtime.apply(event);
  for (const paragraph of PARAGRAPHS) {
    a.entry.runtime.apply(delta("msg_1-a", "x", paragraph));
    await clock.advance(1_500);
  }
  await clock.advance(5_000);
  host.stored.set(ROOT, storedOf(begun));
  host.statuses.clear();
  a.die();
  const shown = () =>
    chat.posts().filter(({ props }) => readPostMark(props)?.key.startsWith("msg_1/"));
  return { ...house, shown, read: shown().map(({ message }) => message) };
}

const withoutHead = (message = ""): string => message.slice(message.indexOf("\n"));

test("all of it stays, marked as cut off, with the time of the run", async () => {
  const { clock, process, shown, read } = await createCutOff();
  await clock.advance(3_600_000);
  await process("b");
  await clock.advance(60_000);
  expect(read).toHaveLength(1);
  expect(shown().map(({ message }) => withoutHead(message))).toEqual(read.map(withoutHead));
  expect(shown()[0]?.message).toContain("Paragraph 39");
  expect(shown()[0]?.message).toMatch(
    /^🛑 \*\*project\*\* · stopped after 1 min(?: \d+ s)? · cut off\n/,
  );
});

test("tools came before: their lines stay too, and no second post is made", async () => {
  const { clock, process, shown } = await createCutOff([
    tool("msg_1-a", "t1", { startMs: NOW, endMs: NOW + 500 }),
  ]);
  await process("b");
  await clock.advance(60_000);
  expect(shown()).toHaveLength(1);
  expect(shown()[0]?.message).toMatch(/✓ bash[\s\S]*Paragraph 0[\s\S]*Paragraph 39/);
});

test("it stays however often the thread changes hands", async () => {
  const { clock, process, shown } = await createCutOff();
  const b = await process("b");
  await clock.advance(60_000);
  const [after] = shown();
  b.die();
  await clock.advance(3_600_000);
  const c = await process("c");
  await clock.advance(60_000);
  expect(shown().map(({ message }) => message)).toEqual([after?.message ?? ""]);
  c.die();
});

test("what OpenCode has stored whole is shown as it is stored", async () => {
  const { clock, host, process, shown } = await createCutOff();
  const stored = [
    user("msg_1", 1),
    promptText("msg_1", "write a lot"),
    reply("msg_1-a", "msg_1", { createdMs: NOW + 1_000 }),
    text("msg_1-a", "x", `${PARAGRAPHS.join("")}And the end.`),
  ];
  host.stored.set(ROOT, storedOf(stored));
  await process("b");
  await clock.advance(60_000);
  expect(shown()[0]?.message).toMatch(/^🛑 \*\*project\*\* · stopped after 1 min/);
  expect(shown()[0]?.message).toEndWith("And the end.");
});
