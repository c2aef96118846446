import { isRefusal, messageOf } from "../../errors.ts";
import type { Post } from "../../models/chat.ts";
import type { Identity } from "../../models/identity.ts";
import { asSessionId, type InstanceId, type PostId, type SessionId } from "../../models/ids.ts";
import { type PostMark, readPostMark } from "../../models/post-mark.ts";
import type { ThreadMapping } from "../../models/thread-mapping.ts";
import type { ChatPort, Clock, Logger, MappingStore } from "../../ports.ts";
import { sessionLostNotice } from "../../render/notice.ts";
import { disconnectedCard, readCard } from "../../render/session-card.ts";
import { sessionMapping } from "../../thread/ownership.ts";
import { createPostWriter } from "../../thread/posting/post-writer.ts";
import { standingOf } from "../../thread/standing.ts";
import { untilDone } from "../../timing/retry.ts";
import { toLocalMs } from "../../timing/server-time.ts";

const PAGES_SEARCHED = 5;
const DAY_MS = 24 * 3600 * 1000;
const PUT_BACK_WITHIN_MS = 10_000;

/** Threads that no live process answers for: explained, found again, and in the end forgotten. */
export interface DesertedThreads {
  /** Begins to mark and explain the threads whose process died. Resolves when those are known. */
  sweep(): Promise<void>;
  /**
   * Takes threads of this machine that the file does not know back into it, from their root posts; and as this machine's own those
   * that are in the file since before the machine had its id: the state folder was lost since, or the container made anew.
   */
  recover(): Promise<void>;
  /** Drops mappings that have been over for long. */
  prune(): Promise<void>;
  stop(): void;
}

