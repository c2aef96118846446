import { describe, expect, test } from "bun:test";
import { createRateBudget } from "../../../src/clients/rate-budget.ts";
import type { Urgency } from "../../../src/ports.ts";
import { createManualClock, settle } from "../../support/manual-clock.ts";

/** A budget, and what it let pass, in order. */
function createScene({ perSecond = 8, burst = 2 } = {}) {
  const manual = createManualClock();
  let setBackMs = 0;
  const clock = { ...manual, now: () => manual.now() - setBackMs };
  const budget = createRateBudget({ clock, perSecond, burst });
  const passed: string[] = [];
  const take = (urgency: Urgency, name: string = urgency) =>
    budget.take(urgency).then(() => void passed.push(name));
  return {
    budget,
    clock: manual,
    passed,
    take,
    setBack: (ms: number) => {
      setBackMs += ms;
    },
  };
}

describe("the rate budget", () => {
  test("lets a burst pass at once, then so many a second", async () => {
    const { clock, passed, take } = createScene();
    for (const name of ["a", "b", "c", "d"]) void take("normal", name);
    await settle();
    expect(passed).toEqual(["a", "b"]);
    await clock.advance(124);
    expect(passed).toEqual(["a", "b"]);
    await clock.advance(1);
    expect(passed).toEqual(["a", "b", "c"]);
    await clock.advance(125);
    expect(passed).toEqual(["a", "b", "c", "d"]);
    expect(clock.pending()).toBe(0);
  });

  test("saves up no more than a burst", async () => {
    const { clock, passed, take } = createScene();
    await clock.advance(3_600_000);
    for (let n = 0; n < 5; n++) void take("normal");
    await settle();
    expect(passed.length).toBe(2);
  });

  test("lets go first what a person waits for, and among equals who came first", async () => {
    const { clock, passed, take } = createScene({ burst: 1 });
    await take("normal", "first");
    for (const name of ["c1", "c2"]) void take("cosmetic", name);
    for (const name of ["n1", "n2"]) void take("normal", name);
    for (const name of ["i1", "i2"]) void take("interactive", name);
    await clock.advance(1_000);
    expect(passed).toEqual(["first", "i1", "i2", "n1", "n2", "c1", "c2"]);
  });

  test("holds everybody back as long as the server said, and has nothing saved up then", async () => {
    const { budget, clock, passed, take } = createScene();
    budget.pause(2_000);
    for (let n = 0; n < 3; n++) void take("interactive");
    await clock.advance(2_124);
    expect(passed.length).toBe(0);
    await clock.advance(1);
    expect(passed.length).toBe(1);
    await clock.advance(125);
    expect(passed.length).toBe(2);
  });

  test("takes the longer one of two pauses, also while somebody waits", async () => {
    const { budget, clock, passed, take } = createScene({ burst: 1 });
    void take("normal");
    void take("normal");
    await settle();
    budget.pause(5_000);
    budget.pause(1_000);
    await clock.advance(5_124);
    expect(passed.length).toBe(1);
    await clock.advance(1);
    expect(passed.length).toBe(2);
  });

  test("does not believe in pauses of a day", async () => {
    const { budget, clock, passed, take } = createScene();
    budget.pause(86_400_000);
    void take("normal");
    await clock.advance(300_125);
    expect(passed.length).toBe(1);
  });

  test("does not wait for a time to come again that was set back", async () => {
    const { budget, clock, passed, take, setBack } = createScene();
    budget.pause(2_000);
    setBack(3_600_000);
    void take("normal");
    await clock.advance(2_125);
    expect(passed.length).toBe(1);
  });

  test("refuses where a thousand of one urgency wait, and only these", async () => {
    const { budget, clock, take } = createScene({ perSecond: 1_000, burst: 1 });
    await take("normal");
    const waiting = Array.from({ length: 1_000 }, () => budget.take("cosmetic"));
    await expect(budget.take("cosmetic")).rejects.toMatchObject({
      kind: "limited",
      retryAfterMs: 5_000,
    });
    const urgent = take("interactive");
    await clock.advance(1);
    await urgent;
    await clock.advance(1_000);
    await Promise.all(waiting);
  });
});
