// OpenCode in a terminal: what is typed there shows in the thread, what is written in the thread shows there.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { HostProcess } from "../../support/hosts/host.ts";
import { OPENCODE_1 } from "../../support/hosts/opencode-1.ts";
import {
  belowFirstLine,
  logged,
  mappingOf,
  startWorldOn,
  type World,
} from "../../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await startWorldOn(OPENCODE_1);
});
afterAll(() => world.stop());

const markOf = (props: Readonly<Record<string, unknown>>): { session_id: string } =>
  Object(props["opencode_mattermost"]);

async function typed(opencode: HostProcess, text: string): Promise<void> {
  opencode.type(text);
  await world.model.until("the typed text", () => opencode.screen().includes(text));
  opencode.type("\r");
}

test("typed, answered, replied to from the thread, closed with ctrl+c", async () => {
  const { model } = world;
  const opencode = await world.opencode({ mode: "tui" });
  expect(world.mattermost.posts()).toEqual([]);

  model.on("typed by hand", [[{ text: "Read **from** the screen." }]]);
  await typed(opencode, "typed by hand");
  const root = await world.mattermost.until("the thread", () => world.roots()[0]);
  const { session_id: sessionId } = markOf(root.props);
  const first = await world.answered(root.id, "Read **from** the screen.");
  expect(belowFirstLine(first)).toBe(
    "⌨️ from the terminal\n> typed by hand\n\nRead **from** the screen.",
  );

  model.on("sent by phone", [[{ text: "Heard in both places." }]]);
  await world.say(root.id, "sent by phone");
  const second = await world.answered(root.id, "Heard in both places.");
  expect(belowFirstLine(second)).toBe("Heard in both places.");
  await model.until("the phone's prompt and its answer on the screen", () =>
    ["sent by phone", "Heard in both places."].every((text) => opencode.screen().includes(text)),
  );
  await typed(opencode, "typed again");
  await world.answered(root.id, "Scripted answer to: typed again");
  expect(world.callsOf(sessionId).map(({ userText }) => userText)).toEqual([
    "typed by hand",
    "sent by phone",
    "typed again",
  ]);
  expect(world.roots()).toHaveLength(1);
  expect(world.replies(root.id)).toHaveLength(3);

  const closedAt = Date.now();
  opencode.type("\x03");
  await world.becomes(root.id, /^⚫/);
  const last = await world.reply(root.id, /Session ended/);
  expect(await opencode.exited).toBe(0);
  expect(Date.now() - closedAt).toBeLessThan(8_000);
  expect(last.message).toContain(`opencode -s ${sessionId}`);
  expect(world.mattermost.post(root.id)?.message).toContain(`opencode -s ${sessionId}`);
  expect(mappingOf(opencode.home, sessionId)).toMatchObject({ status: "ended" });
  expect(world.replies(root.id)).toHaveLength(4);

  const again = { mode: "tui", home: opencode.home, directory: opencode.directory } as const;
  const resumed = await world.opencode({ ...again, args: ["--session", sessionId] });
  await typed(resumed, "back at work");
  await world.answered(root.id, "Scripted answer to: back at work");
  await world.becomes(root.id, /^🟢/);
  expect(world.roots()).toHaveLength(1);
  resumed.type("\x03");
  await resumed.exited;
  expect(mappingOf(opencode.home, sessionId)).toMatchObject({ status: "ended" });
});

/** Without what a narrow box makes of it. */
const screenOf = (opencode: HostProcess): string => opencode.screen().replace(/[\s│┃]+/g, " ");

test("a toast says that it is connected, and /mattermost how, without asking the model", async () => {
  const { mattermost, model } = world;
  const opencode = await world.opencode({ mode: "tui" });
  const connected = /Connected to \S+ as @opencode for @alice\./;
  const shown = (what: string, pattern: RegExp) =>
    model.until(what, () => pattern.test(screenOf(opencode)));
  await shown("the toast", connected);
  expect(logged(opencode, "INFO").filter((line) => connected.test(line))).toHaveLength(1);
  const before = model.calls().length;
  opencode.type("/mattermost");
  await shown("the command among the terminal's", /How this session is/);
  opencode.type("\r\r");
  await shown("the answer", /@alice\. This session/);
  expect(model.calls()).toHaveLength(before);
  opencode.type("\x03");
  expect(await opencode.exited).toBe(0);
  expect(mattermost.posts().filter(({ message }) => message.includes("/mattermost"))).toEqual([]);
});

test("closed in the middle of a turn: the thread says so, nothing looks at work", async () => {
  const { model } = world;
  const opencode = await world.opencode({ mode: "tui" });
  const before = world.roots().length;
  model.on("takes for ever", [[{ text: "Half of it" }, { gate: "never" }]]);
  await typed(opencode, "takes for ever");
  const root = await world.mattermost.until("the thread", () => world.roots()[before]);
  const half = await world.reply(root.id, /Half of it/);
  opencode.type("\x03");
  expect(await opencode.exited).toBe(0);
  expect(world.mattermost.post(root.id)?.message).toStartWith("⚫");
  expect(world.mattermost.post(half.id)?.message).not.toStartWith("⏳");
  expect(world.mattermost.post(half.id)?.message).toContain("Half of it");
  expect(
    world.replies(root.id).filter(({ message }) => /Session ended/.test(message)),
  ).toHaveLength(1);
});
