import type { Post } from "../models/chat.ts";
import { type Gate, mayPost } from "../models/gate.ts";
import type { PostId, UserId } from "../models/ids.ts";
import { readPostMark } from "../models/post-mark.ts";

/** A reply that waited longer than this is not run unasked: the situation that it was written for may be over. */
const RUN_WITHIN_MS = 15 * 60_000;

/** `serverNow`: by the server's clock. */
export const isTooOld = ({ createdMs }: Pick<Post, "createdMs">, serverNow: number): boolean =>
  serverNow - createdMs >= RUN_WITHIN_MS;

/** The owner's posts in a thread that nobody has acted on, oldest first. */
export interface UnansweredReplies {
  /** Young enough to be run now. */
  readonly recent: readonly Post[];
  /** Too old: the owner decides. */
  readonly late: readonly Post[];
  /** OpenCode has them, and the thread does not show it: their process died between the two. */
  readonly unmarked: readonly Post[];
}

/** Marks of the bot under a post of the owner that say that it has been dealt with. */
const HANDLED = ["eyes", "inbox_tray", "wastebasket"];

/** Whether the bot's mark under a post says that it has been dealt with. */
export const isMarked = (post: Post, me: UserId): boolean =>
  post.reactions.some((r) => r.userId === me && HANDLED.includes(r.emoji));

/**
 * Pure. What has been dealt with shows in the thread and in OpenCode, which is where it is read: the bot's mark under the
 * post, the bot's answer to it, or the prompt that OpenCode stored with the post's id.
 */
export function unansweredReplies(
  thread: readonly Post[],
  gate: Gate,
  known: { readonly stored: ReadonlySet<PostId>; readonly claimed: readonly PostId[] },
  now: number,
): UnansweredReplies {
  const answered = new Set(
    thread
      .filter((post) => post.userId === gate.me)
      .flatMap((post) => readPostMark(post.props)?.key ?? [])
      .filter((key) => key.startsWith("reply/"))
      .map((key) => key.split("/")[1]),
  );
  const open = thread.filter(
    (post) =>
      mayPost(gate, post) &&
      !answered.has(post.id) &&
      !known.claimed.includes(post.id) &&
      !isMarked(post, gate.me),
  );
  const missed = open.filter((post) => !known.stored.has(post.id));
  return {
    recent: missed.filter((post) => !isTooOld(post, now)),
    late: missed.filter((post) => isTooOld(post, now)),
    unmarked: open.filter((post) => known.stored.has(post.id)),
  };
}
