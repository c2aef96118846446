import { ChatError, certainlyNotDone, isDoubtful, isRefusal, messageOf } from "../../errors.ts";
import type { Post } from "../../models/chat.ts";
import type { ChannelId, FileId, PostId, UserId } from "../../models/ids.ts";
import { type PostMark, readPostMark, writePostMark } from "../../models/post-mark.ts";
import { type PostText, textOf } from "../../models/post-text.ts";
import type { ChatPort, Clock, Logger, Urgency } from "../../ports.ts";
import { withoutPictures } from "../../render/markdown/safe-markdown.ts";
import { retryDelayMs } from "../../timing/retry.ts";

/** The server remembers a `pending_post_id` for 30 s; asked again within this time, a create cannot double. */
const SAME_REQUEST_WITHIN_MS = 25_000;
/** Of a channel, 200 posts each. */
const PAGES_SEARCHED = 50;
/** A request that was sent is given up after this; before that it may have waited for its turn. */
const ANSWERED_WITHIN_MS = 15_000;
/** A refusal that may be over in a moment is believed after so long. */
const DOUBT_FOR_MS = 300_000;
/** What a person waits for is tried again soon after the server is back. */
const MAX_PAUSE_MS = 4_000;

/** A post to be made exactly once, whatever happens to the calls that make it. */
export interface KeyedPost {
  readonly channelId: ChannelId;
  readonly rootId?: PostId;
  readonly mark: Omit<PostMark, "v">;
  readonly message: PostText;
  readonly urgency: Urgency;
  readonly fileIds?: readonly FileId[];
  /** An earlier life of this process may have made it: look before the first try too. */
  readonly searchFirst?: boolean;
  /** It cannot have been made before, in Unix milliseconds; without it only the newest page of the channel is searched. */
  readonly notBeforeMs?: number;
}

/**
 * `gone`: the server refuses it for good (its thread was deleted, say); the reason is for the log.
 */
type WriteResult =
  | { readonly kind: "written"; readonly post: Post }
  | { readonly kind: "gone"; readonly error: ChatError }
  | { readonly kind: "stopped" };

/**
 * Makes posts so that each key exists once. After a create whose outcome is unknown the thread (or the channel) is searched for
 * the key first; then it is asked again, with the same `pending_post_id` while the server remembers it. Tries for as long as it takes; `stop` ends it.
 */
export interface PostWriter {
  write(post: KeyedPost): Promise<WriteResult>;
  stop(): void;
}

