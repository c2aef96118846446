import type { Post } from "../models/chat.ts";
import type { PostId } from "../models/ids.ts";
import type { KillSwitch } from "../ports.ts";
import { allDeletedNotice, lateNotice } from "../render/notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { PendingReplies } from "./pending-replies.ts";

/** Replies that waited too long to be run unasked: the thread says so, and a tap runs them. */
export interface LateReplies {
  offer(late: readonly Post[]): void;
  /** The keys of the notices that offer such replies, and that nobody has tapped yet. */
  offers(): readonly string[];
  /** Whether a tap of this notice would run something. */
  waits(key: string): boolean;
  /** The owner tapped the notice: its replies are run in order, as they stand by then. */
  run(key: string): Promise<void>;
}

export function createLateReplies(deps: {
  readonly runtime: Pick<ThreadRuntime, "say">;
  /** The owner's kill switch. */
  readonly lock: Pick<KillSwitch, "isOn">;
  /** The replies that wait for their turn. */
  readonly pending: Pick<PendingReplies, "add" | "done">;
  /** `undefined` where it was deleted. */
  readonly read: (id: PostId) => Promise<Post | undefined>;
  /** Has a reply acted on if it is this process's to act on and nobody has before. */
  readonly take: (post: Post) => Promise<void>;
}): LateReplies {
  const offered = new Map<string, readonly Post[]>();

  /** What the owner has edited since, and without what they have deleted. */
  async function asTheyStand(late: readonly Post[]): Promise<readonly Post[]> {
    const posts: Post[] = [];
    for (const { id } of late) {
      const post = await deps.read(id);
      if (post) posts.push(post);
    }
    return posts;
  }

  return {
    offer(found) {
      const known = new Set([...offered.values()].flatMap((posts) => posts.map(({ id }) => id)));
      const late = found.filter(({ id }) => !known.has(id));
      const newest = late.at(-1);
      if (!newest) return;
      const key = `late/${newest.id}`;
      offered.set(key, late);
      deps.runtime.say(key, lateNotice(late.map((post) => post.message)), ["arrow_forward"]);
    },
    offers: () => [...offered.keys()],
    waits: (key) => offered.has(key),
    /** The thread may go to another process meanwhile, which offers the rest again. */
    async run(key) {
      const late = offered.get(key);
      if (!late) return;
      offered.delete(key);
      const posts = await asTheyStand(late).catch((error) => {
        offered.set(key, late);
        throw error;
      });
      if (posts.length === 0) deps.runtime.say(`none-${key}`, allDeletedNotice());
      for (const post of posts) deps.pending.add(post, true);
      for (const post of posts) {
        if (deps.lock.isOn()) offered.set(key, [...(offered.get(key) ?? []), post]);
        else await deps.take(post);
        deps.pending.done(post.id);
      }
    },
  };
}
