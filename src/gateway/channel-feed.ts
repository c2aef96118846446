import { isRefusal, messageOf } from "../errors.ts";
import { PERHAPS_MORE_POSTS, type Post } from "../models/chat.ts";
import type { ChannelId, PostId } from "../models/ids.ts";
import type { ChatPort, Clock, Logger } from "../ports.ts";
import { retryDelayMs } from "../timing/retry.ts";

/** A gap is looked for so many pages back where the server no longer knows the newest post. */
const PAGES_READ = 10;
/** So many posts are kept while a gap is being filled. */
const MOST_WAITING = 2_000;

/** The posts of one channel in their order, those that the socket missed included. */
export interface ChannelFeed {
  /** The socket shows a post. */
  posted(post: Post): void;
  /** The socket is live, and may have missed posts; the first time those made while it was being opened. */
  catchUp(): void;
  /** The newest post that is known. */
  newest(): PostId | undefined;
  stop(): void;
}

/** Posts that arrive while a gap is being filled come after it. `onPost` may see a post twice. */
export function createChannelFeed(deps: {
  readonly chat: ChatPort;
  readonly channelId: ChannelId;
  /** The newest post of the channel when this process began: what comes after it is for this process. */
  readonly latest: Post | undefined;
  /** Without one a gap that could not be read is read again when the next post comes. */
  readonly clock?: Clock | undefined;
  readonly logger: Logger;
  /** `isLate`: it was read after an outage of the socket, or waited while that was done. */
  readonly onPost: (post: Post, isLate: boolean) => void;
  /** A post that has been edited, perhaps while the socket was away, perhaps long ago. */
  readonly onEdited?: (post: Post) => void;
}): ChannelFeed {
  const { chat, channelId, clock, logger } = deps;
  let newest: Pick<Post, "id" | "createdMs"> | undefined = deps.latest;
  let waiting: Post[] | undefined;
  /** There was another outage while the gap was being read. */
  let again = false;
  let failed = false;
  let tries = 0;
  let stopped = false;
  let cancelTimer = (): void => undefined;

  function take(post: Post, isLate: boolean): void {
    if (!newest || post.createdMs >= newest.createdMs) newest = post;
    deps.onPost(post, isLate);
  }

  async function fill(): Promise<void> {
    cancelTimer();
    failed = false;
    try {
      await takeMissed();
    } catch (error) {
      if (stopped) return;
      logger.warn(`missed posts could not be read: ${messageOf(error)}`);
      if (!isRefusal(error)) return later(error);
    }
    tries = 0;
    const arrived = waiting ?? [];
    waiting = undefined;
    for (const post of arrived) take(post, true);
    await takeEdits();
  }

  async function takeMissed(): Promise<void> {
    while (again && !stopped) {
      again = false;
      const posts = await missed();
      for (const post of posts) take(post, true);
      if (posts.length >= PERHAPS_MORE_POSTS) again = true;
    }
  }

  /** Of the newest posts only: what is older was not edited for what goes on now. Never rejects. */
  async function takeEdits(): Promise<void> {
    if (!deps.onEdited) return;
    try {
      const newestPosts = await chat.recentPosts(channelId);
      for (const post of newestPosts) if (post.editedMs > 0 && !stopped) deps.onEdited(post);
    } catch (error) {
      logger.debug(`what was edited meanwhile could not be read: ${messageOf(error)}`);
    }
  }

  function later(error: unknown): void {
    failed = true;
    again = true;
    cancelTimer = clock?.schedule(retryDelayMs(tries++, error), () => void fill()) ?? cancelTimer;
  }

  async function missed(): Promise<readonly Post[]> {
    const after = newest ? await chat.postsAfter(channelId, newest.id) : [];
    return after.length > 0 ? after : madeSince(newest?.createdMs ?? 0);
  }

  /** The server answers with nothing too where it does not know the newest post any more. */
  async function madeSince(sinceMs: number): Promise<readonly Post[]> {
    const found: Post[] = [];
    for (let page = 0; page < PAGES_READ; page++) {
      const posts = await chat.recentPosts(channelId, found.at(-1)?.id);
      const newer = posts.filter((post) => post.createdMs > sinceMs);
      found.push(...newer);
      if (newer.length < posts.length || posts.length === 0) break;
    }
    return found.reverse();
  }

  return {
    posted(post) {
      if (!waiting) return take(post, false);
      waiting.push(post);
      // What comes faster than the gap is filled is read with the rest of it.
      if (waiting.length > MOST_WAITING) {
        waiting = [];
        again = true;
      }
      if (failed && !clock) void fill();
    },
    catchUp() {
      again = true;
      if (waiting && !failed) return;
      waiting ??= [];
      void fill();
    },
    newest: () => newest?.id,
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
