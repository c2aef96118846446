// "OpenCode is long gone, and the bot still says: 1 working."
import { expect, test } from "bun:test";
import type { HostEvent } from "../../src/models/host-event.ts";
import type { SessionId } from "../../src/models/ids.ts";
import { createStreet } from "../support/several-gateways.ts";

const busy = (sessionId: SessionId): HostEvent => ({
  type: "status",
  sessionId,
  status: { kind: "busy" },
});

/** Two processes, the second of which works; and what the bot's status says. */
async function createTwo() {
  const street = createStreet({ customStatus: true });
  const { clock, chat, process } = street;
  const first = process("first");
  await first.up();
  const second = process("second");
  await second.up();
  const { session } = await second.open();
  second.bridge.event(busy(session.id));
  await clock.advance(5_000);
  const shown = () => chat.customStatus(chat.bot.id)?.text;
  expect(shown()).toBe("1 working");
  return { ...street, first, second, shown };
}

test("its process is killed: the others put it right", async () => {
  const { clock, second, shown } = await createTwo();
  second.kill();
  await clock.advance(15_000);
  expect(shown()).toBeUndefined();
});

test("all are killed at once: the next one puts it right", async () => {
  const { clock, process, first, second, shown } = await createTwo();
  first.kill();
  second.kill();
  await clock.advance(60_000);
  expect(shown()).toBe("1 working");
  const third = process("third");
  await third.up();
  await clock.advance(15_000);
  expect(shown()).toBeUndefined();
});

test("the last one ends in order, at work: nothing is left", async () => {
  const { clock, first, second, shown } = await createTwo();
  first.kill();
  await clock.advance(10_000);
  expect(shown()).toBe("1 working");
  const left = Promise.all([second.gateway.leaving(2_000), second.bridge.dispose()]);
  await clock.advance(3_000);
  await left;
  second.kill();
  expect(shown()).toBeUndefined();
  await clock.advance(60_000);
  expect(shown()).toBeUndefined();
});

test("one ends in order while another works: that one is told of", async () => {
  const { clock, first, shown } = await createTwo();
  const left = Promise.all([first.gateway.leaving(2_000), first.bridge.dispose()]);
  await clock.advance(3_000);
  await left;
  first.kill();
  expect(shown()).toBe("1 working");
});

test("a server that does not answer holds up no exit", async () => {
  const { clock, chat, second } = await createTwo();
  chat.faults.hang("setCustomStatus", { times: 9 });
  let isOver = false;
  void second.gateway.leaving(2_000).then(() => {
    isOver = true;
  });
  await clock.advance(2_000);
  expect(isOver).toBe(true);
});
