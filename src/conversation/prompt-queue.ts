import { namesOf } from "../commands/command-names.ts";
import { COMMANDS } from "../commands/index.ts";
import { parseCommand } from "../commands/message-router.ts";
import { queue as queueCommand } from "../commands/queue.ts";
import { messageOf } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import type { PostId } from "../models/ids.ts";
import type { QueuedPost, ThreadMapping } from "../models/thread-mapping.ts";
import type { ChatPort, Clock, Logger } from "../ports.ts";
import {
  queueDroppedNotice,
  queueHeldNotice,
  queueRunsNotice,
  type WhyHeld,
} from "../render/queue-notice.ts";
import type { ThreadOwnership } from "../thread/ownership.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";

/** What waits for the session to be idle. It stands in the mapping: posts by their ids, so that each is run as it stands by then. */
export interface PromptQueue {
  posts(): readonly QueuedPost[];
  has(id: PostId): boolean;
  /** Whether it waits for a word of the owner's. */
  isHeld(): boolean;
  /** What each of them says, in order. */
  texts(): Promise<readonly string[]>;
  /** Puts a post at the end, once. Rejects where that cannot be kept. */
  add(post: Pick<Post, "id" | "createdMs">): Promise<void>;
  /** Takes one out: it has been run, or is not wanted. Rejects as above. */
  remove(id: PostId, as: "run" | "dropped"): Promise<void>;
  /** Takes out the posts at these places, from 0, for a command of the owner's, once. Resolves with how many those were. */
  take(places: readonly number[] | "all", command: PostId): Promise<number>;
  /** It does not go on by itself: the thread says so, with what to tap. */
  hold(why: WhyHeld): Promise<void>;
  /** The owner tapped that it shall go on: what the post with this key says is true no more. */
  release(key: string): Promise<void>;
  /** The owner tapped that it shall not: what was in it when the post with this key was made is taken out. */
  drop(key: string): Promise<void>;
  /** The notice that says that it waits is in the thread, also after a crash. */
  sayIfHeld(): Promise<void>;
}

/** What a queued post is to prompt, as it stands: the owner may have edited the command away. */
export function queuedText({ message }: Pick<Post, "message">): string {
  const parsed = parseCommand(message);
  return parsed && namesOf(queueCommand).includes(parsed.name) ? parsed.args : message;
}

/** The command that the owner has edited a queued post to: it is no prompt any more. */
export function otherCommand({ message }: Pick<Post, "message">): string | undefined {
  const { name = "" } = parseCommand(message) ?? {};
  if (namesOf(queueCommand).includes(name)) return undefined;
  return COMMANDS.find((command) => namesOf(command).includes(name))?.name;
}

export const QUEUE_MARKS = ["arrow_forward", "wastebasket"];

export function createPromptQueue(deps: {
  readonly runtime: Pick<ThreadRuntime, "say" | "amend" | "mark" | "postedMs">;
  readonly ownership: Pick<ThreadOwnership, "mapping" | "change" | "settled">;
  readonly chat: Pick<ChatPort, "post">;
  readonly clock: Clock;
  readonly logger: Logger;
}): PromptQueue {
  const { runtime, ownership, chat, clock, logger } = deps;

  const posts = (): readonly QueuedPost[] => ownership.mapping()?.queue ?? [];
  const held = (): string | undefined => ownership.mapping()?.queueHeld;

  async function texts(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const { post: id } of posts()) {
      const post = await chat.post(id).catch((error) => {
        logger.debug(`a queued prompt could not be read: ${messageOf(error)}`);
        return undefined;
      });
      found.push(post ? queuedText(post) : "");
    }
    return found;
  }

  const without = (
    stored: ThreadMapping,
    isOut: (queued: QueuedPost, place: number) => boolean,
  ): { readonly kept: ThreadMapping; readonly out: readonly PostId[] } => {
    const queue = stored.queue ?? [];
    const left = queue.filter((queued, place) => !isOut(queued, place));
    const out = queue.filter(isOut).map(({ post }) => post);
    const { queue: _, queueHeld, ...rest } = stored;
    const more = left.length > 0 ? { queue: left, ...(queueHeld && { queueHeld }) } : {};
    return { kept: { ...rest, ...more }, out };
  };

  /** A change that takes some out; resolves with those. */
  async function takeOut(
    isOut: (queued: QueuedPost, place: number) => boolean,
    also: (stored: ThreadMapping) => ThreadMapping = (stored) => stored,
  ): Promise<readonly PostId[]> {
    let gone: readonly PostId[] = [];
    await ownership.change((stored) => {
      const { kept, out } = without(stored, isOut);
      gone = out;
      return also(kept);
    });
    return gone;
  }

  async function dropped(ids: readonly PostId[]): Promise<number> {
    for (const id of ids) runtime.mark(id, "wastebasket");
    return ids.length;
  }

  async function sayIfHeld(): Promise<void> {
    const key = held();
    if (key === undefined || posts().length === 0) return;
    const why = key.endsWith("/old") ? "old" : key.endsWith("/failed") ? "failed" : "stopped";
    runtime.say(key, queueHeldNotice(await texts(), why), QUEUE_MARKS);
  }

  return {
    posts,
    has: (id) => posts().some(({ post }) => post === id),
    isHeld: () => held() !== undefined,
    texts,
    async add({ id, createdMs }) {
      await ownership.change((stored) => {
        const queue = stored.queue ?? [];
        const isThere = queue.some(({ post }) => post === id);
        const next = isThere ? queue : [...queue, { post: id, atMs: createdMs }];
        return ownership.settled({ ...stored, queue: next }, id);
      });
      runtime.mark(id, "inbox_tray");
    },
    async remove(id, as) {
      const gone = await takeOut(({ post }) => post === id);
      if (as === "dropped") await dropped(gone);
    },
    async take(places, command) {
      const isOut = (_: QueuedPost, place: number): boolean =>
        places === "all" || places.includes(place);
      return dropped(await takeOut(isOut, (kept) => ownership.settled(kept, command)));
    },
    async hold(why) {
      if (held() !== undefined || posts().length === 0) return;
      const key = `queued/${clock.now()}/${why}`;
      await ownership.change((stored) =>
        stored.queue && stored.queue.length > 0 ? { queueHeld: key, ...stored } : stored,
      );
      await sayIfHeld();
    },
    async release(key) {
      const count = posts().length;
      await ownership.change(({ queueHeld: _, ...stored }) => stored);
      runtime.amend(key, queueRunsNotice(count));
    },
    async drop(key) {
      const madeMs = runtime.postedMs(key) ?? 0;
      const gone = await takeOut(({ atMs }) => atMs <= madeMs);
      runtime.amend(key, queueDroppedNotice(await dropped(gone)));
    },
    sayIfHeld,
  };
}
