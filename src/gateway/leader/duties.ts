import { messageOf } from "../../errors.ts";
import type { Gate } from "../../models/gate.ts";
import type { InstanceId, PostId } from "../../models/ids.ts";
import type { ChatPort, Clock, Logger, MappingStore } from "../../ports.ts";
import { retryDelayMs } from "../../timing/retry.ts";
import type { DesertedThreads } from "./deserted-threads.ts";
import type { LeaderDuties } from "./leadership.ts";
import type { MainDm } from "./main-dm.ts";
import { unansweredInChannel } from "./unanswered-in-channel.ts";

const CURSOR_EVERY_MS = 30_000;
const PRUNE_EVERY_MS = 24 * 3600 * 1000;

/**
 * The leader's duties: what was missed before it led, threads without a living owner, and the file's tidiness. One that fails
 * keeps it from no other, and is tried again.
 */
export function createLeaderDuties(deps: {
  readonly chat: ChatPort;
  readonly store: MappingStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly gate: Gate;
  readonly machineId: string;
  /** The newest post of the channel that has come in; `undefined` where there is none yet. */
  readonly newest: () => PostId | undefined;
  readonly mainDm: MainDm;
  readonly threads: DesertedThreads;
  readonly instanceId: InstanceId;
  /** Another process came or went, or gave a thread away. */
  readonly othersChanged: () => void;
}): LeaderDuties {
  const { clock, logger, mainDm, threads } = deps;
  let cursorMs = 0;
  let cursor: PostId | undefined;
  let prunedMs = 0;
  /** The threads that are not this process's, as they were last seen. */
  let others: string | undefined;
  /** Done since this process leads. */
  const done = new Set<string>();
  /** What is tried again, less often each time. */
  const failed = new Map<string, { readonly tries: number; readonly dueMs: number }>();

  /** `false` where it failed, or failed a moment ago. */
  async function attempt(what: string, duty: () => Promise<void>): Promise<boolean> {
    const { tries, dueMs } = failed.get(what) ?? { tries: 0, dueMs: 0 };
    if (clock.now() < dueMs) return false;
    try {
      await duty();
      failed.delete(what);
      return true;
    } catch (error) {
      const say = tries === 0 ? logger.warn : logger.debug;
      say(`${what} did not work yet and is tried again: ${messageOf(error)}`);
      failed.set(what, { tries: tries + 1, dueMs: clock.now() + retryDelayMs(tries, error) });
      return false;
    }
  }

  async function once(what: string, duty: () => Promise<void>): Promise<void> {
    if (!done.has(what) && (await attempt(what, duty))) done.add(what);
  }

  async function answerMissed(): Promise<void> {
    const posts = await unansweredInChannel(deps, deps.chat.now());
    // Not waited for: one answer that cannot be posted must not keep the leader from its other duties.
    void mainDm.missed(posts);
  }

  /** Only what came after everything that was missed has been looked at may be called seen. */
  async function noteCursor(): Promise<void> {
    const newest = deps.newest();
    const isDue =
      clock.now() - cursorMs >= CURSOR_EVERY_MS && done.has("answering what was missed");
    if (!newest || newest === cursor || !isDue) return;
    cursorMs = clock.now();
    void attempt("noting what was seen", async () => {
      await mainDm.seenUpTo(newest);
      cursor = newest;
    });
  }

  /** A process that dies leaves the bot's status as it was. */
  async function watchOthers(): Promise<void> {
    const now = JSON.stringify(
      (await deps.store.load())
        .filter(({ owner }) => owner !== deps.instanceId)
        .map(({ sessionId, status, owner }) => [sessionId, status, owner]),
    );
    if (now === others) return;
    others = now;
    deps.othersChanged();
  }

  async function prune(): Promise<void> {
    if (clock.now() - prunedMs < PRUNE_EVERY_MS) return;
    prunedMs = clock.now();
    await threads.prune();
  }

  async function round(): Promise<void> {
    await once("finding lost threads", threads.recover);
    await once("answering what was missed", answerMissed);
    await attempt("explaining threads without a process", threads.sweep);
    await attempt("looking after the bot's status", watchOthers);
    await noteCursor();
    await prune();
  }

  return {
    async begin() {
      done.clear();
      others = undefined;
      await round();
    },
    tick: round,
  };
}
