import { messageOf } from "../errors.ts";
import type { PromptSettings } from "../models/host-offers.ts";
import type { InstanceId, PostId, SessionId } from "../models/ids.ts";
import type { ReplyClaim, ThreadMapping } from "../models/thread-mapping.ts";
import type { Clock, Logger, MappingStore } from "../ports.ts";
import type { ThreadGateway } from "./ports.ts";
import { claimOf, withClaim } from "./reply-claims.ts";
import { standingOf } from "./standing.ts";

/**
 * What came of taking a reply. `again`: it may have been acted on before, by a process that died. `held`: another live process
 * took it before it lost the thread, and may yet act on it, or die over it. `not-mine`: it is another process's to act on.
 */
type Taken = "first" | "again" | "held" | "not-mine";

/** Whether this process answers for a session's thread: what the mappings file says counts, for every process alike. */
export interface ThreadOwnership {
  /** As it was last read or written; absent until the thread is open. */
  mapping(): ThreadMapping | undefined;
  opened(mapping: ThreadMapping): void;
  /** What the session's prompts run with; kept as soon as the thread is open. Returns at once. */
  choose(settings: PromptSettings): void;
  /** `false` where another process has taken the thread over; that is told once to `onLost`. Read anew each time. */
  isMine(): Promise<boolean>;
  /** Takes a reply, so that no other process acts on it. */
  take(postId: PostId): Promise<Taken>;
  /** A reply that it took has been acted on, and nothing else shows that for good. Never rejects. */
  done(postId: PostId): Promise<void>;
  /** The session works here again. Resolves with the process that the thread had to be taken back from, if any. */
  reclaim(): Promise<InstanceId | undefined>;
  /** The thread was called lost. `false` where somebody has it since. */
  takeBack(): Promise<boolean>;
  /** A reply that has been acted on, as part of a change: that is noted with it, or not at all. */
  settled(stored: ThreadMapping, postId: PostId): ThreadMapping;
  /** Changes the stored mapping. Rejects where that cannot be kept, or where it is not this process's any more. */
  change(change: (stored: ThreadMapping) => ThreadMapping): Promise<void>;
  /** The same for what matters less. Never rejects. */
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
  /** Perhaps before the thread is open. */
  let chosen: PromptSettings | undefined;
  let reclaims = 0;
  let reclaiming: Promise<unknown> = Promise.resolve();

  const stored = () => sessionMapping(store, sessionId, logger);

  /** What was read before the thread was taken back says nothing about whose it is now. */
  async function current<T>(read: () => Promise<T>): Promise<T> {
    for (;;) {
      const begun = reclaims;
      await reclaiming;
      const found = await read();
      if (begun === reclaims) return found;
    }
  }

  const isOurs = (found: ThreadMapping | undefined): boolean => {
    const standing = standingOf(found ?? {}, gateway);
    if (standing === "mine" || standing === "nobody") return true;
    deps.onLost();
    return false;
  };

  function outcome(found: ThreadMapping | undefined, known: ReplyClaim | undefined): Taken {
    const { owner = instanceId } = found ?? {};
    if (owner !== instanceId || (known && known.to !== "run")) return "not-mine";
    if (known === undefined) return found ? "first" : "again";
    return known.by === instanceId || !gateway.isAlive(known.by) ? "again" : "held";
  }

  async function claim(postId: PostId) {
    const mine: ReplyClaim = { post: postId, by: instanceId, to: "run" };
    let result: Taken = "again";
    const kept = await store.update(sessionId, (found) => {
      result = outcome(found, found && claimOf(found, postId));
      return found && (result === "first" || result === "again") ? withClaim(found, mine) : found;
    });
    return { result, kept };
  }

  async function reclaim(): Promise<InstanceId | undefined> {
    if (!mapping || (await stored())?.owner === instanceId) return undefined;
    let from: InstanceId | undefined;
    const kept = await store.update(sessionId, (found) => {
      from = found?.owner;
      return found && { ...found, owner: instanceId, status: "active", updatedAtMs: clock.now() };
    });
    mapping = kept ?? mapping;
    return from;
  }

  async function changeIfMine(change: (stored: ThreadMapping) => ThreadMapping): Promise<boolean> {
    let wasMine = false;
    const kept = await store.update(sessionId, (found) => {
      wasMine = found?.owner === instanceId;
      return found && wasMine ? { ...change(found), updatedAtMs: clock.now() } : found;
    });
    if (mapping) mapping = kept ?? mapping;
    return wasMine;
  }

  async function change(wanted: (stored: ThreadMapping) => ThreadMapping): Promise<void> {
    if (!(await changeIfMine(wanted)))
      throw new Error("what belongs to this thread cannot be kept just now");
  }

  async function note(wanted: (stored: ThreadMapping) => ThreadMapping): Promise<void> {
    try {
      await changeIfMine(wanted);
    } catch (error) {
      logger.warn(`the mapping of session ${sessionId} could not be kept: ${messageOf(error)}`);
    }
  }

  function keepChosen(settings: PromptSettings): void {
    void note((stored) => ({ ...stored, settings: { ...stored.settings, ...settings } }));
  }

  return {
    note,
    mapping: () => mapping,
    choose(settings) {
      chosen = settings;
      if (mapping) keepChosen(settings);
    },
    opened(found) {
      mapping = found;
      if (chosen) keepChosen(chosen);
    },
    isMine: async () => isOurs(await current(stored)),
    async take(postId) {
      try {
        const { result, kept } = await current(() => claim(postId));
        return isOurs(kept) ? result : "not-mine";
      } catch (error) {
        logger.warn(`a claim of session ${sessionId} could not be kept: ${messageOf(error)}`);
        return isOurs(await current(stored)) ? "again" : "not-mine";
      }
    },
    async done(postId) {
      try {
        await store.update(sessionId, (found) =>
          found && claimOf(found, postId)?.by === instanceId
            ? withClaim(found, { post: postId, by: instanceId, to: "done" })
            : found,
        );
      } catch (error) {
        logger.warn(`what became of a reply could not be noted: ${messageOf(error)}`);
      }
    },
    reclaim() {
      reclaims++;
      const done = reclaim();
      reclaiming = done.catch(() => undefined);
      return done;
    },
    async takeBack() {
      const kept = await store.update(sessionId, (found) =>
        found?.owner === undefined && found?.status === "disconnected"
          ? { ...found, owner: instanceId, status: "active", updatedAtMs: clock.now() }
          : found,
      );
      return kept?.owner === instanceId;
    },
    settled: (found, post) => withClaim(found, { post, by: instanceId, to: "done" }),
    change,
  };
}

/** A session's mapping as it is on disk. Where it cannot be read, nothing says that the thread has gone elsewhere. */
export async function sessionMapping(
  store: MappingStore,
  id: SessionId,
  logger: Logger,
): Promise<ThreadMapping | undefined> {
  try {
    return (await store.load()).find((mapping) => mapping.sessionId === id);
  } catch (error) {
    logger.warn(`the mapping of session ${id} could not be read: ${messageOf(error)}`);
    return undefined;
  }
}
