import type { AttachedFile, DesiredPost } from "../models/desired-post.ts";

const KEPT = 50;

const AT_ONCE = { settled: "final", urgency: "interactive" } as const;

/** What the bridge says in a thread beside the turns: answers, refusals, ends. Each key once. */
export interface Notices {
  readonly posts: () => readonly DesiredPost[];
  /** What was said for the key asks for something that has been given since: the next word for it takes its place. */
  reopen(key: string): void;
  /** `false` where the key has been said. */
  add(
    key: string,
    message: string,
    marks?: readonly string[],
    files?: readonly AttachedFile[],
  ): boolean;
  /** What was said was not the last word. `false` where it is not known any more. */
  change(key: string, message: string): boolean;
  /** What it says from now on, whoever said it first. Its marks go. */
  replace(key: string, message: string): void;
  /**
   * Forgets the files of those that are in the thread, and the oldest of them; what is not there yet is kept however long that
   * takes.
   */
  forget(lacking: () => readonly string[]): void;
}

export function createNotices(): Notices {
  const posts: DesiredPost[] = [];
  const reopened = new Set<string>();
  return {
    posts: () => posts,
    reopen: (key) => void reopened.add(key),
    add(key, message, marks, files) {
      const known = posts.findIndex((post) => post.key === key);
      if (known >= 0 && !reopened.delete(key)) return false;
      if (known >= 0) posts.splice(known, 1);
      posts.push({ key, message, ...AT_ONCE, ...(marks && { marks }), ...(files && { files }) });
      return true;
    },
    change(key, message) {
      const at = posts.findIndex((post) => post.key === key);
      const known = posts[at];
      if (known) posts[at] = { ...known, message };
      return known !== undefined;
    },
    replace(key, message) {
      const at = posts.findIndex((post) => post.key === key);
      const post = { key, message, ...AT_ONCE, marks: [] };
      if (at < 0) posts.push(post);
      else posts.splice(at, 1, post);
    },
    forget(lacking) {
      const hasFiles = posts.some(({ files }) => files);
      if (posts.length <= KEPT && !hasFiles) return;
      const keys = lacking();
      for (const [at, { files, ...post }] of posts.entries()) {
        if (files && !keys.includes(post.key)) posts[at] = post;
      }
      if (posts.length <= KEPT) return;
      const at = posts.findIndex(({ key }) => !keys.includes(key));
      if (at >= 0) posts.splice(at, 1);
    },
  };
}
