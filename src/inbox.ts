import { messageOf } from "./errors.ts";
import { type Gate, mayPost, mayReact } from "./gate.ts";
import { isLockCommand, parseCommand } from "./message-router.ts";
import type { ChatEvent, Post } from "./models/chat.ts";
import type { PostId } from "./models/ids.ts";
import type { ChatPort, LockSwitch, Logger, SocketState } from "./ports.ts";
import type { ThreadSink } from "./thread-sink.ts";

/**
 * The single place where posts and reactions enter: checks who may act, keeps the order, and fills the gaps that an
 * outage of the socket left.
 */
export interface Inbox {
  event(event: ChatEvent): void;
  socketState(state: SocketState): void;
  register(rootPostId: PostId, sink: ThreadSink): () => void;
  sinks(): readonly ThreadSink[];
  /** The newest post of the channel that this process knows. */
  newest(): PostId | undefined;
}

const SEEN_REMEMBERED = 2_000;
const EARLY_REMEMBERED = 100;

export function createInbox(deps: {
  readonly chat: ChatPort;
  readonly gate: Gate;
  readonly logger: Logger;
  /** A post of the owner that is in no thread of this process. */
  readonly onElsewhere: (post: Post) => void;
  /** The owner's kill switch: while it is on only `!unlock` passes, and the leader says so to everything else. */
  readonly lock: LockSwitch;
}): Inbox {
  const { chat, gate, logger } = deps;
  const sinks = new Map<PostId, ThreadSink>();
  const seen = new Set<PostId>();
  /** The newest post of the channel that this process knows, whoever wrote it. */
  let newest: PostId | undefined;
  /** Posts in threads that this process did not have when they came: it may be opening them. */
  let early: Post[] = [];
  /** Posts that arrive while a gap is being filled; they come after it. */
  let waiting: Post[] | undefined;

  function receive(post: Post): void {
    newest = post.id;
    if (!isFirst(post.id) || !mayPost(gate, post)) return;
    const switches = isLockCommand(post.message);
    if (switches) deps.lock.set(parseCommand(post.message)?.name === "lock");
    if (switches || !deps.lock.isOn()) deliver(post);
    else deps.onElsewhere(post);
  }

  function isFirst(postId: PostId): boolean {
    if (seen.has(postId)) return false;
    seen.add(postId);
    const [oldest] = seen;
    if (seen.size > SEEN_REMEMBERED && oldest) seen.delete(oldest);
    return true;
  }

  function deliver(post: Post): void {
    const sink = post.rootId && sinks.get(post.rootId);
    if (sink) {
      sink.post(post);
      return;
    }
    if (post.rootId) early.push(post);
    if (early.length > EARLY_REMEMBERED) early.shift();
    deps.onElsewhere(post);
  }

  function own(post: Post): void {
    sinks.get(post.rootId ?? post.id)?.seen(post);
  }

  async function fillGap(): Promise<void> {
    if (waiting) return;
    waiting = [];
    try {
      const missed = newest
        ? await chat.postsAfter(gate.channelId, newest)
        : (await chat.recentPosts(gate.channelId)).slice(0, 1);
      if (newest) for (const post of missed) receivePosted(post);
      else newest = missed[0]?.id;
    } finally {
      const arrived = waiting;
      waiting = undefined;
      for (const post of arrived) receivePosted(post);
    }
  }

  function receivePosted(post: Post): void {
    if (post.channelId !== gate.channelId) return;
    if (post.userId === gate.me) {
      newest = post.id;
      own(post);
    } else {
      receive(post);
    }
  }

  function event(happened: ChatEvent): void {
    switch (happened.type) {
      case "posted":
        if (waiting) waiting.push(happened.post);
        else receivePosted(happened.post);
        return;
      case "edited":
        if (happened.post.userId === gate.me) own(happened.post);
        return;
      case "reaction-added":
      case "reaction-removed": {
        const { reaction } = happened;
        if (!mayReact(gate, reaction) || deps.lock.isOn()) return;
        const sink = [...sinks.values()].find((s) => s.has(reaction.postId));
        sink?.reaction(reaction, happened.type === "reaction-added");
        return;
      }
      case "post-deleted":
        return;
    }
  }

  return {
    event,
    socketState(state) {
      if (state.kind !== "live" || state.resumed) return;
      for (const sink of sinks.values()) sink.recheck();
      void fillGap().catch((error) =>
        logger.warn(`missed posts could not be read: ${messageOf(error)}`),
      );
    },
    register(rootPostId, sink) {
      sinks.set(rootPostId, sink);
      for (const post of early) if (post.rootId === rootPostId) sink.post(post);
      early = early.filter((post) => post.rootId !== rootPostId);
      return () => {
        if (sinks.get(rootPostId) === sink) sinks.delete(rootPostId);
      };
    },
    sinks: () => [...sinks.values()],
    newest: () => newest,
  };
}