export function createPostWriter(deps: {
  readonly chat: ChatPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly me: UserId;
}): PostWriter {
  const { chat, clock, logger, me } = deps;
  const waiting = new Set<() => void>();
  let stopped = false;

  const pause = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      if (stopped) return resolve();
      const wake = (): void => {
        cancel();
        waiting.delete(wake);
        resolve();
      };
      const cancel = clock.schedule(delayMs, wake);
      waiting.add(wake);
    });

  /** A search that is refused says nothing of what is looked for. */
  async function find(post: KeyedPost): Promise<Post | undefined> {
    try {
      return await search(post);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw new ChatError(error.message, { kind: "unknown", code: error.code, cause: error });
    }
  }

  async function search(post: KeyedPost): Promise<Post | undefined> {
    const isIt = (p: Post): boolean => p.userId === me && sameKey(readPostMark(p.props), post.mark);
    if (post.rootId) return (await chat.thread(post.rootId)).find(isIt);
    let before: PostId | undefined;
    for (let page = 0; page < PAGES_SEARCHED; page++) {
      const posts = await chat.recentPosts(post.channelId, before);
      const found = posts.find(isIt);
      const oldest = posts.at(-1);
      if (
        found ||
        !oldest ||
        oldest.id === before ||
        oldest.createdMs < (post.notBeforeMs ?? oldest.createdMs + 1)
      )
        return found;
      before = oldest.id;
    }
    return undefined;
  }

  /** Whether the server still knows a request that was sent then: the clock may have been put back, too. */
  const isRemembered = (sinceMs: number): boolean =>
    clock.now() >= sinceMs && clock.now() - sinceMs <= SAME_REQUEST_WITHIN_MS;

  /** Where it is not known whether an earlier try made the post: looks, and begins anew where the server has forgotten that try. */
  async function madeBefore(post: KeyedPost, request: OpenRequest): Promise<Post | undefined> {
    const { unsureSinceMs } = request;
    if (unsureSinceMs === undefined) return undefined;
    const found = await find(post);
    if (found || isRemembered(unsureSinceMs)) return found;
    if (unsureSinceMs !== Number.NEGATIVE_INFINITY) request.salt = clock.now();
    request.unsureSinceMs = undefined;
    return undefined;
  }

  /** One try; `request` remembers across tries since when the server may have made the post without our knowing. */
  async function attempt(post: KeyedPost, request: OpenRequest): Promise<Post> {
    const found = await madeBefore(post, request);
    if (found) return found;
    const sentMs = clock.now();
    const { unsureSinceMs, salt } = request;
    const beforeMs = unsureSinceMs && unsureSinceMs + SAME_REQUEST_WITHIN_MS;
    try {
      const wanted = newPost(post, pendingId(me, post.mark, salt));
      return await chat.createPost(wanted, post.urgency, beforeMs);
    } catch (error) {
      if (!certainlyNotDone(error)) {
        request.unsureSinceMs ??= Math.max(sentMs, clock.now() - ANSWERED_WITHIN_MS);
      }
      throw error;
    }
  }

  /** Whether there is no use in asking again. Where there is doubt the root tells, and time. */
  async function isFinal(
    { rootId }: KeyedPost,
    error: unknown,
    request: OpenRequest,
  ): Promise<boolean> {
    if (!isRefusal(error)) {
      request.refusedSinceMs = undefined;
      return false;
    }
    request.refusedSinceMs ??= clock.now();
    if (!isDoubtful(error) || clock.now() - request.refusedSinceMs > DOUBT_FOR_MS) return true;
    const root = rootId === undefined ? null : await chat.post(rootId).catch(() => null);
    return root === undefined;
  }

  return {
    async write(post) {
      const unsureSinceMs = post.searchFirst ? Number.NEGATIVE_INFINITY : undefined;
      const request: OpenRequest = { salt: 0, unsureSinceMs, refusedSinceMs: undefined };
      for (let tries = 0; !stopped; tries++) {
        try {
          return { kind: "written", post: await attempt(post, request) };
        } catch (error) {
          const isOver = await isFinal(post, error, request);
          if (isRefusal(error) && isOver) return { kind: "gone", error };
          logger.debug(`a post could not be made yet: ${messageOf(error)}`);
          await pause(retryDelayMs(tries, error, MAX_PAUSE_MS));
        }
      }
      return { kind: "stopped" };
    },
    stop() {
      stopped = true;
      for (const wake of [...waiting]) wake();
    },
  };
}

interface OpenRequest {
  salt: number;
  unsureSinceMs: number | undefined;
  refusedSinceMs: number | undefined;
}

const sameKey = (found: PostMark | undefined, wanted: Omit<PostMark, "v">): boolean =>
  found?.key === wanted.key && found.session_id === wanted.session_id;

/** Equal for every process that makes the same post, so that the server itself keeps two of them from doing so. */
const pendingId = (me: UserId, mark: Omit<PostMark, "v">, salt: number): string =>
  `${me}:${mark.session_id}:${mark.key}:${salt}`;

const newPost = (post: KeyedPost, pendingPostId: string) => ({
  channelId: post.channelId,
  message: () => withoutPictures(textOf(post.message)),
  props: writePostMark(post.mark),
  pendingPostId,
  ...(post.rootId && { rootId: post.rootId }),
  ...(post.fileIds && { fileIds: post.fileIds }),
});
