import type { Post } from "../models/chat.ts";
import type { PostId } from "../models/ids.ts";
import type { Clock } from "../ports.ts";
import type { ThreadOwnership } from "../thread/ownership.ts";
import type { When } from "./conversation.ts";

/** What waited longer may have been sent by somebody else, whose claim is not kept any more. */
const FRESH_FOR_MS = 10_000;

/**
 * Acts on a reply when its turn has come, or ahead of it, if it is this process's to act on, and once. `queuedMs`: since when it
 * waits for its turn. `again`: another process may have acted on it.
 */
export type ActOnce = (post: Post, queuedMs: number, when: When, known?: "again") => Promise<void>;

export function createActOnce(deps: {
  readonly clock: Clock;
  /** The server's clock. */
  readonly serverNow: () => number;
  readonly ownership: Pick<ThreadOwnership, "take">;
  /** The replies that this process acts on just now, also in a thread that it has let go of meanwhile. */
  readonly acting: Set<PostId>;
  /** The thread is not attended to here any more: whoever has it now finds what still waited. */
  readonly stopped: () => boolean;
  /** As the owner wants it now, read anew where it waited for long; `undefined` where they have deleted it. */
  readonly asItStands: (post: Post, waitedMs: number) => Promise<Post | undefined>;
  readonly hold: (post: Post) => void;
  /** Whether it has been acted on here. */
  readonly knows: (postId: PostId) => boolean;
  readonly act: (post: Post, when: When, taken: "first" | "again") => Promise<void>;
}): ActOnce {
  const { clock, ownership, acting } = deps;

  async function takeNow(post: Post, when: When, known: "again" | undefined): Promise<void> {
    const taken = await ownership.take(post.id);
    if (taken === "held") deps.hold(post);
    else if (taken !== "not-mine") await deps.act(post, when, known ?? taken);
  }

  return async (delivered, queuedMs, when, known) => {
    if (deps.stopped() || deps.knows(delivered.id)) return;
    const post = await deps.asItStands(delivered, clock.now() - queuedMs);
    if (!post) return;
    if (acting.has(post.id)) return deps.hold(post);
    const waitedMs = Math.max(clock.now() - queuedMs, deps.serverNow() - post.createdMs);
    const isFresh = waitedMs < FRESH_FOR_MS;
    acting.add(post.id);
    try {
      await takeNow(post, when, known ?? (isFresh ? undefined : "again"));
    } finally {
      acting.delete(post.id);
    }
  };
}
