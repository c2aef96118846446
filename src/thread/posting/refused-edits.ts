import { type ChatError, isDoubtful } from "../../errors.ts";
import type { PostId } from "../../models/ids.ts";
import type { ChatPort } from "../../ports.ts";

/** Edits of older posts are switched off on this server. */
const EDIT_TIME_LIMIT = "api.post.update_post.permissions_time_limit.app_error";
/** What may be over in a moment is asked so often again. */
const DOUBTED_TIMES = 6;

/** What follows from an edit that was refused: `keep` leaves the post as it is for good. */
type Consequence = "again" | "new-post" | "keep";

export interface RefusedEdits {
  /** Rejects where it cannot be told yet. */
  judge(postId: PostId, error: ChatError): Promise<Consequence>;
  /** An edit worked. */
  over(): void;
}

export function createRefusedEdits(chat: Pick<ChatPort, "post">, rootPostId: PostId): RefusedEdits {
  const times = new Map<PostId, number>();
  return {
    async judge(postId, error) {
      const isForbidden = error.code === EDIT_TIME_LIMIT || isDoubtful(error);
      // Where the post is gone the owner has removed it.
      if (!isForbidden || (await chat.post(postId)) === undefined) return "keep";
      const count = (times.get(postId) ?? 0) + 1;
      times.set(postId, count);
      if (isDoubtful(error) && count <= DOUBTED_TIMES) return "again";
      return postId === rootPostId ? "keep" : "new-post";
    },
    over: () => times.clear(),
  };
}
