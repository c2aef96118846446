import type { Post } from "../models/chat.ts";
import type { PostId } from "../models/ids.ts";

/** The owner's replies from when they come until the session shows that it has them. */
export interface PendingReplies {
  /** It waits for its turn. */
  add(post: Post): void;
  /** Its turn is over. */
  done(id: PostId): void;
  /** It is on its way to the session, which may take its time. */
  given(post: Post): void;
  /** The session has it. */
  arrived(id: PostId): void;
  /** The session is stopped: what was written by then and has not arrived shall not run. Returns how many those are. */
  stop(writtenMs: number): number;
  /** Whether it was stopped before the session had it. */
  isStopped(id: PostId): boolean;
  /** When a reply that was given to the session was written, by the server's clock. */
  writtenMs(id: PostId): number | undefined;
}

/** More than are ever on their way at once. */
const REMEMBERED = 500;

export function createPendingReplies(): PendingReplies {
  const waiting = new Map<PostId, Post>();
  const underWay = new Map<PostId, Post>();
  const stopped = new Set<PostId>();
  const written = new Map<PostId, number>();

  function bounded(known: Map<PostId, unknown> | Set<PostId>): void {
    const [oldest] = known.keys();
    if (known.size > REMEMBERED && oldest) known.delete(oldest);
  }

  return {
    add: (post) => void waiting.set(post.id, post),
    done: (id) => void waiting.delete(id),
    given(post) {
      underWay.set(post.id, post);
      written.set(post.id, post.createdMs);
      bounded(underWay);
      bounded(written);
    },
    arrived: (id) => void underWay.delete(id),
    stop(writtenMs) {
      const meant = [...new Map([...waiting, ...underWay]).values()].filter(
        ({ id, createdMs }) => createdMs <= writtenMs && !stopped.has(id),
      );
      for (const { id } of meant) {
        stopped.add(id);
        bounded(stopped);
      }
      return meant.length;
    },
    isStopped: (id) => stopped.has(id),
    writtenMs: (id) => written.get(id),
  };
}
