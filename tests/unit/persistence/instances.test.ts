import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { asInstanceId } from "../../../src/models/ids.ts";
import { createInstances } from "../../../src/persistence/instances.ts";
import { createProcessLock } from "../../../src/persistence/process-lock.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { until } from "../../support/until.ts";

const me = asInstanceId("me");
const other = asInstanceId("other");

const instancesIn = (folder: string) => createInstances({ folder, createLock: createProcessLock });

/** The other instance, as a process of its own that has its lock. */
async function another(what: "hold" | "beat", folder: string) {
  const program = join(import.meta.dir, "../../support/lock-holder.ts");
  const path = join(folder, "instances", `${other}.lock`);
  const child = Bun.spawn([process.execPath, program, what, path], {
    stdin: "pipe",
    stdout: "pipe",
  });
  await child.stdout.getReader().read();
  return { child, path };
}

describe("instances", () => {
  test("live while they hold their lock, and leave nothing at an orderly end", () => {
    using folder = temporaryFolder();
    const [mine, theirs] = [instancesIn(folder.path), instancesIn(folder.path)];
    expect(theirs.isAlive(me)).toBe(false);
    const lock = mine.own(me);
    expect(lock.tryAcquire()).toBe(true);
    expect([mine.isAlive(me), theirs.isAlive(me), theirs.isAlive(other)]).toEqual([
      true,
      true,
      false,
    ]);
    lock.release();
    lock.release();
    expect(theirs.isAlive(me)).toBe(false);
    expect(readdirSync(join(folder.path, "instances"))).toEqual([]);
  });

  test("are seen dead at once when their process is killed, and swept", async () => {
    using folder = temporaryFolder();
    const instances = instancesIn(folder.path);
    const { child } = await another("hold", folder.path);
    const mine = instances.own(me);
    mine.tryAcquire();
    instances.sweep();
    expect([instances.isAlive(me), instances.isAlive(other)]).toEqual([true, true]);
    child.kill("SIGKILL");
    await child.exited;
    expect(instances.isAlive(other)).toBe(false);
    writeFileSync(join(folder.path, "instances", "notes.txt"), "mine");
    instances.sweep();
    expect(readdirSync(join(folder.path, "instances")).sort()).toEqual(["me.lock", "notes.txt"]);
    expect(instances.isAlive(me)).toBe(true);
    mine.release();
  });

  test("are seen stopped where their process is suspended, and come back when it goes on", async () => {
    using folder = temporaryFolder();
    const instances = instancesIn(folder.path);
    const { child, path } = await another("beat", folder.path);
    const beatMs = (): number => statSync(path).mtimeMs;
    for (let look = 0; look < 30; look++) {
      const before = beatMs();
      expect(instances.freeStopped()).toEqual([]);
      await until("its next beat", () => beatMs() > before);
    }
    expect(instances.isAlive(other)).toBe(true);
    child.kill("SIGSTOP");
    expect(await until("that it is stopped", () => instances.freeStopped()[0])).toBe(other);
    expect(instances.isAlive(other)).toBe(false);
    child.kill("SIGCONT");
    await until("that it goes on", () => instances.isAlive(other));
    child.kill("SIGKILL");
    await child.exited;
  });

  test("come back at the next beat where somebody emptied the folder", () => {
    using folder = temporaryFolder();
    const [mine, theirs] = [instancesIn(folder.path), instancesIn(folder.path)];
    const lock = mine.own(me);
    lock.tryAcquire();
    rmSync(join(folder.path, "instances"), { recursive: true });
    expect(theirs.isAlive(me)).toBe(false);
    expect(lock.tryAcquire()).toBe(true);
    expect(theirs.isAlive(me)).toBe(true);
    lock.release();
  });

  test("have one leader, and another one after it", () => {
    using folder = temporaryFolder();
    const [one, two] = [
      instancesIn(folder.path).leader("bot1"),
      instancesIn(folder.path).leader("bot1"),
    ];
    expect([one.tryAcquire(), two.tryAcquire()]).toEqual([true, false]);
    expect(instancesIn(folder.path).leader("bot2").tryAcquire()).toBe(true);
    one.release();
    expect(two.tryAcquire()).toBe(true);
    two.release();
    expect(() => instancesIn(folder.path).leader("../bot")).toThrow(TypeError);
  });

  test("whose ids lead elsewhere are no instances, and touch nothing", () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, "instances"));
    const instances = instancesIn(folder.path);
    expect(instances.isAlive(asInstanceId("../outside"))).toBe(false);
    expect(() => instances.own(asInstanceId("../outside"))).toThrow(TypeError);
    expect(existsSync(join(folder.path, "outside.lock"))).toBe(false);
  });

  test("count as living where their lock cannot be read", () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, "instances", "other.lock"), { recursive: true });
    const instances = instancesIn(folder.path);
    expect(instances.isAlive(other)).toBe(true);
    instances.sweep();
    expect(readdirSync(join(folder.path, "instances"))).toEqual(["other.lock"]);
  });
});
