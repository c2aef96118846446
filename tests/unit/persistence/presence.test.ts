// Two lives of the plugin in one process, as after OpenCode lets a directory go and takes it up again.
import { expect, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../../src/errors.ts";
import { asInstanceId } from "../../../src/models/ids.ts";
import { createInstances } from "../../../src/persistence/instance-lock.ts";
import { createPresence } from "../../../src/persistence/presence.ts";
import { createProcessLock } from "../../../src/persistence/process-lock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function createLives(folder: string) {
  const instances = createInstances({ folder, createLock: createProcessLock });
  const logger = createRecordingLogger();
  const live = (id: string) =>
    createPresence({ instances, instanceId: asInstanceId(id), name: "bot", logger });
  return { instances, logger, live };
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
