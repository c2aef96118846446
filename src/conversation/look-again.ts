import { messageOf } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import type { PostId } from "../models/ids.ts";
import type { Clock, Logger } from "../ports.ts";
import type { UnansweredReplies } from "../thread/unanswered-replies.ts";

const FIRST_LOOK_MS = 5_000;
const MAX_LOOK_MS = 60_000;

/**
 * Replies that another live process took before it lost the thread to this one. Mostly it acts on them; where it dies first,
 * they are this process's. Looks again until each is dealt with.
 */
export interface HeldReplies {
  add(post: Post): void;
  stop(): void;
}

export function createHeldReplies(deps: {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What nobody has acted on yet, read anew. */
  readonly missed: () => Promise<UnansweredReplies>;
  /** Tries to take a reply once more; comes back by `add` where it is still held. */
  readonly take: (post: Post) => Promise<void>;
}): HeldReplies {
  const { clock, logger } = deps;
  const held = new Map<PostId, Post>();
  let lookMs = FIRST_LOOK_MS;
  let cancelTimer: (() => void) | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    try {
      const { recent, late } = await deps.missed();
      const open = [...recent, ...late].filter(({ id }) => held.has(id));
      held.clear();
      for (const post of open) await deps.take(post);
    } catch (error) {
      logger.debug(`replies that another process took could not be read: ${messageOf(error)}`);
    }
    cancelTimer = undefined;
    if (held.size > 0) wait();
    else lookMs = FIRST_LOOK_MS;
  }

  function wait(): void {
    if (stopped || cancelTimer) return;
    cancelTimer = clock.schedule(lookMs, () => void look());
    lookMs = Math.min(lookMs * 2, MAX_LOOK_MS);
  }

  return {
    add(post) {
      held.set(post.id, post);
      wait();
    },
    stop() {
      stopped = true;
      cancelTimer?.();
    },
  };
}
