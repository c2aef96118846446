import { expect, test } from "bun:test";
import { keepRunning } from "../../../../src/cli/up/keep-running.ts";
import { createManualClock, settle } from "../../../support/manual-clock.ts";

/** An OpenCode that ends when a test says so. */
function rig(options: { readonly failsAt?: readonly number[] } = {}) {
  const clock = createManualClock();
  const stopping = new AbortController();
  const lines: string[] = [];
  const running: { end: (how: string) => void; stopped: boolean }[] = [];
  let tries = 0;
  let started = 0;
  const over = keepRunning({
    clock,
    stopping: stopping.signal,
    say: (line) => void lines.push(line),
    async start() {
      tries++;
      if (options.failsAt?.includes(tries)) throw new Error("port taken");
      const { promise: ended, resolve: end } = Promise.withResolvers<string>();
      const it = { end, stopped: false };
      running.push(it);
      return {
        ended,
        async stop() {
          it.stopped = true;
          end("stopped");
        },
      };
    },
    async started() {
      started++;
    },
  });
  return {
    clock,
    lines,
    over,
    tries: () => tries,
    started: () => started,
    stop: () => stopping.abort(),
    newest: () => running.at(-1),
    async crash() {
      running.at(-1)?.end("ended with code 1");
      await settle();
    },
  };
}

test("what has ended is started again, each time after a longer pause, at most a minute", async () => {
  const it = rig();
  const pauses: number[] = [];
  for (let crash = 0; crash < 9; crash++) {
    await settle();
    await it.crash();
    const dueMs = it.clock.nextDueMs() ?? 0;
    pauses.push((dueMs - it.clock.now()) / 1_000);
    await it.clock.advance(dueMs - it.clock.now());
  }
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  expect(it.started()).toBe(10);
  expect(it.lines[0]).toBe("OpenCode has stopped (ended with code 1). It is started again in 1 s.");
});

test("what ran for a while begins with the short pause again", async () => {
  const it = rig();
  await settle();
  await it.crash();
  await it.clock.advance(1_000);
  await settle();
  await it.clock.advance(60_000);
  await it.crash();
  expect(it.lines.at(-1)).toContain("again in 1 s");
});

test("a start that fails later is one more that did not last", async () => {
  const it = rig({ failsAt: [2] });
  await settle();
  await it.crash();
  await it.clock.advance(1_000);
  await settle();
  expect(it.lines.at(-1)).toBe("OpenCode has stopped (port taken). It is started again in 2 s.");
  await it.clock.advance(2_000);
  await settle();
  expect([it.tries(), it.started()]).toEqual([3, 2]);
});

test("one that fails at once is told", async () => {
  await expect(rig({ failsAt: [1] }).over).rejects.toThrow("port taken");
});

test("stopped while it runs: it is ended, and not started again", async () => {
  const it = rig();
  await settle();
  it.stop();
  await it.over;
  expect(it.newest()?.stopped).toBe(true);
  expect([it.tries(), it.lines]).toEqual([1, []]);
});

test("stopped while it pauses: it is not started again, and no timer is left", async () => {
  const it = rig();
  await settle();
  await it.crash();
  it.stop();
  await it.over;
  expect([it.clock.pending(), it.tries()]).toEqual([0, 1]);
});
