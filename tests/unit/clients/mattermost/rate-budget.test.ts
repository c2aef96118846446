import { describe, expect, test } from "bun:test";
import { createRateBudget } from "../../../../src/clients/mattermost/rate-budget.ts";
import type { Urgency } from "../../../../src/ports.ts";
import { createManualClock, settle } from "../../../support/manual-clock.ts";

/** A budget, and the names of what was let through. */
function aBudget(perSecond = 10, burst = 2) {
  const clock = createManualClock();
  const budget = createRateBudget({ clock, perSecond, burst });
  const passed: string[] = [];
  const ask = (name: string, urgency: Urgency = "normal"): void => {
    void budget.take(urgency).then(() => passed.push(name));
  };
  return { clock, budget, passed, ask };
}

describe("the budget", () => {
  test("lets a burst through, then so many a second", async () => {
    const { clock, passed, ask } = aBudget();
    for (const name of ["a", "b", "c", "d"]) ask(name);
    await settle();
    expect(passed).toEqual(["a", "b"]);
    await clock.advance(99);
    expect(passed).toHaveLength(2);
    await clock.advance(1);
    expect(passed).toEqual(["a", "b", "c"]);
    await clock.advance(100);
    expect(passed).toEqual(["a", "b", "c", "d"]);
    expect(clock.pending()).toBe(0);
  });

  test("never saves up more than a burst", async () => {
    const { clock, passed, ask } = aBudget();
    await clock.advance(3_600_000);
    for (let n = 0; n < 5; n++) ask(String(n));
    await settle();
    expect(passed).toHaveLength(2);
  });

  test("lets nothing through whose time is over", async () => {
    const { clock, budget, passed, ask } = aBudget();
    budget.pause(10_000);
    const late = budget.take("normal", clock.now() + 5_000).catch((error) => error);
    ask("another");
    await clock.advance(10_200);
    expect(await late).toMatchObject({ kind: "limited", retryAfterMs: 0 });
    expect(passed).toEqual(["another"]);
  });

  test("lets what a person waits for go first, and among equals who came first", async () => {
    const { clock, passed, ask } = aBudget(10, 1);
    ask("first", "cosmetic");
    ask("c1", "cosmetic");
    ask("n1", "normal");
    ask("c2", "cosmetic");
    ask("i1", "interactive");
    ask("n2", "normal");
    ask("i2", "interactive");
    await clock.advance(1_000);
    expect(passed).toEqual(["first", "i1", "i2", "n1", "n2", "c1", "c2"]);
  });

  test("is one for all: a pause holds everybody, and nothing is saved up meanwhile", async () => {
    const { clock, budget, passed, ask } = aBudget();
    budget.pause(5_000);
    for (const urgency of ["cosmetic", "normal", "interactive"] as const) ask(urgency, urgency);
    await clock.advance(5_000);
    expect(passed).toEqual([]);
    await clock.advance(100);
    expect(passed).toEqual(["interactive"]);
    await clock.advance(200);
    expect(passed).toEqual(["interactive", "normal", "cosmetic"]);
  });

  test("obeys the longest of several pauses", async () => {
    const { clock, budget, passed, ask } = aBudget();
    budget.pause(5_000);
    budget.pause(1_000);
    ask("a");
    await clock.advance(5_000);
    expect(passed).toEqual([]);
    await clock.advance(100);
    expect(passed).toEqual(["a"]);
  });

  test("obeys a pause that comes while others wait for their turn", async () => {
    const { clock, budget, passed, ask } = aBudget(10, 1);
    ask("a");
    ask("b");
    await settle();
    budget.pause(2_000);
    await clock.advance(2_000);
    expect(passed).toEqual(["a"]);
    await clock.advance(100);
    expect(passed).toEqual(["a", "b"]);
  });

  test("refuses where too many wait, but not what is more urgent", async () => {
    const { budget } = aBudget();
    budget.pause(1_000);
    const flood = Array.from({ length: 1_001 }, () => budget.take("cosmetic"));
    await expect(flood.at(-1) ?? flood).rejects.toMatchObject({ kind: "limited" });
    let refused = false;
    budget.take("interactive").catch(() => {
      refused = true;
    });
    await settle();
    expect(refused).toBe(false);
  });

  test("survives a clock that is set back", async () => {
    const clock = createManualClock();
    let shiftMs = 0;
    const shifted = { ...clock, now: () => clock.now() + shiftMs };
    const budget = createRateBudget({ clock: shifted, perSecond: 10, burst: 1 });
    await budget.take("normal");
    budget.pause(1_000);
    shiftMs = -3_600_000;
    let passed = false;
    void budget.take("normal").then(() => {
      passed = true;
    });
    await clock.advance(1_200);
    expect(passed).toBe(true);
  });
});