export function createDesertedThreads(deps: {
  readonly chat: ChatPort;
  readonly store: MappingStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly identity: Identity;
  readonly machineId: string;
  /** When this machine got its id, in Unix milliseconds. */
  readonly machineSinceMs: number;
  readonly instanceId: InstanceId;
  readonly isAlive: (instance: InstanceId) => boolean;
  readonly keepEndedDays: number;
}): DesertedThreads {
  const { chat, store, clock, logger, identity, machineId } = deps;
  const { channelId } = identity;
  const writer = createPostWriter({ chat, clock, logger, me: identity.me.id });

  const explaining = new Set<SessionId>();
  let stopped = false;
  const retry = { clock, logger, stopped: () => stopped };

  /** A live owner puts an entry that got lost back within seconds; what was just found again waits for that. */
  function isLost(mapping: ThreadMapping): boolean {
    if (mapping.status !== "active") return false;
    const standing = standingOf(mapping, deps);
    const isSettled = clock.now() - mapping.updatedAtMs > PUT_BACK_WITHIN_MS;
    return standing === "deserted" || (standing === "nobody" && isSettled);
  }

  /** The word comes first, with one request, because there may be many threads to give it to. */
  async function explain(mapping: ThreadMapping, said: readonly PostMark[]): Promise<void> {
    const { sessionId, rootPostId, owner = "nobody" } = mapping;
    const key = `lost/${owner}`;
    const isSaid = said.some((mark) => mark.key === key && mark.session_id === sessionId);
    if (rootPostId && !isSaid) {
      const mark = { key, session_id: sessionId, machine_id: machineId };
      const message = sessionLostNotice(sessionId, mapping.queue?.length);
      const where = { channelId, rootId: rootPostId, urgency: "normal" } as const;
      const { kind } = await writer.write({ ...where, mark, message });
      if (kind === "stopped") return;
    }
    const kept = await untilDone(`noting that session ${sessionId} is lost`, retry, () =>
      store.update(sessionId, (stored) => {
        if (!stored || !isLost(stored) || stored.owner !== mapping.owner) return stored;
        const { owner: _, ...rest } = stored;
        return { ...rest, status: "disconnected", updatedAtMs: clock.now() };
      }),
    );
    if (kept?.status !== "disconnected") return;
    logger.info(`the process that ran session ${sessionId} is gone; its thread says so`);
    if (rootPostId) void showInCard(rootPostId, sessionId);
  }

  /** Only looks nicer: the thread has said it already. Never rejects. */
  async function showInCard(rootPostId: PostId, sessionId: SessionId): Promise<void> {
    await untilDone("the card of a lost session", retry, async () => {
      const root = await chat.post(rootPostId);
      const mapping = await sessionMapping(store, sessionId, logger);
      if (!root || mapping?.status !== "disconnected") return;
      try {
        await chat.editPost(root.id, disconnectedCard(root.message, sessionId), "cosmetic");
      } catch (error) {
        if (!isRefusal(error)) throw error;
        logger.info(`the card of session ${sessionId} may not be edited: ${messageOf(error)}`);
      }
    });
  }

  /** One that Mattermost does not take keeps no other from being explained. */
  async function explainApart(mapping: ThreadMapping, said: readonly PostMark[]): Promise<void> {
    const { sessionId } = mapping;
    explaining.add(sessionId);
    await explain(mapping, said)
      .catch((error) => {
        logger.warn(
          `session ${sessionId} is lost, and its thread does not say so yet: ${messageOf(error)}`,
        );
      })
      .finally(() => explaining.delete(sessionId));
  }

  /** A root post of this machine, as the mapping that it stands for. */
  function mappingOf(root: Post, mark: PostMark): ThreadMapping {
    const card = readCard(root.message);
    return {
      sessionId: asSessionId(mark.session_id),
      channelId,
      rootPostId: root.id,
      directory: mark.directory ?? "",
      project: card.project,
      title: card.title,
      machineId,
      status: card.status,
      createdAtMs: toLocalMs(root.createdMs, deps),
      updatedAtMs: clock.now(),
    };
  }

  const isInherited = ({ machineId: of, channelId: where, updatedAtMs }: ThreadMapping): boolean =>
    of !== machineId && where === channelId && updatedAtMs < deps.machineSinceMs;

  async function inherit(): Promise<void> {
    for (const mapping of (await store.load()).filter(isInherited)) {
      await store.update(mapping.sessionId, (stored) =>
        stored && isInherited(stored) ? { ...stored, machineId } : stored,
      );
      logger.info(`the thread of session ${mapping.sessionId} is from before the state was lost`);
    }
  }

  async function take(post: Post, known: Set<SessionId>): Promise<void> {
    const mark = post.userId === identity.me.id ? readPostMark(post.props) : undefined;
    if (mark?.key !== "root" || mark.machine_id !== machineId) return;
    const sessionId = asSessionId(mark.session_id);
    const isOld =
      Math.max(post.createdMs, post.editedMs) < chat.now() - deps.keepEndedDays * DAY_MS;
    if (known.has(sessionId) || isOld) return;
    known.add(sessionId);
    await store.update(sessionId, (stored) => stored ?? mappingOf(post, mark));
    logger.info(`the thread of session ${sessionId} was found again by its root post`);
  }

  return {
    async sweep() {
      const lost = (await store.load()).filter(
        (mapping) =>
          mapping.machineId === machineId &&
          mapping.channelId === channelId &&
          isLost(mapping) &&
          !explaining.has(mapping.sessionId),
      );
      if (lost.length === 0) return;
      // What a leader said that died over it is among the newest posts.
      const said = (await chat.recentPosts(channelId)).flatMap(
        ({ userId, props }) => (userId === identity.me.id && readPostMark(props)) || [],
      );
      for (const mapping of lost) void explainApart(mapping, said);
    },
    async recover() {
      await inherit();
      const known = new Set((await store.load()).map((mapping) => mapping.sessionId));
      let before: Post["id"] | undefined;
      for (let page = 0; page < PAGES_SEARCHED; page++) {
        const last = before;
        const posts = await chat.recentPosts(channelId, before);
        before = posts.at(-1)?.id;
        for (const post of posts) await take(post, known);
        if (posts.length === 0 || before === last) return;
      }
    },
    async prune() {
      const before = clock.now() - deps.keepEndedDays * DAY_MS;
      const removed = await store
        .prune(({ status, updatedAtMs }) => status !== "active" && updatedAtMs < before)
        .catch((error) => logger.warn(`old mappings could not be dropped: ${messageOf(error)}`));
      if (removed) logger.info(`${removed} mappings of sessions that ended long ago were dropped`);
    },
    stop() {
      stopped = true;
      writer.stop();
    },
  };
}
