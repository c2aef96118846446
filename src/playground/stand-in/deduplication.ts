/** How long the server remembers a `pending_post_id`. */
const keptMs = 30_000;

/** Remembers which `pending_post_id` made which post, for 30 seconds. */
export interface Deduplication {
  /** Undefined for an id not seen: it is now pending. Else what became of it. */
  enter(pendingId: string): { readonly postId: string | undefined } | undefined;
  made(pendingId: string, postId: string): void;
  /** The create was refused: the id is free again. */
  failed(pendingId: string): void;
  clear(): void;
}

/** Creates an empty memory on the server's clock. */
export function createDeduplication(now: () => number): Deduplication {
  const seen = new Map<string, { postId: string | undefined; readonly at: number }>();
  const expire = () => {
    const limit = now() - keptMs;
    for (const [id, entry] of seen) {
      if (entry.at > limit) return;
      seen.delete(id);
    }
  };
  return {
    enter(pendingId) {
      expire();
      const known = seen.get(pendingId);
      if (known === undefined) seen.set(pendingId, { postId: undefined, at: now() });
      return known;
    },
    made(pendingId, postId) {
      const entry = seen.get(pendingId);
      if (entry !== undefined) entry.postId = postId;
    },
    failed: (pendingId) => void seen.delete(pendingId),
    clear: () => seen.clear(),
  };
}
