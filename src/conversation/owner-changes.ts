import { messageOf } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import type { PostId } from "../models/ids.ts";
import type { Logger } from "../ports.ts";
import { deletedTooLateNotice, editedTooLateNotice } from "../render/notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { PendingReplies } from "./pending-replies.ts";

/** An edit is heard of within this time; what is older was told before, and something else of the post has changed. */
const EDITED_WITHIN_MS = 60_000;

/** The owner edits or deletes posts of theirs: what is still to be acted on follows that, for the rest it is too late. */
export interface OwnerChanges {
  /** `true` where it still waits for its turn, and is to be looked at anew. */
  edited(post: Post): boolean;
  /** It does not wait any more. */
  deleted(post: Post): Promise<void>;
  /** It has been acted on. */
  settled(post: Post): void;
}

export function createOwnerChanges(deps: {
  readonly runtime: Pick<ThreadRuntime, "say">;
  readonly logger: Logger;
  readonly pending: PendingReplies;
  /** The server's clock. */
  readonly serverNow: () => number;
  /** When the text that was acted on was last edited; `undefined` where that was not done here. */
  readonly actedOn: (id: PostId) => number | undefined;
  /** Whether OpenCode has stored it as a prompt. */
  readonly wasStored: (post: Post) => Promise<boolean>;
}): OwnerChanges {
  const { runtime, pending } = deps;

  /** Mattermost tells also of a post that was pinned, say. What is not known here may still be read and acted on. */
  async function isTooLate(post: Post): Promise<boolean> {
    const { id, editedMs } = post;
    const before = deps.actedOn(id);
    if (before !== undefined) return editedMs > before;
    const isRecent = deps.serverNow() - editedMs < EDITED_WITHIN_MS;
    return isRecent && (pending.wasGiven(id) || deps.wasStored(post));
  }

  async function tellIfTooLate(post: Post): Promise<void> {
    try {
      if (await isTooLate(post)) runtime.say(`edited/${post.id}`, editedTooLateNotice());
    } catch (error) {
      deps.logger.warn(`an edit could not be looked at: ${messageOf(error)}`);
    }
  }

  return {
    edited(post) {
      if (pending.edited(post)) return true;
      void tellIfTooLate(post);
      return false;
    },
    settled(post) {
      const now = pending.now(post);
      pending.done(post.id);
      if (now) void tellIfTooLate(now);
    },
    async deleted(post) {
      const isKnown = deps.actedOn(post.id) !== undefined;
      const wasSent = pending.wasGiven(post.id) || (!isKnown && (await deps.wasStored(post)));
      if (wasSent) runtime.say(`deleted/${post.id}`, deletedTooLateNotice());
    },
  };
}
