// Loads of the plugin for one directory, several at once and one after the other, and the one bridge behind them.
import { expect, test } from "bun:test";
import type { Bridge } from "../../../src/bridge/bridge.ts";
import { createSharedBridge } from "../../../src/bridge/shared-bridge.ts";
import type { HostEvent } from "../../../src/models/host-event.ts";
import { ROOT } from "../../support/events.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";

const BUSY: HostEvent = { type: "status", sessionId: ROOT, status: { kind: "busy" } };

function createHouse() {
  const clock = createManualClock();
  const heard: HostEvent[] = [];
  const told: string[] = [];
  const over: string[] = [];
  const nothing = (): void => undefined;
  const bridge: Bridge = {
    directory: "/home/alice/project",
    start: nothing,
    event: (event) => heard.push(event),
    maxFileBytes: () => 0,
    choose: async () => ({}),
    sendFile: async () => "",
    describe: async () => "",
    stop: nothing,
    create: async () => [],
    resume: async () => "resumed",
    reloaded: () => told.push("reloaded"),
    dispose: async (how = "exited") => void told.push(how),
  };
  const logger = createRecordingLogger();
  const asked: string[] = [];
  const shared = createSharedBridge({
    bridge,
    clock,
    logger,
    load: async () => asked.push("load"),
    onOver: () => over.push("over"),
  });
  return { clock, heard, told, asked, over, shared };
}

test("whichever load hears an event, it is heard; where two hear it, once", () => {
  const { shared, heard } = createHouse();
  const [deaf, hears, also] = [shared.join(), shared.join(), shared.join()];
  hears.event(BUSY, "evt_1");
  also.event(BUSY, "evt_1");
  also.event(BUSY, "evt_2");
  hears.event(BUSY, "evt_2");
  expect(heard).toHaveLength(2);
  deaf.event(BUSY, "evt_3");
  expect(heard).toHaveLength(3);
});

test("events without a name of their own are told apart as the objects that they are", () => {
  const { shared, heard } = createHouse();
  const [one, two] = [shared.join(), shared.join()];
  const [first, second] = [{ ...BUSY }, { ...BUSY }];
  for (const event of [first, second]) for (const load of [one, two]) load.event(event, event);
  expect(heard).toHaveLength(2);
});

test("let go of and loaded again: nothing is told but that what went unheard be read", async () => {
  const { clock, shared, told, asked, over } = createHouse();
  await shared.join().leave(false);
  await clock.advance(1_000);
  shared.join();
  await clock.advance(600_000);
  expect(told).toEqual(["reloaded"]);
  expect(asked).toEqual([]);
  expect(over).toEqual([]);
});

test("let go of and not asked for by anybody: OpenCode is asked to load it", async () => {
  const { clock, shared, told, asked } = createHouse();
  await shared.join().leave(false);
  await clock.advance(5_000);
  expect(asked).toEqual(["load"]);
  shared.join();
  await clock.advance(600_000);
  expect(told).toEqual(["reloaded"]);
  expect(asked).toEqual(["load"]);
});

test("let go of and not loaded again: the threads say so, once", async () => {
  const { clock, shared, told, over } = createHouse();
  const [one, two] = [shared.join(), shared.join()];
  await one.leave(false);
  await two.leave(false);
  await clock.advance(600_000);
  expect(told).toEqual(["unloaded"]);
  expect(over).toEqual(["over"]);
});

test("a load that never heard anything goes, and one that hears stays: nothing is over", async () => {
  const { clock, shared, told } = createHouse();
  const [hears, deaf] = [shared.join(), shared.join()];
  hears.event(BUSY, "evt_1");
  await deaf.leave(false);
  await clock.advance(600_000);
  expect(told).toEqual([]);
});

test("only a load that never heard anything is left: it does not keep the threads looking alive", async () => {
  const { clock, shared, told } = createHouse();
  const [hears] = [shared.join(), shared.join()];
  hears.event(BUSY, "evt_1");
  await hears.leave(false);
  await clock.advance(600_000);
  expect(told).toEqual(["unloaded"]);
});

test("the process ends: every load leaves, the threads are told once, and before the first call returns", async () => {
  const { clock, shared, told, over } = createHouse();
  const [one, two] = [shared.join(), shared.join()];
  await one.leave(true);
  expect(told).toEqual(["exited"]);
  await two.leave(true);
  await one.leave(true);
  await clock.advance(600_000);
  expect(told).toEqual(["exited"]);
  expect(over).toEqual(["over"]);
});
