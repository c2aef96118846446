// "I had the session open in two terminals, and one of them spoke for the other."
import { expect, test } from "bun:test";
import type { HostEvent } from "../../src/models/host-event.ts";
import { asMessageId, asRequestId, asSessionId } from "../../src/models/ids.ts";
import { readPostMark } from "../../src/models/post-mark.ts";
import { aPermission, storedOf } from "../support/events.ts";
import { createFakeHost } from "../support/fake-host.ts";
import { createStreet } from "../support/several-gateways.ts";

const SESSION = asSessionId("ses_shared");
const PERMISSION = asRequestId("per_1");

const answerTo = (id: string, createdMs: number) => ({
  id: asMessageId(`${id}_a`),
  parentId: asMessageId(id),
  createdMs,
  continues: false,
  finished: false,
  isSummary: false,
  model: "m",
  costUsd: 0,
  contextTokens: 0,
});

/** Two OpenCodes with one database: what one of them runs and asks, the other one does not know. */
async function createTerminals() {
  const street = createStreet();
  const { clock, chat, process, rootOf } = street;
  const stored: HostEvent[] = [];
  const open = (name: string) => {
    const host = createFakeHost(clock.now);
    return { ...process(name, { host }), own: host };
  };
  const a = open("a");
  const b = open("b");
  const c = open("c");
  for (const one of [a, b, c]) await one.up();
  const session = { id: SESSION, createdMs: clock.now(), updatedMs: clock.now() };
  const info = a.own.add(session);
  for (const { own } of [b, c]) own.add(session);
  type Terminal = typeof a;

  function told({ bridge }: Terminal, event: HostEvent): void {
    stored.push(event);
    for (const { own } of [a, b, c]) own.stored.set(SESSION, storedOf(stored));
    bridge.event(event);
  }
  const post = (key: string) =>
    chat.posts().findLast(({ props }) => readPostMark(props)?.key.startsWith(key));

  async function works(terminal: Terminal, id: string): Promise<void> {
    const about = { sessionId: SESSION };
    terminal.own.statuses.set(SESSION, { kind: "busy" });
    terminal.bridge.event({ type: "status", status: { kind: "busy" }, ...about });
    const message = { id: asMessageId(id), createdMs: clock.now() };
    told(terminal, { type: "user-message", message, ...about });
    const words = {
      kind: "text",
      key: `${id}_t`,
      messageId: message.id,
      text: `prompt ${id}`,
    } as const;
    told(terminal, { type: "part", part: { ...words, done: true, synthetic: false }, ...about });
    told(terminal, { type: "assistant-message", message: answerTo(id, clock.now()), ...about });
    await clock.advance(3_000);
  }

  async function asks({ own, bridge }: Terminal): Promise<void> {
    const request = aPermission("per_1", { sessionId: SESSION, command: "make" });
    own.pendingPermissions.set(PERMISSION, request);
    bridge.event({ type: "permission-asked", request });
    await clock.advance(3_000);
  }

  a.bridge.event({ type: "session-created", session: info });
  return {
    ...street,
    a,
    b,
    c,
    told,
    works,
    asks,
    permission: () => post("permission/"),
    card: () => rootOf(SESSION).message,
    async taps(emoji: string) {
      const reacted = post("permission/");
      if (!reacted) throw new Error("Nothing is asked.");
      const userId = chat.people["alice"]?.id;
      if (!userId) throw new Error("There is no alice.");
      await chat.as("alice").react(userId, reacted.id, emoji);
      await clock.advance(2_000);
    },
    async says(text: string) {
      const said = await chat.say(text, rootOf(SESSION).id);
      await clock.advance(3_000);
      return said.id;
    },
  };
}

test("what the one asks goes on asking while the other one has the thread, and it is said who can take the answer", async () => {
  const { a, b, works, asks, permission, taps, says, saidIn, rootOf, answersTo, clock } =
    await createTerminals();
  await works(a, "msg_1");
  await asks(a);
  expect(permission()?.message).toStartWith("✋");
  await works(b, "msg_2");
  await clock.advance(120_000);
  expect(permission()?.message).toStartWith("✋");
  await taps("white_check_mark");
  expect(saidIn(rootOf(SESSION).id)).toContain("another OpenCode asked this");
  for (const word of ["!yes", "yes"]) {
    expect(answersTo(await says(word))).toEqual([
      expect.stringContaining("another OpenCode asked this"),
    ]);
  }
  expect([...a.own.answers, ...b.own.answers, ...b.own.prompts]).toEqual([]);
});

test.each(["tap", "!yes", "yes"])(
  "when it has the thread again a %s is its answer",
  async (how) => {
    const { a, b, works, asks, taps, says, permission } = await createTerminals();
    await works(a, "msg_1");
    await asks(a);
    await works(b, "msg_2");
    await works(a, "msg_3");
    if (how === "tap") await taps("white_check_mark");
    else await says(how);
    expect(a.own.answers).toEqual([{ id: PERMISSION, answer: "once" }]);
    expect(b.own.answers).toEqual([]);
    expect(permission()?.message).not.toContain("No longer asked");
  },
);

test("what the one asks while the other one has the thread is shown, and can be answered", async () => {
  const { a, b, works, asks, taps } = await createTerminals();
  await works(a, "msg_1");
  await works(b, "msg_2");
  await asks(a);
  await taps("white_check_mark");
  expect(a.own.answers).toEqual([{ id: PERMISSION, answer: "once" }]);
});

test("what a dead one asked is closed", async () => {
  const { a, b, works, asks, permission, clock } = await createTerminals();
  await works(a, "msg_1");
  await asks(a);
  await works(b, "msg_2");
  a.kill();
  await clock.advance(120_000);
  expect(permission()?.message).toStartWith("⚫ **No longer asked**");
});

test("a session that the other one has deleted is over", async () => {
  const { a, b, c, works, card, clock } = await createTerminals();
  await works(a, "msg_1");
  a.own.known.delete(SESSION);
  for (const { own } of [b, c]) own.known.delete(SESSION);
  await clock.advance(30_000);
  expect(card()).toStartWith("⚫");
});

test("what the first one still runs is not called stopped by the third, when the second has died", async () => {
  const { a, b, c, works, told, saidIn, rootOf, clock } = await createTerminals();
  await works(a, "msg_1");
  await works(b, "msg_2");
  b.kill();
  await works(c, "msg_3");
  await clock.advance(60_000);
  const ofFirst = () => saidIn(rootOf(SESSION).id).split(/(?=^⏳|^🛑|^✅)/m)[0];
  expect(ofFirst()).toStartWith("⏳");
  const sessionId = SESSION;
  const messageId = asMessageId("msg_1_a");
  const part = { kind: "text", key: "t", messageId, text: "It is done.", done: true } as const;
  told(a, { type: "part", sessionId, part: { ...part, synthetic: false } });
  const answer = { ...answerTo("msg_1", clock.now()), finished: true, completedMs: clock.now() };
  told(a, { type: "assistant-message", sessionId, message: answer });
  await clock.advance(120_000);
  expect(saidIn(rootOf(SESSION).id)).toContain("It is done.");
});
