import type { DesiredPost } from "../../models/desired-post.ts";
import type { PostId } from "../../models/ids.ts";
import type { Urgency } from "../../ports.ts";

/** What is known of a post that is in the thread. */
export interface LedgerEntry {
  /** Absent where the server refused to make it. */
  readonly postId?: PostId;
  /** The text that was last sent and acknowledged; `undefined` where it is not known which one the post has. */
  readonly message: string | undefined;
  /** The text as the server stored it, and when, by its clock. */
  readonly stored: string;
  readonly storedMs: number;
  readonly createdMs: number;
  readonly marks: readonly string[];
  /** When the last edit was acknowledged, by our clock. */
  readonly editedMs: number;
  /** The server refuses to change it: nothing is tried any more. */
  readonly frozen: boolean;
}

/** What to do next to bring a thread closer to what it should be. */
export type Step =
  | { readonly kind: "create"; readonly post: DesiredPost }
  | {
      readonly kind: "edit";
      readonly key: string;
      readonly postId: PostId;
      readonly message: string;
      readonly urgency: Urgency;
    }
  | {
      readonly kind: "mark" | "unmark";
      readonly key: string;
      readonly postId: PostId;
      readonly emoji: string;
      readonly present: readonly string[];
    }
  | { readonly kind: "remove"; readonly postId: PostId }
  /** `forText`: a text that goes on is among what is waited for. */
  | { readonly kind: "wait"; readonly delayMs: number; readonly forText: boolean }
  | { readonly kind: "done" };

/**
 * Pure. Creates come before edits, so that a text which moves is in its new place before it leaves the old one; final
 * texts before live ones; live ones no sooner than the interval allows.
 */
export function nextStep(
  desired: readonly DesiredPost[],
  ledger: ReadonlyMap<string, LedgerEntry>,
  now: number,
  editIntervalMs: (post: DesiredPost) => number,
): Step {
  const missing = desired.find((post) => !ledger.has(post.key));
  if (missing) return { kind: "create", post: missing };
  let waitMs = Number.POSITIVE_INFINITY;
  let forText = false;
  const byUrgency = [...desired].sort((a, b) => rank(a) - rank(b));
  for (const post of byUrgency) {
    const entry = ledger.get(post.key);
    if (!entry || entry.frozen) continue;
    const step = changeOf(post, entry);
    if (!step) continue;
    const leftMs = post.settled === "final" ? 0 : timeLeft(entry, now, editIntervalMs(post));
    if (leftMs <= 0) return step;
    waitMs = Math.min(waitMs, leftMs);
    forText ||= post.key !== "root";
  }
  if (Number.isFinite(waitMs)) return { kind: "wait", delayMs: waitMs, forText };
  const postId = leftOver(desired, ledger);
  return postId ? { kind: "remove", postId } : { kind: "done" };
}

const targetOf = (step: Step): string | undefined => {
  if (step.kind === "create") return step.post.key;
  return "key" in step ? step.key : undefined;
};

/** Pure. Whether both make or change the same post in the same way, whatever it is to say. */
export const isSameStep = <S extends Step>(one: S, other: Step): other is S =>
  one.kind === other.kind && targetOf(one) === targetOf(other);

/** A continuation of a text that became shorter: a stream that was cut begins again. */
function leftOver(
  desired: readonly DesiredPost[],
  ledger: ReadonlyMap<string, LedgerEntry>,
): PostId | undefined {
  const keys = new Set(desired.map((post) => post.key));
  const whole = new Set(desired.flatMap((p) => (p.settled === "final" ? p.key : [])));
  for (const [key, { postId, frozen }] of ledger) {
    const [, base] = /^(.+)\.\d+$/.exec(key) ?? [];
    const isOver = base !== undefined && whole.has(base) && ledger.get(base)?.frozen === false;
    if (postId && isOver && !frozen && !keys.has(key)) return postId;
  }
  return undefined;
}

/** None where the clock was put back: how long ago the last edit was is not known then. */
function timeLeft({ editedMs }: LedgerEntry, now: number, intervalMs: number): number {
  return editedMs > now ? 0 : editedMs + intervalMs - now;
}

/** Pure. The desired posts that are missing or differ. */
export const lackingKeys = (
  desired: readonly DesiredPost[],
  ledger: ReadonlyMap<string, LedgerEntry>,
): readonly string[] =>
  desired.flatMap((post) => {
    const entry = ledger.get(post.key);
    const lacks = !entry || (!entry.frozen && entry.message !== post.message);
    return lacks ? post.key : [];
  });

const rank = (post: DesiredPost): number =>
  (post.settled === "final" ? 0 : 10) + ["interactive", "normal", "cosmetic"].indexOf(post.urgency);

function changeOf(post: DesiredPost, entry: LedgerEntry): Step | undefined {
  const { key } = post;
  const { postId, marks: present } = entry;
  if (!postId) return undefined;
  if (entry.message !== post.message) {
    const urgency =
      post.settled === "final" && post.urgency === "cosmetic" ? "normal" : post.urgency;
    return { kind: "edit", key, postId, message: post.message, urgency };
  }
  if (!post.marks) return undefined;
  const wanted = post.marks;
  const extra = present.find((emoji) => !wanted.includes(emoji));
  if (extra) return { kind: "unmark", key, postId, emoji: extra, present };
  const lacking = wanted.find((emoji) => !present.includes(emoji));
  if (lacking) return { kind: "mark", key, postId, emoji: lacking, present };
  return undefined;
}

/** Streaming: from when on in a turn's age (ms) at least how long (ms) between two edits of its live post. */
const INTERVALS: readonly (readonly [fromAgeMs: number, intervalMs: number])[] = [
  [120_000, 2_000],
  [30_000, 1_000],
  [0, 250],
];

/** The share of the request rate that live edits of all threads together may take. */
const SHARE_OF_RATE = 0.75;

/**
 * The shortest time between two edits of a live post, in milliseconds. It stretches with the age of the turn, because every edit copies a row
 * in the server's database, and with the number of threads that stream, because they share one rate.
 */
export function editIntervalMs(
  turnAgeMs: number,
  streamingThreads: number,
  requestsPerSecond: number,
): number {
  const byAge = INTERVALS.find(([fromAgeMs]) => turnAgeMs >= fromAgeMs)?.[1] ?? 250;
  const byShare = (1000 * Math.max(1, streamingThreads)) / (requestsPerSecond * SHARE_OF_RATE);
  return Math.max(byAge, byShare);
}
