import type { Post } from "../models/chat.ts";
import type { PostId } from "../models/ids.ts";

/** The owner's replies from when they come until the session shows that it has them. */
export interface PendingReplies {
  /** It waits for its turn. */
  add(post: Post, isPrompt: boolean): void;
  /** Its turn is over. */
  done(id: PostId): void;
  /** As the owner wants it now; `undefined` where they have deleted it. */
  now(post: Post): Post | undefined;
  /** The owner has changed it. `false` where that comes too late. */
  edited(post: Post): boolean;
  /** The owner has deleted it. `false` as above. */
  deleted(id: PostId): boolean;
  /** It is on its way to the session, which may take its time. */
  given(post: Post): void;
  /** The session has it. */
  arrived(id: PostId): void;
  /** Whether it was given to the session, as far as that is remembered. */
  wasGiven(id: PostId): boolean;
  /** The session is stopped: what was written by then and has not arrived shall not run. Returns how many those are. */
  stop(writtenMs: number): number;
  /** Whether it was stopped before the session had it. */
  isStopped(id: PostId): boolean;
  /** Resolves when it is. */
  untilStopped(id: PostId): Promise<void>;
  /** When a reply that was given to the session was written, by the server's clock. */
  writtenMs(id: PostId): number | undefined;
}

/** More than are ever on their way at once. */
const REMEMBERED = 500;

interface Waiting {
  /** Absent where it was deleted. */
  readonly post: Post | undefined;
  readonly isPrompt: boolean;
}

export function createPendingReplies(): PendingReplies {
  const waiting = new Map<PostId, Waiting>();
  const underWay = new Map<PostId, Post>();
  const stopped = new Set<PostId>();
  const written = new Map<PostId, number>();
  /** Those whose files or words are still on their way here. */
  const held = new Map<PostId, () => void>();

  function bounded(known: Map<PostId, unknown> | Set<PostId>): void {
    const [oldest] = known.keys();
    if (known.size > REMEMBERED && oldest) known.delete(oldest);
  }

  function change(id: PostId, post: Post | undefined): boolean {
    const entry = waiting.get(id);
    if (!entry) return false;
    waiting.set(id, { ...entry, post });
    return true;
  }

  return {
    add: (post, isPrompt) => void waiting.set(post.id, { post, isPrompt }),
    done(id) {
      waiting.delete(id);
      held.delete(id);
    },
    now(post) {
      const entry = waiting.get(post.id);
      return entry ? entry.post : post;
    },
    edited: (post) => change(post.id, post),
    deleted: (id) => change(id, undefined),
    given(post) {
      waiting.delete(post.id);
      held.delete(post.id);
      underWay.set(post.id, post);
      written.set(post.id, post.createdMs);
      bounded(underWay);
      bounded(written);
    },
    arrived: (id) => void underWay.delete(id),
    wasGiven: (id) => written.has(id),
    stop(writtenMs) {
      const prompts = [...waiting.values()].flatMap(({ post, isPrompt }) =>
        post && isPrompt ? post : [],
      );
      const meant = [...prompts, ...underWay.values()].filter(
        ({ id, createdMs }) => createdMs <= writtenMs && !stopped.has(id),
      );
      for (const { id } of meant) {
        stopped.add(id);
        bounded(stopped);
        held.get(id)?.();
      }
      return meant.length;
    },
    isStopped: (id) => stopped.has(id),
    untilStopped: (id) =>
      new Promise((resolve) => {
        held.set(id, resolve);
        bounded(held);
        if (stopped.has(id)) resolve();
      }),
    writtenMs: (id) => written.get(id),
  };
}
