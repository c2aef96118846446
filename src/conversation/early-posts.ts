import type { Post } from "../models/chat.ts";
import type { Clock } from "../ports.ts";

/** What was written before may take long to be found: nobody waits longer for it. */
const WAITS_MS = 5_000;

/** Posts that come while those that were written before them are still looked for: they are acted on after those, in their order. */
export interface EarlyPosts {
  post(post: Post): void;
  /** The owner has edited it. `false` where it does not wait here. */
  edited(post: Post): boolean;
  /** The owner has deleted it. `false` as above. */
  deleted(post: Post): boolean;
  /** What was written before is acted on from here on. */
  begin(): void;
}

export function createEarlyPosts(clock: Clock, take: (post: Post) => void): EarlyPosts {
  /** Absent once nothing is waited for. */
  let waiting: Map<string, Post> | undefined = new Map();

  function begin(): void {
    const posts = waiting?.values() ?? [];
    waiting = undefined;
    cancel();
    for (const post of posts) take(post);
  }
  const cancel = clock.schedule(WAITS_MS, begin);

  return {
    post(post) {
      if (waiting) waiting.set(post.id, post);
      else take(post);
    },
    edited(post) {
      if (!waiting?.has(post.id)) return false;
      waiting.set(post.id, post);
      return true;
    },
    deleted: ({ id }) => waiting?.delete(id) ?? false,
    begin,
  };
}
