// The list of sessions is looked at every 10 s, also where nothing happens for days.
import { expect, test } from "bun:test";
import { createSessionRegistry } from "../../../src/bridge/opencode-session-registry.ts";
import { asSessionId } from "../../../src/models/ids.ts";
import { createFakeHost, DIRECTORY } from "../../support/fake-host.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";

function setUp() {
  const host = createFakeHost();
  const clock = createManualClock();
  const found: string[] = [];
  const heard: string[] = [];
  const registry = createSessionRegistry({
    host,
    clock,
    logger: createRecordingLogger(),
    directory: DIRECTORY,
    sinceMs: clock.now(),
    listener: {
      onEvent: (_, event) =>
        heard.push("session" in event ? `${event.session.id} ${event.session.title}` : event.type),
      onFound: (root) => found.push(root.id),
      onChanged: () => undefined,
    },
  });
  const session = (id: string, title = "") =>
    host.add({ id: asSessionId(id), title, createdMs: clock.now(), updatedMs: clock.now() });
  const limits = () =>
    host.calls.filter(({ call }) => call === "sessions").map(({ args }) => args[0]);
  return { clock, registry, session, found, heard, limits };
}

test("where nothing is new only the newest are read, and all of them now and then", async () => {
  const { clock, registry, session, found, limits } = setUp();
  for (let at = 0; at < 20; at++) session(`ses_${at}`);
  await clock.advance(10_000);
  for (let polls = 0; polls < 12; polls++) await registry.poll();
  expect(found).toHaveLength(20);
  expect(limits().filter((limit) => limit === 50)).toHaveLength(2);
  expect(limits()).toHaveLength(12);
});

test("where one of the newest is new all are read: as many may be", async () => {
  const { clock, registry, session, found, heard } = setUp();
  for (let at = 0; at < 20; at++) session(`ses_${at}`);
  await clock.advance(10_000);
  await registry.poll();
  for (let at = 20; at < 40; at++) session(`ses_${at}`);
  await clock.advance(10_000);
  await registry.poll();
  expect(found).toHaveLength(40);
  session("ses_40", "first");
  await clock.advance(10_000);
  await registry.poll();
  await clock.advance(1);
  session("ses_40", "second");
  await registry.poll();
  expect(heard).toEqual(["ses_40 second"]);
});
