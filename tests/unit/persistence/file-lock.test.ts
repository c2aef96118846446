import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { StoreError } from "../../../src/errors.ts";
import { createFileLock, type Waiting } from "../../../src/persistence/file-lock.ts";
import { createProcessLock } from "../../../src/persistence/process-lock.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Time that passes only by waiting; `onSleep` is what happens meanwhile. */
function waitingFor(onSleep: (nowMs: number) => void = () => undefined): Waiting {
  let nowMs = 0;
  return {
    now: () => nowMs,
    async sleep(ms) {
      nowMs += ms;
      onSleep(nowMs);
    },
  };
}

describe("a file lock", () => {
  test("runs one after the other, in the order of the calls, and settles as they do", async () => {
    using folder = temporaryFolder();
    const lock = createFileLock({ path: join(folder.path, "a.lock") });
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise(setImmediate);
      log.push(`${name} ends`);
      return name;
    };
    const failing = async () => {
      throw new RangeError("no");
    };
    const results = await Promise.allSettled([
      lock.run(work("a")),
      lock.run(failing),
      lock.run(work("b")),
    ]);
    expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  test("keeps two of its kind apart", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "a.lock");
    const locks = [createFileLock({ path }), createFileLock({ path })];
    let [inside, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all(locks.flatMap((lock) => Array.from({ length: 5 }, () => lock.run(work))));
    expect(most).toBe(1);
  });

  test("waits for another holder", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "a.lock");
    const holder = createProcessLock(path);
    holder.tryAcquire();
    const waiting = waitingFor((nowMs) => nowMs > 5000 && holder.release());
    const lock = createFileLock({ path, waiting });
    expect(await lock.run(async () => "done")).toBe("done");
    expect(waiting.now()).toBeGreaterThan(5000);
    expect(holder.isHeld()).toBe(false);
  });

  test("gives up in time, all who wait together, and works again afterwards", async () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "a.lock");
    const holder = createProcessLock(path);
    holder.tryAcquire();
    const waiting = waitingFor();
    const lock = createFileLock({ path, waiting });
    let begun = false;
    const work = async () => {
      begun = true;
    };
    const results = await Promise.allSettled([lock.run(work), lock.run(work)]);
    for (const result of results) {
      expect(result.status === "rejected" && result.reason).toBeInstanceOf(StoreError);
      expect(result).toMatchObject({ reason: { kind: "locked" } });
    }
    expect(begun).toBe(false);
    expect(waiting.now()).toBeLessThan(10_100);
    holder.release();
    await lock.run(work);
    expect(begun).toBe(true);
  });
});
