import { messageOf } from "../../errors.ts";
import type { Post } from "../../models/chat.ts";
import type { DesiredPost } from "../../models/desired-post.ts";
import type { PostId, UserId } from "../../models/ids.ts";
import type { ThreadPlace } from "../../models/thread-place.ts";
import type { ChatPort, Clock, Logger } from "../../ports.ts";
import { type Change, createStepApplier } from "./apply-step.ts";
import { createPostLedger, type PostLedger } from "./post-ledger.ts";
import { isSameStep, lackingKeys, nextStep, type Step } from "./streamer-plan.ts";

/** A long text takes milliseconds to render and comes in thousands of pieces: at most a tenth of the time goes there. */
const REST_PER_RENDERING = 10;
const MAX_REST_MS = 500;
/** OpenCode tells of one step in several events at once: they are looked at together. */
const MIN_REST_MS = 15;
/** And of a beginning turn in some eight, while it prepares what it asks the model: that is not held up by showing them. */
const BEGIN_REST_MS = 80;
/** Where nothing was shown for so long, something begins. */
const QUIET_MS = 500;

/**
 * `working`: steps are being taken; `again`: something changed meanwhile. `blocked`: a call failed, nothing is tried before its
 * time. `idle`: nothing is due yet; `nudged`: something changed, which is looked at when the rest is over.
 */
type Phase =
  | { readonly kind: "blocked" | "stopped" }
  | { readonly kind: "idle"; nudged: boolean; readonly waitsForText?: boolean }
  | Working;
interface Working {
  readonly kind: "working";
  again: boolean;
}
const idle = (): Phase => ({ kind: "idle", nudged: false });

/**
 * Makes the posts of one thread what they should be, with the fewest calls: what is missing first, in order; then the
 * edits. One call at a time. The newest desired state wins; a final state is tried until it holds.
 */
export interface ResponseStreamer {
  /** Something may have changed. Returns at once. */
  changed(): void;
  /** A text that goes on has grown, and nothing else is new: seen when it may be edited again. Returns at once. */
  grown(): void;
  /** Takes over what the thread holds already. Call before the first `changed`. */
  adopt(posts: readonly Post[]): void;
  /** The socket shows a post of ours as made or edited: a late duplicate is removed, an old text is put right. */
  seen(post: Post): void;
  /** What is in the thread. */
  readonly posts: Pick<PostLedger, "keyOf" | "postId" | "postedMs">;
  /** The keys of the desired posts that are not in the thread as they should be. */
  lacking(): readonly string[];
  /** Resolves when everything desired is in the thread, or after `stop`. */
  settled(): Promise<void>;
  stop(): void;
}

