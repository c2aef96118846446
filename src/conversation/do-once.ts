import { HostError, messageOf, PerhapsDone } from "../errors.ts";
import type { PostId } from "../models/ids.ts";
import type { Plan, ThreadMapping } from "../models/thread-mapping.ts";
import type { Clock } from "../ports.ts";
import type { ThreadOwnership } from "../thread/ownership.ts";

/** What the owner asks of a session, where doing it twice would do harm. */
interface Effect {
  /**
   * What exactly is about to be done: kept with the thread before it is, so that it can be found out whether it was. Where nothing
   * is to be done, what to tell the owner.
   */
  readonly plan: () => Promise<{ readonly what: string } | { readonly refused: string }>;
  /** Whether that was done; `undefined` where it cannot be told. */
  readonly wasDone: (plan: string) => Promise<boolean | undefined>;
  readonly run: (plan: string) => Promise<void>;
}

/**
 * Does something for a post or a tap, once. Resolves with what was planned. Rejects with `PerhapsDone` where nobody can tell whether
 * it was done.
 */
export type DoOnce = (
  key: PostId,
  effect: Effect,
) => Promise<{ readonly what: string } | { readonly refused: string }>;

/** More than can be open at once. */
const PLANS_KEPT = 20;
/** A call whose answer was lost has its effect well within this time, or never. */
const LOOKS = 5;
const LOOK_EVERY_MS = 1_000;

const withPlan = (stored: ThreadMapping, plan: Plan): ThreadMapping => ({
  ...stored,
  plans: [...(stored.plans ?? []), plan].slice(-PLANS_KEPT),
});

export function createDoOnce(deps: {
  readonly ownership: Pick<ThreadOwnership, "mapping" | "change">;
  readonly clock: Clock;
}): DoOnce {
  const { ownership, clock } = deps;

  const planned = (key: PostId): string | undefined =>
    ownership.mapping()?.plans?.find(({ post }) => post === key)?.what;

  /** What could not be seen to be done may still be on its way: it is not done again. */
  async function lookFor({ wasDone }: Effect, plan: string, reason: string): Promise<void> {
    for (let looks = 0; looks < LOOKS; looks++) {
      if (await wasDone(plan).catch(() => undefined)) return;
      await new Promise<void>((resolve) => {
        clock.schedule(LOOK_EVERY_MS, resolve);
      });
    }
    throw new PerhapsDone(reason);
  }

  async function run(effect: Effect, plan: string): Promise<void> {
    try {
      await effect.run(plan);
    } catch (error) {
      const isKnown = error instanceof HostError && error.kind !== "unknown";
      if (isKnown) throw error;
      await lookFor(effect, plan, messageOf(error));
    }
  }

  return async (key, effect) => {
    const before = planned(key);
    if (before !== undefined) {
      const wasDone = await effect.wasDone(before);
      if (wasDone === undefined) throw new PerhapsDone("the OpenCode that was doing it is gone");
      if (!wasDone) await run(effect, before);
      return { what: before };
    }
    const plan = await effect.plan();
    if ("refused" in plan) return plan;
    await ownership.change((stored) => withPlan(stored, { post: key, what: plan.what }));
    await run(effect, plan.what);
    return plan;
  };
}
