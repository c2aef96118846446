// "My editor started the session. Its thread came after a while, but not what it had answered by then."
import { expect, test } from "bun:test";
import type { HostEvent } from "../../src/models/host-event.ts";
import { asSessionId, type SessionId } from "../../src/models/ids.ts";
import { storedOf, wholeTurn } from "../support/events.ts";
import { createFakeHost } from "../support/fake-host.ts";
import { createStreet } from "../support/several-gateways.ts";

const SESSION = asSessionId("ses_elsewhere");

/** A session that something else works on, with the same database: no event of it is heard here. */
async function createUnheard() {
  const street = createStreet();
  const { clock, chat, process } = street;
  const host = createFakeHost(clock.now);
  const here = process("here", { host });
  await here.up();
  const beganMs = clock.now();
  const stored: HostEvent[] = [];
  const texts = (): string =>
    chat
      .posts()
      .map(({ message }) => message)
      .join("\n---\n");
  return {
    ...street,
    here,
    texts,
    /** This much of a turn is stored by now. */
    async works(id: string, answer: string, parts = Number.POSITIVE_INFINITY) {
      const events = wholeTurn(id, 0, answer).slice(0, parts);
      stored.push(...events.map((event) => at(event, clock.now())));
      host.stored.set(SESSION, storedOf(stored));
      host.add({ id: SESSION, createdMs: beganMs, updatedMs: clock.now() });
      await clock.advance(30_000);
    },
  };
}

/** The event as of that time, in that session. */
function at(event: HostEvent, nowMs: number): HostEvent {
  const sessionId: SessionId = SESSION;
  if (event.type === "user-message") {
    return { ...event, sessionId, message: { ...event.message, createdMs: nowMs } };
  }
  if (event.type === "assistant-message") {
    const { completedMs } = event.message;
    const end = completedMs === undefined ? {} : { completedMs: nowMs + 1 };
    return { ...event, sessionId, message: { ...event.message, createdMs: nowMs, ...end } };
  }
  return event;
}

test("what was answered before the thread was there is shown, and what is answered later", async () => {
  const { works, texts, saidIn, rootOf } = await createUnheard();
  await works("msg_1", "the first answer");
  expect(saidIn(rootOf(SESSION).id)).toContain("the first answer");
  await works("msg_2", "the second answer");
  expect(saidIn(rootOf(SESSION).id)).toContain("the second answer");
  expect(texts().match(/the first answer/g)).toHaveLength(1);
});

test("a turn that goes on elsewhere is not called stopped, and shown when it has ended", async () => {
  const { works, saidIn, rootOf } = await createUnheard();
  await works("msg_1", "the first answer", 4);
  expect(saidIn(rootOf(SESSION).id)).not.toMatch(/stopped|🛑/);
  await works("msg_1", "the first answer");
  expect(saidIn(rootOf(SESSION).id)).toMatch(/✅[\s\S]*the first answer/);
});
