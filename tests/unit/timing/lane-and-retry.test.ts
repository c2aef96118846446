import { describe, expect, test } from "bun:test";
import { ChatError } from "../../../src/errors.ts";
import { createLane } from "../../../src/timing/lane.ts";
import { retryDelayMs, untilDone } from "../../../src/timing/retry.ts";
import { limited, unreachable } from "../../support/fake-chat.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { createRecordingLogger } from "../../support/recording-logger.ts";

describe("a lane", () => {
  test("runs one task after the other, in the order in which they came", async () => {
    const lane = createLane(createRecordingLogger());
    const done: string[] = [];
    const gate = Promise.withResolvers<void>();
    void lane.run("slow", async () => {
      await gate.promise;
      done.push("slow");
    });
    const second = lane.run("quick", async () => void done.push("quick"));
    await Promise.resolve();
    expect(done).toEqual([]);
    gate.resolve();
    await second;
    expect(done).toEqual(["slow", "quick"]);
  });

  test("a task that fails is logged and harms no other", async () => {
    const logger = createRecordingLogger();
    const lane = createLane(logger);
    const done: number[] = [];
    await lane.run("the first", async () => {
      throw new Error("no");
    });
    await lane.run("the second", (): Promise<void> => {
      throw new Error("at once");
    });
    await lane.run("the third", async () => void done.push(3));
    expect(done).toEqual([3]);
    expect(logger.lines.map(({ message }) => message)).toEqual([
      "the first failed: no",
      "the second failed: at once",
    ]);
  });

  test("is idle when everything enqueued has run, tasks of tasks included", async () => {
    const lane = createLane(createRecordingLogger());
    const done: string[] = [];
    void lane.run("outer", async () => {
      void lane.run("inner", async () => void done.push("inner"));
      done.push("outer");
    });
    await lane.idle();
    await lane.idle();
    expect(done).toEqual(["outer", "inner"]);
  });
});

describe("until it is done", () => {
  test("tries again, waiting longer each time, and says so once", async () => {
    const clock = createManualClock(0);
    const logger = createRecordingLogger();
    const triedMs: number[] = [];
    const result = untilDone("it", { clock, logger, stopped: () => false }, async () => {
      triedMs.push(clock.now());
      if (triedMs.length < 4) throw unreachable();
      return "done";
    });
    await clock.advance(60_000);
    expect(await result).toBe("done");
    expect(triedMs).toEqual([0, 500, 1_500, 3_500]);
    expect(logger.lines.filter((line) => line.level === "warn")).toHaveLength(1);
  });

  test("ends when it is stopped", async () => {
    const clock = createManualClock();
    let tries = 0;
    let stopped = false;
    const deps = { clock, logger: createRecordingLogger(), stopped: () => stopped };
    const result = untilDone("it", deps, async () => {
      tries++;
      throw unreachable();
    });
    await clock.advance(10);
    stopped = true;
    await clock.advance(60_000);
    expect(await result).toBeUndefined();
    expect(tries).toBe(1);
  });

  test("waits as long as the server says, never forever, never not at all", () => {
    expect(retryDelayMs(0, limited(90_000))).toBe(90_000);
    expect(retryDelayMs(0, new Error("?"))).toBe(500);
    expect(retryDelayMs(5_000, new ChatError("", { kind: "unknown" }))).toBe(30_000);
  });
});