export function createResponseStreamer(deps: {
  readonly chat: ChatPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly me: UserId;
  readonly place: ThreadPlace;
  readonly desired: () => readonly DesiredPost[];
  /** Whether this process still writes the thread. Asked when somebody else's change of a post of ours is seen. */
  readonly isMine: () => Promise<boolean>;
  /** The shortest time between two edits of a live post, in milliseconds. */
  readonly editIntervalMs: (post: DesiredPost) => number;
  /** Everything desired is in the thread. */
  readonly onSettled?: () => void;
  /** The server refuses a post: the thread may be gone. */
  readonly onRefused?: (() => void) | undefined;
}): ResponseStreamer {
  const { chat, clock, logger, me, place } = deps;
  const ledger = createPostLedger(me, place.sessionId);
  const applier = createStepApplier({
    chat,
    clock,
    logger,
    me,
    place,
    ledger,
    newest,
    onRefused: () => deps.onRefused?.(),
    onRemoved(postId) {
      duplicates.delete(postId);
      ledger.removed(postId);
    },
  });
  const waiters = new Set<() => void>();
  let phase: Phase = idle();
  let rendered = { atMs: 0, tookMs: 0 };
  let cancelTimer = (): void => undefined;

  /** Posts of ours as the socket showed them, not compared with the ledger yet. */
  const sightings: Post[] = [];
  const duplicates = new Set<PostId>();
  let foreign = false;

  function later(delayMs: number): void {
    cancelTimer();
    cancelTimer = clock.schedule(delayMs, () => {
      if (phase.kind === "blocked") phase = idle();
      if (phase.kind === "idle") run();
    });
  }

  function pump(): void {
    if (phase.kind === "working") phase.again = true;
    if (phase.kind !== "idle" || phase.nudged) return;
    phase.nudged = true;
    later(restMs());
  }

  /** None where the clock was put back: when the last rendering was is not known then. */
  function restMs(): number {
    const sinceMs = clock.now() - rendered.atMs;
    if (sinceMs < 0) return 0;
    return sinceMs > QUIET_MS ? BEGIN_REST_MS : Math.max(0, restAfter(rendered.tookMs) - sinceMs);
  }

  function run(): void {
    cancelTimer();
    const working: Working = { kind: "working", again: false };
    phase = working;
    void work(working)
      .catch((error): Phase => {
        logger.error(`the streamer failed: ${messageOf(error)}`);
        return idle();
      })
      .then((next) => {
        if (phase !== working) return;
        phase = next;
        if (working.again) pump();
      });
  }

  async function work(working: Working): Promise<Phase> {
    while (phase === working) {
      working.again = false;
      const next = await round();
      if (next) return next;
    }
    return idle();
  }

  /** Takes one step; `undefined` where another one may follow at once. */
  async function round(): Promise<Phase | undefined> {
    const changed = lookAtSightings();
    foreign = false;
    // Two processes that put their own text back would do so for ever.
    if (changed && !(await deps.isMine())) return everythingIsThere(deps.desired());
    const desired = render();
    const step = nextStep(desired, ledger.entries, clock.now(), deps.editIntervalMs);
    if (step.kind !== "done" && step.kind !== "wait") return apply(step);
    const [postId] = duplicates;
    if (postId) return apply({ kind: "remove", postId });
    if (step.kind === "done") return everythingIsThere(desired);
    later(step.delayMs);
    return { kind: "idle", nudged: false, waitsForText: step.forText };
  }

  /** What it says by now, unless something else has to come before it. */
  function newest<S extends Step>(step: S): S {
    if (clock.now() - rendered.atMs < MIN_REST_MS) return step;
    const now = nextStep(render(), ledger.entries, clock.now(), deps.editIntervalMs);
    return isSameStep(step, now) ? now : step;
  }

  async function apply(step: Change): Promise<Phase | undefined> {
    const againInMs = await applier.apply(step);
    if (againInMs === undefined || phase.kind === "stopped") return undefined;
    later(againInMs);
    return { kind: "blocked" };
  }

  function everythingIsThere(desired: readonly DesiredPost[]): Phase {
    ledger.forget(new Set(desired.map((post) => post.key)));
    deps.onSettled?.();
    wake();
    return idle();
  }

  function render(): readonly DesiredPost[] {
    const beganMs = clock.now();
    const desired = deps.desired();
    const atMs = clock.now();
    rendered = { atMs, tookMs: Math.max(0, atMs - beganMs) };
    return desired;
  }

  function wake(): void {
    for (const waiter of waiters) waiter();
    waiters.clear();
  }

  /** Whether somebody else has changed anything since the last round. What is sent just now is not in the ledger yet. */
  function lookAtSightings(): boolean {
    for (const post of sightings.splice(0)) if (compare(post)) foreign = true;
    return foreign;
  }

  /** Whether it is somebody else's doing. */
  function compare(post: Post): boolean {
    const { isForeign, extra } = ledger.see(post);
    if (extra) duplicates.add(extra);
    return isForeign;
  }

  return {
    changed: pump,
    grown() {
      if (phase.kind !== "idle" || !phase.waitsForText) pump();
    },
    adopt(posts) {
      for (const post of posts) compare(post);
    },
    seen(post) {
      if (phase.kind === "stopped" || post.userId !== me) return;
      sightings.push(post);
      // Mostly it is what this process has just done.
      if (phase.kind !== "idle" || lookAtSightings() || duplicates.size > 0) pump();
    },
    posts: ledger,
    lacking: () => lackingKeys(deps.desired(), ledger.entries),
    settled: () =>
      new Promise((resolve) => {
        if (phase.kind === "stopped") return resolve();
        waiters.add(resolve);
        if (phase.kind === "idle") run();
        else pump();
      }),
    stop() {
      phase = { kind: "stopped" };
      cancelTimer();
      applier.stop();
      wake();
    },
  };
}

/** While nothing is due, only a small share of the time goes into rendering. */
const restAfter = (tookMs: number): number =>
  Math.min(MAX_REST_MS, Math.max(MIN_REST_MS, tookMs * REST_PER_RENDERING));
