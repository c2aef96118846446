import { describe, expect, test } from "bun:test";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createKillSwitch } from "../../../src/persistence/kill-switch.ts";
import { createMemoryLockSwitch } from "../../support/memory-kill-switch.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const FOR_EVER = Number.POSITIVE_INFINITY;

describe.each(["in a file", "in memory"])("the kill switch %s", (kind) => {
  const aSwitch = ({ path }: { readonly path: string }) =>
    kind === "in memory"
      ? createMemoryLockSwitch()
      : createKillSwitch(join(path, "state", "locked"));

  test("is off at first, and never was on", () => {
    using folder = temporaryFolder();
    const lock = aSwitch(folder);
    expect(lock.isOn()).toBe(false);
    expect(lock.period()).toEqual({ fromMs: 0, untilMs: 0 });
  });

  test("tells from when until when it was on", () => {
    using folder = temporaryFolder();
    const lock = aSwitch(folder);
    lock.set(true, 1_000);
    expect(lock.isOn()).toBe(true);
    expect(lock.period()).toEqual({ fromMs: 1_000, untilMs: FOR_EVER });
    lock.set(false, 2_000);
    expect(lock.isOn()).toBe(false);
    expect(lock.period()).toEqual({ fromMs: 1_000, untilMs: 2_000 });
  });

  test("said twice it was on from the first time, and until the first", () => {
    using folder = temporaryFolder();
    const lock = aSwitch(folder);
    for (const atMs of [1_000, 2_000]) expect(lock.set(true, atMs)).toBe(true);
    for (const atMs of [3_000, 4_000]) expect(lock.set(false, atMs)).toBe(true);
    expect(lock.period()).toEqual({ fromMs: 1_000, untilMs: 3_000 });
  });

  test("obeys the last word, in whatever order words come", () => {
    using folder = temporaryFolder();
    const lock = aSwitch(folder);
    expect(lock.set(false, 2_000)).toBe(true);
    expect(lock.set(true, 1_000)).toBe(false);
    expect(lock.isOn()).toBe(false);
    expect(lock.set(true, 3_000)).toBe(true);
    expect(lock.set(false, 2_500)).toBe(false);
    expect(lock.isOn()).toBe(true);
  });
});

describe("the file", () => {
  test("is shared by every process, and only its user's to read", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "locked");
    createKillSwitch(path).set(true, 1_000);
    createKillSwitch(path).set(false, 2_000);
    expect(createKillSwitch(path).period()).toEqual({ fromMs: 1_000, untilMs: 2_000 });
    expect(readFileSync(path, "utf8")).toBe("off 2000 1000 2000\n");
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  test.each([
    ["on 1000", true, { fromMs: 1_000, untilMs: FOR_EVER }],
    ["off 1000", false, { fromMs: 1_000, untilMs: 1_000 }],
    ["", true, { fromMs: 0, untilMs: FOR_EVER }],
    ["keep out", true, { fromMs: 0, untilMs: FOR_EVER }],
  ])("that says %p", (text, on, period) => {
    using folder = temporaryFolder();
    const path = join(folder.path, "locked");
    writeFileSync(path, `${text}\n`);
    const lock = createKillSwitch(path);
    expect(lock.isOn()).toBe(on);
    expect(lock.period()).toEqual(period);
  });

  test("that is removed changes nothing while a process lives, and is put back", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "locked");
    const lock = createKillSwitch(path);
    const other = createKillSwitch(path);
    lock.set(true, 1_000);
    expect(other.isOn()).toBe(true);
    rmSync(path);
    expect([lock.isOn(), other.isOn()]).toEqual([true, true]);
    expect(readFileSync(path, "utf8")).toBe("on 1000 1000\n");
    rmSync(path);
    expect(other.set(false, 2_000)).toBe(true);
    expect([lock.isOn(), other.isOn()]).toEqual([false, false]);
    rmSync(path);
    expect(createKillSwitch(path).isOn()).toBe(false);
    expect(lock.isOn()).toBe(false);
    expect(createKillSwitch(path).period()).toEqual({ fromMs: 1_000, untilMs: 2_000 });
  });

  test("that an older word is put into changes nothing either", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "locked");
    const lock = createKillSwitch(path);
    lock.set(true, 2_000);
    writeFileSync(path, "off 1000 500 1000\n");
    expect(lock.isOn()).toBe(true);
    expect(readFileSync(path, "utf8")).toBe("on 2000 2000\n");
  });

  test("that becomes unreadable locks, whatever the last word was, until the next word", () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "locked");
    const lock = createKillSwitch(path);
    lock.set(true, 500);
    lock.set(false, 1_000);
    for (const put of ["", "off", "off soon", "\0\0", "x".repeat(100_000)]) {
      writeFileSync(path, put);
      expect([put.slice(0, 8), lock.isOn()]).toEqual([put.slice(0, 8), true]);
      expect(createKillSwitch(path).isOn()).toBe(true);
    }
    expect(lock.set(false, 900)).toBe(false);
    expect(lock.set(false, 2_000)).toBe(true);
    expect(lock.isOn()).toBe(false);
  });

  test("where it cannot be written the switch holds in this process", () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, "state"), "a file where the folder should be");
    const lock = createKillSwitch(join(folder.path, "state", "locked"));
    expect(lock.set(true, 1_000)).toBe(true);
    expect(lock.isOn()).toBe(true);
    expect(lock.set(false, 2_000)).toBe(true);
    expect(lock.period()).toEqual({ fromMs: 1_000, untilMs: 2_000 });
  });
});
