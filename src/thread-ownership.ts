import { messageOf } from "./errors.ts";
import type { PostId, SessionId } from "./models/ids.ts";
import type { ReplyClaim, ThreadMapping } from "./models/thread-mapping.ts";
import type { Clock, Logger } from "./ports.ts";
import { claimOf, withClaim } from "./reply-claims.ts";
import { sessionMapping } from "./session-mapping.ts";
import type { ThreadGateway } from "./thread-sink.ts";

/** Whether this process answers for a session's thread: what the mappings file says counts, for every process alike. */
export interface ThreadOwnership {
  /** As it was last read or written; absent until the thread is open. */
  mapping(): ThreadMapping | undefined;
  opened(mapping: ThreadMapping): void;
  /** `false` where another process has taken the thread over; that is told once to `onLost`. Read anew each time. */
  isMine(): Promise<boolean>;
  /**
   * Takes a reply, so that no other process acts on it; `undefined` where another one has it, or the thread. `again`: it may
   * have been acted on before, by a process that died.
   */
  take(postId: PostId): Promise<"first" | "again" | undefined>;
  /** The session works here again. Resolves with whether the thread had to be taken back. */
  reclaim(): Promise<boolean>;
  /** Changes the stored mapping while it is this process's. Never rejects. */
  note(change: (stored: ThreadMapping) => ThreadMapping): Promise<void>;
}

export function createThreadOwnership(deps: {
  readonly gateway: Pick<ThreadGateway, "store" | "instanceId" | "isAlive">;
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

  const mayTake = (found: ThreadMapping | undefined, known: ReplyClaim | undefined): boolean => {
    const { owner = instanceId } = found ?? {};
    if (owner !== instanceId || known?.to === "refuse") return false;
    return known === undefined || known.by === instanceId || !gateway.isAlive(known.by);
  };

  return {
    mapping: () => mapping,
    opened(found) {
      mapping = found;
    },
    isMine: async () => isOurs(await stored()),
    async take(postId) {
      const mine: ReplyClaim = { post: postId, by: instanceId, to: "run" };
      let result: "first" | "again" | undefined = "again";
      try {
        const kept = await store.update(sessionId, (found) => {
          const known = found && claimOf(found, postId);
          result = mayTake(found, known) ? (known ? "again" : "first") : undefined;
          return result && found ? withClaim(found, mine) : found;
        });
        return isOurs(kept) ? result : undefined;
      } catch (error) {
        logger.warn(`a claim of session ${sessionId} could not be kept: ${messageOf(error)}`);
        return isOurs(await stored()) ? "again" : undefined;
      }
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
