import { messageOf } from "./errors.ts";
import type { PostId, SessionId } from "./models/ids.ts";
import type { ThreadMapping } from "./models/thread-mapping.ts";
import type { Clock, Logger } from "./ports.ts";
import { sessionMapping } from "./session-mapping.ts";
import type { ThreadGateway } from "./thread-sink.ts";

/** Whether this process answers for a session's thread: what the mappings file says counts, for every process alike. */
export interface ThreadOwnership {
  /** As it was last read or written; absent until the thread is open. */
  mapping(): ThreadMapping | undefined;
  opened(mapping: ThreadMapping): void;
  /** `false` where another process has taken the thread over; that is told once to `onLost`. Read anew each time. */
  isMine(): Promise<boolean>;
  /** Whether the post is this process's to act on: another one may have dealt with it while nobody had the thread. */
  isMyPost(postId: PostId): Promise<boolean>;
  /** The session works here again. Resolves with whether the thread had to be taken back. */
  reclaim(): Promise<boolean>;
  /** Changes the stored mapping while it is this process's. Never rejects. */
  note(change: (stored: ThreadMapping) => ThreadMapping): Promise<void>;
}

export function createThreadOwnership(deps: {
  readonly gateway: ThreadGateway;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sessionId: SessionId;
  readonly onLost: () => void;
}): ThreadOwnership {
  const { gateway, clock, logger, sessionId } = deps;
  const { store, instanceId } = gateway;
  let mapping: ThreadMapping | undefined;

  const stored = () => sessionMapping(store, sessionId, logger);
  const isOurs = (found: ThreadMapping | undefined): boolean => {
    const owner = found?.owner;
    if (owner === undefined || owner === instanceId) return true;
    deps.onLost();
    return false;
  };

  return {
    mapping: () => mapping,
    opened(found) {
      mapping = found;
    },
    isMine: async () => isOurs(await stored()),
    async isMyPost(postId) {
      const found = await stored();
      const isClaimed = found?.claims?.some(({ post }) => post === postId) === true;
      return !isClaimed && isOurs(found);
    },
    async reclaim() {
      if (!mapping || (await stored())?.owner === instanceId) return false;
      await store.update(
        sessionId,
        (found) =>
          found && { ...found, owner: instanceId, status: "active", updatedAtMs: clock.now() },
      );
      return true;
    },
    async note(change) {
      try {
        const kept = await store.update(sessionId, (found) =>
          found?.owner === instanceId ? { ...change(found), updatedAtMs: clock.now() } : found,
        );
        if (mapping) mapping = kept ?? mapping;
      } catch (error) {
        logger.warn(`the mapping of session ${sessionId} could not be kept: ${messageOf(error)}`);
      }
    },
  };
}
