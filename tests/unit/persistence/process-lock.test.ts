import { describe, expect, test } from "bun:test";
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../../../src/errors.ts";
import { createProcessLock } from "../../../src/persistence/process-lock.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const PROGRAM = join(import.meta.dir, "../../support/lock-holder.ts");

/** A process that has said its first word. */
async function another(what: "hold" | "look", path: string) {
  const child = Bun.spawn([process.execPath, PROGRAM, what, path], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const { value } = await child.stdout.getReader().read();
  return { child, says: new TextDecoder().decode(value).trim() };
}

describe("a process lock", () => {
  test("is had by one at a time, and asking again changes nothing", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "a.lock");
    const [one, other] = [createProcessLock(path), createProcessLock(path)];
    expect(one.isHeld()).toBe(false);
    expect(one.tryAcquire()).toBe(true);
    expect(one.tryAcquire()).toBe(true);
    expect(other.tryAcquire()).toBe(false);
    expect([one.isHeld(), other.isHeld()]).toEqual([true, true]);
    other.release();
    expect(other.isHeld()).toBe(true);
    one.release();
    expect(other.isHeld()).toBe(false);
    expect(other.tryAcquire()).toBe(true);
    expect(one.tryAcquire()).toBe(false);
    other.release();
  });

  test("makes its file for the user alone, empty, with nothing beside it", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "new", "deep", "a.lock");
    const lock = createProcessLock(path);
    expect(lock.isHeld()).toBe(false);
    expect(readdirSync(folder.path)).toEqual([]);
    lock.tryAcquire();
    expect(readdirSync(join(folder.path, "new", "deep"))).toEqual(["a.lock"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, "new")).mode & 0o777).toBe(0o700);
    lock.release();
    expect(readdirSync(join(folder.path, "new", "deep"))).toEqual(["a.lock"]);
    expect(statSync(path).size).toBe(0);
  });

  test("is free at once when its holder is killed", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "a.lock");
    const { child, says } = await another("hold", path);
    expect(says).toBe("held");
    const lock = createProcessLock(path);
    expect([lock.tryAcquire(), lock.isHeld()]).toEqual([false, true]);
    child.kill("SIGKILL");
    await child.exited;
    expect(lock.isHeld()).toBe(false);
    expect(lock.tryAcquire()).toBe(true);
    lock.release();
  });

  test("goes to exactly one of many that ask at the same time", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "a.lock");
    const crowd = await Promise.all(Array.from({ length: 6 }, () => another("hold", path)));
    expect(crowd.map(({ says }) => says).filter((says) => says === "held")).toEqual(["held"]);
    for (const { child } of crowd) child.kill("SIGKILL");
    await Promise.all(crowd.map(({ child }) => child.exited));
  });

  test("is not disturbed by those who only look", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "a.lock");
    const lookers = await Promise.all([another("look", path), another("look", path)]);
    const lock = createProcessLock(path);
    for (let round = 0; round < 300; round++) {
      expect(lock.tryAcquire()).toBe(true);
      lock.release();
    }
    for (const { child } of lookers) await child.stdin.end();
    expect(await Promise.all(lookers.map(({ child }) => child.exited))).toEqual([0, 0]);
  });

  test("is taken anew by whoever asks first, where its file was deleted", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "state", "a.lock");
    const [one, other] = [createProcessLock(path), createProcessLock(path)];
    one.tryAcquire();
    rmSync(join(folder.path, "state"), { recursive: true });
    expect(one.isHeld()).toBe(false);
    expect(one.tryAcquire()).toBe(true);
    expect(other.tryAcquire()).toBe(false);
    rmSync(path);
    expect(other.tryAcquire()).toBe(true);
    expect(one.tryAcquire()).toBe(false);
    other.release();
  });

  const inTheWay: Record<string, (path: string, folder: string) => void> = {
    "a folder": (path) => mkdirSync(path),
    "another file": (path) => writeFileSync(path, "something of the user's\n".repeat(100)),
    "a link to nowhere": (path, folder) => symlinkSync(join(folder, "no", "where"), path),
  };
  for (const [what, put] of Object.entries(inTheWay)) {
    test(`says what to do where ${what} is in its place`, () => {
      using folder = temporaryFolder();
      const path = join(folder.path, "a.lock");
      put(path, folder.path);
      const lock = createProcessLock(path);
      expect(() => lock.tryAcquire()).toThrow(StoreError);
      expect(() => lock.tryAcquire()).toThrow(/a\.lock.*\. .*([Dd]elete it|Remove)/);
    });
  }

  test("says what to do where its folder is a file", () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, "state"), "");
    const lock = createProcessLock(join(folder.path, "state", "a.lock"));
    expect(() => lock.tryAcquire()).toThrow(StoreError);
    expect(() => lock.tryAcquire()).toThrow("move that away");
  });
});
