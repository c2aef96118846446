import type { PostId } from "../models/ids.ts";
import type { ChatPort, Clock, Logger } from "../ports.ts";
import type { ThreadOwnership } from "../thread/ownership.ts";
import { untilDone } from "../timing/retry.ts";

/** Looks whether a thread's root post is still there: nobody goes on unseen in one that an administrator, say, has deleted. */
export function createRootWatch(deps: {
  readonly chat: Pick<ChatPort, "post">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ownership: Pick<ThreadOwnership, "isMine">;
  readonly stopped: () => boolean;
  /** Absent until the thread is open. */
  readonly root: () => PostId | undefined;
  readonly onGone: () => void;
}): () => void {
  let isLooking = false;

  async function look(root: PostId): Promise<void> {
    isLooking = true;
    const found = await untilDone("looking for the thread", deps, async () => ({
      isGone: (await deps.chat.post(root)) === undefined && (await deps.ownership.isMine()),
    }));
    isLooking = false;
    if (found?.isGone && !deps.stopped()) deps.onGone();
  }

  return () => {
    const root = deps.root();
    if (root && !isLooking) void look(root);
  };
}
