import type { Post } from "../models/chat.ts";
import type { KillSwitch } from "../ports.ts";
import { lateNotice } from "../render/notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { PendingReplies } from "./pending-replies.ts";

/** Replies that waited too long to be run unasked: the thread says so, and a tap runs them. */
export interface LateReplies {
  offer(late: readonly Post[]): void;
  /** The keys of the notices that offer such replies, and that nobody has tapped yet. */
  offers(): readonly string[];
  /** Whether a tap of this notice would run something. */
  waits(key: string): boolean;
  /** The owner tapped the notice: its replies are run in order. */
  run(key: string): Promise<void>;
}

export function createLateReplies(deps: {
  readonly runtime: Pick<ThreadRuntime, "say">;
  /** The owner's kill switch. */
  readonly lock: Pick<KillSwitch, "isOn">;
  /** The replies that wait for their turn. */
  readonly pending: Pick<PendingReplies, "add" | "done">;
  /** Has a reply acted on if it is this process's to act on and nobody has before. */
  readonly take: (post: Post) => Promise<void>;
}): LateReplies {
  const offered = new Map<string, readonly Post[]>();
  return {
    offer(late) {
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
      const late = offered.get(key) ?? [];
      offered.delete(key);
      for (const post of late) deps.pending.add(post);
      for (const [at, post] of late.entries()) {
        if (deps.lock.isOn())
          offered.set(key, [...(offered.get(key) ?? []), ...late.slice(at, at + 1)]);
        else await deps.take(post);
        deps.pending.done(post.id);
      }
    },
  };
}
