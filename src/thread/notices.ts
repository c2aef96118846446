import type { DesiredPost } from "../models/desired-post.ts";

const KEPT = 50;

/** What the bridge says in a thread beside the turns: answers, refusals, ends. Each key once. */
export interface Notices {
  readonly posts: () => readonly DesiredPost[];
  /** `false` where the key has been said. */
  add(key: string, message: string, marks?: readonly string[]): boolean;
  /** What was said was not the last word. `false` where it is not known any more. */
  change(key: string, message: string): boolean;
  /** Forgets the oldest ones that are in the thread; what is not there yet is kept however long that takes. */
  forget(lacking: () => readonly string[]): void;
}

export function createNotices(): Notices {
  const posts: DesiredPost[] = [];
  return {
    posts: () => posts,
    add(key, message, marks) {
      if (posts.some((post) => post.key === key)) return false;
      posts.push({
        key,
        message,
        settled: "final",
        urgency: "interactive",
        ...(marks && { marks }),
      });
      return true;
    },
    change(key, message) {
      const at = posts.findIndex((post) => post.key === key);
      const known = posts[at];
      if (known) posts[at] = { ...known, message };
      return known !== undefined;
    },
    forget(lacking) {
      if (posts.length <= KEPT) return;
      const keys = lacking();
      const at = posts.findIndex(({ key }) => !keys.includes(key));
      if (at >= 0) posts.splice(at, 1);
    },
  };
}
