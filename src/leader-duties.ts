import { messageOf } from "./errors.ts";
import type { Gate } from "./gate.ts";
import type { Inbox } from "./inbox.ts";
import type { LeaderDuties } from "./leadership.ts";
import type { MainDm } from "./main-dm.ts";
import { missedInChannel } from "./main-dm-catch-up.ts";
import type { PostId } from "./models/ids.ts";
import type { OwnerlessThreads } from "./ownerless-threads.ts";
import type { ChatPort, Clock, Logger, MappingStore } from "./ports.ts";

const CURSOR_EVERY_MS = 30_000;
const PRUNE_EVERY_MS = 24 * 3600 * 1000;

/** The leader's duties: what was missed before it led, threads without a living owner, and the file's tidiness. */
export function createLeaderDuties(deps: {
  readonly chat: ChatPort;
  readonly store: MappingStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly gate: Gate;
  readonly inbox: Inbox;
  readonly mainDm: MainDm;
  readonly threads: OwnerlessThreads;
}): LeaderDuties {
  const { chat, store, clock, logger, gate, inbox, mainDm, threads } = deps;
  let cursorMs = 0;
  let cursor: PostId | undefined;
  let prunedMs = 0;

  function noteCursor(): void {
    const newest = inbox.newest();
    if (!newest || newest === cursor || clock.now() - cursorMs < CURSOR_EVERY_MS) return;
    cursorMs = clock.now();
    // Not waited for: one answer that cannot be posted must not keep the leader from its other duties.
    void mainDm
      .seenUpTo(newest)
      .then(() => {
        cursor = newest;
      })
      .catch((error) => logger.warn(`what was seen could not be noted: ${messageOf(error)}`));
  }

  return {
    async begin() {
      await threads.sweep();
      await threads.recover();
      void mainDm.missed(await missedInChannel(chat, store, gate));
      noteCursor();
    },
    async tick() {
      await threads.sweep();
      noteCursor();
      if (clock.now() - prunedMs < PRUNE_EVERY_MS) return;
      prunedMs = clock.now();
      await threads.prune();
    },
  };
}
