import { isLockCommand, parseCommand } from "../commands/message-router.ts";
import { countsAsTap, isShutOut } from "../commands/while-locked.ts";
import type { ChatEvent, Post, Reaction } from "../models/chat.ts";
import { type Gate, mayPost, mayReact } from "../models/gate.ts";
import type { PostId } from "../models/ids.ts";
import type { ChatPort, Clock, KillSwitch, Logger, SocketState } from "../ports.ts";
import type { ThreadSink } from "../thread/ports.ts";
import { createChannelFeed } from "./channel-feed.ts";

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
  stop(): void;
}

const SEEN_REMEMBERED = 2_000;
const EARLY_REMEMBERED = 100;

export function createInbox(deps: {
  readonly chat: ChatPort;
  readonly gate: Gate;
  /** The newest post of the channel when this process began. */
  readonly latest: Post | undefined;
  readonly logger: Logger;
  /** For trying again where missed posts could not be read. */
  readonly clock?: Clock;
  /** A post of the owner that is in no thread of this process. `isLate`: the socket did not show it as it was made. */
  readonly onElsewhere: (post: Post, isLate: boolean) => void;
  /** The owner has edited or deleted a post that is in no thread of this process. */
  readonly onChangedElsewhere: (post: Post, how: "edited" | "deleted") => void;
  /** The owner's kill switch: while it is on no tap passes, and the leader says so to everything but `!unlock`. */
  readonly lock: KillSwitch;
}): Inbox {
  const { chat, gate, logger } = deps;
  const sinks = new Map<PostId, ThreadSink>();
  const seen = new Set<PostId>();
  /** Threads that this process did not have when something was written there: it may be opening them. */
  let early: PostId[] = [];
  const posts = createChannelFeed({
    chat,
    channelId: gate.channelId,
    latest: deps.latest,
    logger,
    clock: deps.clock,
    onEdited(post) {
      if (post.userId !== gate.me) changed(post, "edited");
    },
    onPost: (post, isLate) => (post.userId === gate.me ? own(post) : receive(post, isLate)),
  });

  function receive(post: Post, isLate: boolean): void {
    if (!isFirst(post.id) || !mayPost(gate, post)) return;
    if (isLockCommand(post.message)) turn(parseCommand(post.message)?.name === "lock", post);
    if (isShutOut(post, deps.lock)) deps.onElsewhere(post, isLate);
    else deliver(post, isLate);
  }

  /** At once, whatever waits in the threads. What they put off while it was on, they do then. */
  function turn(on: boolean, { createdMs, id }: Post): void {
    if (!deps.lock.set(on, createdMs)) return;
    logger.info(`the owner has switched everything ${on ? "off" : "on"} (post ${id})`);
    if (!on) for (const sink of sinks.values()) sink.recheck();
  }

  function isFirst(postId: PostId): boolean {
    if (seen.has(postId)) return false;
    seen.add(postId);
    const [oldest] = seen;
    if (seen.size > SEEN_REMEMBERED && oldest) seen.delete(oldest);
    return true;
  }

  function deliver(post: Post, isLate: boolean): void {
    const sink = post.rootId && sinks.get(post.rootId);
    if (sink) {
      sink.post(post);
      return;
    }
    if (post.rootId) early = [...early.filter((root) => root !== post.rootId), post.rootId];
    if (early.length > EARLY_REMEMBERED) early.shift();
    deps.onElsewhere(post, isLate);
  }

  /** What was written by the owner and is no more, or otherwise. */
  function changed(post: Post, how: "edited" | "deleted"): void {
    if (!mayPost(gate, { ...post, deleted: false })) return;
    const sink = post.rootId && sinks.get(post.rootId);
    if (sink) sink[how](post);
    else deps.onChangedElsewhere(post, how);
  }

  function own(post: Post): void {
    sinks.get(post.rootId ?? post.id)?.seen(post);
  }

  function react(reaction: Reaction, added: boolean): void {
    if (!mayReact(gate, reaction)) return;
    const sink = [...sinks.values()].find((s) => s.has(reaction.postId));
    if (added && !countsAsTap(reaction, deps.lock)) sink?.refuse(reaction);
    else sink?.reaction(reaction, added);
  }

  function event(happened: ChatEvent): void {
    switch (happened.type) {
      case "posted":
        if (happened.post.channelId === gate.channelId) posts.posted(happened.post);
        return;
      case "edited":
        if (happened.post.userId === gate.me) own(happened.post);
        else changed(happened.post, "edited");
        return;
      case "reaction-added":
        react(happened.reaction, true);
        return;
      case "reaction-removed":
        react(happened.reaction, false);
        return;
      case "post-deleted":
        if (happened.post.userId === gate.me) sinks.get(happened.post.id)?.rootDeleted();
        else changed(happened.post, "deleted");
        return;
    }
  }

  return {
    event,
    socketState(state) {
      if (state.kind !== "live" || state.resumed) return;
      for (const sink of sinks.values()) sink.recheck();
      posts.catchUp();
    },
    register(rootPostId, sink) {
      sinks.set(rootPostId, sink);
      if (early.includes(rootPostId)) sink.missed();
      early = early.filter((root) => root !== rootPostId);
      return () => {
        if (sinks.get(rootPostId) === sink) sinks.delete(rootPostId);
      };
    },
    sinks: () => [...sinks.values()],
    newest: posts.newest,
    stop: posts.stop,
  };
}
