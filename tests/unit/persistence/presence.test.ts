// Two lives of the plugin in one process, as after OpenCode lets a directory go and takes it up again.
import { expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../../src/errors.ts";
import { asInstanceId } from "../../../src/models/ids.ts";
import { createInstances } from "../../../src/persistence/instances.ts";
import { createPresence, type Presence } from "../../../src/persistence/presence.ts";
import { createProcessLock } from "../../../src/persistence/process-lock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

function createLives(folder: string) {
  const instances = createInstances({ folder, createLock: createProcessLock });
  const logger = createRecordingLogger();
  const live = (id: string) =>
    createPresence({ instances, instanceId: asInstanceId(id), name: "bot", logger });
  return { instances, logger, live };
}

/** Beats until its lock file shows that: the time in there is of milliseconds. */
async function beats(presence: Presence, times = 1): Promise<void> {
  for (let count = 0; count < times; count++) {
    const now = Date.now();
    await until("the next millisecond", () => Date.now() > now);
    presence.beat();
  }
}

test("the first life leads until it leaves; then the second does, and the first stays gone", () => {
  using folder = temporaryFolder();
  const { instances, live } = createLives(folder.path);
  const [first, second] = [live("first"), live("second")];
  expect([first.isLeader(), second.isLeader()]).toEqual([true, false]);
  first.leave();
  expect(instances.isAlive(asInstanceId("first"))).toBe(false);
  expect(first.isLeader()).toBe(false);
  first.beat();
  expect(instances.isAlive(asInstanceId("first"))).toBe(false);
  expect(second.isLeader()).toBe(true);
  expect(instances.isAlive(asInstanceId("second"))).toBe(true);
});

test("a folder that cannot be used is said at the start; one that breaks later is said once", () => {
  using folder = temporaryFolder();
  const place = join(folder.path, "state");
  writeFileSync(place, "a file");
  expect(() => createLives(place).live("me")).toThrow(StoreError);
  rmSync(place);
  const { live, logger } = createLives(place);
  const presence = live("me");
  expect(presence.isLeader()).toBe(true);
  rmSync(place, { recursive: true });
  writeFileSync(place, "a file");
  expect([presence.isLeader(), presence.isLeader()]).toEqual([false, false]);
  presence.beat();
  expect(logger.lines.filter(({ level }) => level === "error")).toHaveLength(1);
  presence.leave();
});

test("who is stopped for long is called dead and leads no more, and notices that when it goes on", async () => {
  using folder = temporaryFolder();
  const { instances, live } = createLives(folder.path);
  const [stopped, other] = [live("stopped"), createLives(folder.path).live("other")];
  const isAlive = () => instances.isAlive(asInstanceId("stopped"));
  expect(stopped.isLeader()).toBe(true);
  await beats(stopped);
  await beats(other, 10);
  expect([isAlive(), other.isLeader()]).toEqual([true, false]);
  await beats(other);
  expect([isAlive(), other.isLeader()]).toEqual([false, true]);
  expect(stopped.isLeader()).toBe(false);
  await beats(stopped);
  expect(isAlive()).toBe(true);
  other.leave();
  expect(stopped.isLeader()).toBe(true);
  stopped.leave();
});

test("who beats keeps its locks, and so do all where the computer slept", async () => {
  using folder = temporaryFolder();
  const { instances, live } = createLives(folder.path);
  const [one, other] = [live("one"), createLives(folder.path).live("other")];
  expect(one.isLeader()).toBe(true);
  for (let round = 0; round < 5; round++) {
    await beats(other, 8);
    await beats(one, 8);
    expect(instances.isAlive(asInstanceId("one"))).toBe(true);
    expect(instances.isAlive(asInstanceId("other"))).toBe(true);
    expect([one.isLeader(), other.isLeader()]).toEqual([true, false]);
  }
  one.leave();
  other.leave();
});
