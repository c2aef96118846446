import { runCommand } from "./command-handler.ts";
import type { CommandPort } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";
import { messageOf } from "./errors.ts";
import type { Identity } from "./identity.ts";
import { createLanes } from "./lane.ts";
import { createOrphanReplies } from "./main-dm-threads.ts";
import { isLockCommand, routeMessage } from "./message-router.ts";
import type { Post } from "./models/chat.ts";
import type { InstanceId, PostId, SessionId } from "./models/ids.ts";
import type { Route } from "./models/routing.ts";
import type { ChatPort, Clock, Logger, MappingStore } from "./ports.ts";
import { createPostWriter } from "./post-writer.ts";
import {
  didYouMeanNotice,
  lockedNotice,
  mainDmPromptNotice,
  tooLateNotice,
} from "./render/notice.ts";

/** A command of the main DM that is older is not run: what it was for may be over. */
const RUN_COMMANDS_WITHIN_MS = 60_000;
const POSTS_REMEMBERED = 500;

/**
 * What the owner writes outside the threads of live processes: commands in the channel itself, threads that no process
 * answers for. One process does this for all, the leader.
 */
export interface MainDm {
  /**
   * Resolves when the post is answered, or when it turns out to be another process's to answer. `isLate`: the socket did not
   * show it as it was made, so a command in it may be too old to be run.
   */
  post(post: Post, isLate: boolean): Promise<void>;
  /** Posts that came while no leader was there, oldest first. */
  missed(posts: readonly Post[]): Promise<void>;
  /**
   * Everything up to this post has come: once it is dealt with, a later leader need not look at it again. While there is
   * something that could not be dealt with, that is not noted.
   */
  seenUpTo(postId: PostId): Promise<void>;
  stop(): void;
}

/** As it was made, later because of an outage, or from before this process led. */
type Source = "live" | "late" | "before";

export function createMainDm(deps: {
  readonly chat: ChatPort;
  readonly store: MappingStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly identity: Identity;
  readonly instanceId: InstanceId;
  readonly machineId: string;
  readonly isAlive: (instance: InstanceId) => boolean;
  /** Whether this process speaks for all of this user's processes now. */
  readonly isLeader: () => boolean;
  /** Whether the owner has switched everything off. */
  readonly isLocked: () => boolean;
  readonly wasPrompted: (session: SessionId, post: PostId) => Promise<boolean>;
  readonly bridge: CommandPort;
}): MainDm {
  const { chat, store, clock, logger, identity, machineId } = deps;
  const lanes = createLanes(logger);
  const handled = new Set<PostId>();
  let stopped = false;
  /** Something could not be dealt with: a later leader has to see it. */
  let hasFailed = false;
  const writer = createPostWriter({ chat, clock, logger, me: identity.me.id });

  async function answer(post: Post, text: string, kind = "reply"): Promise<void> {
    const result = await writer.write({
      channelId: post.channelId,
      ...(post.rootId && { rootId: post.rootId }),
      mark: { key: `${kind}/${post.id}`, session_id: "", machine_id: machineId },
      message: text,
      urgency: "interactive",
    });
    if (result.kind === "stopped") throw new Error("the bridge was stopped before it could answer");
    if (result.kind === "gone") {
      logger.warn(`an answer could not be posted: ${messageOf(result.error)}`);
    }
  }

  const threads = createOrphanReplies({ ...deps, answer });

  async function inChannel(post: Post, ageMs: number): Promise<void> {
    const route = routeMessage(post.message, { place: "main" }, COMMANDS);
    const late = route.type === "command" && ageMs > RUN_COMMANDS_WITHIN_MS;
    await answer(
      post,
      late ? tooLateNotice(Math.round(ageMs / 60_000)) : await textFor(route, post.createdMs),
    );
  }

  async function textFor(route: Route, writtenMs: number): Promise<string> {
    switch (route.type) {
      case "command":
        return runCommand(COMMANDS, route.command, {
          place: route.place,
          writtenMs,
          bridge: deps.bridge,
        });
      case "unknown-command":
        return didYouMeanNotice(route.typed, route.meant);
      default:
        return mainDmPromptNotice();
    }
  }

  /** A post in the channel can come over the socket and by the catch-up: its command runs once. */
  function isKnown({ id, rootId }: Post): boolean {
    if (rootId) return false;
    if (handled.has(id)) return true;
    handled.add(id);
    const [oldest] = handled;
    if (handled.size > POSTS_REMEMBERED && oldest) handled.delete(oldest);
    return false;
  }

  async function handle(post: Post, from: Source): Promise<void> {
    if (!deps.isLeader() || isKnown(post)) return;
    try {
      if (deps.isLocked() && !isLockCommand(post.message)) await answer(post, lockedNotice());
      else if (post.rootId) await threads.post(post, from === "before");
      else await inChannel(post, from === "live" ? 0 : clock.now() - post.createdMs);
    } catch (error) {
      hasFailed = true;
      throw error;
    }
  }

  /** A thread whose answer cannot be posted holds up no other. */
  const inLane = (post: Post, from: Source): Promise<void> =>
    lanes.run(post.rootId ?? "", "a post outside the live threads", () => handle(post, from));

  return {
    post: (post, isLate) => inLane(post, isLate ? "late" : "live"),
    async missed(posts) {
      await Promise.all(posts.map((post) => inLane(post, "before")));
    },
    async seenUpTo(postId) {
      await lanes.idle();
      if (!stopped && !hasFailed) await store.moveCursor(identity.channelId, postId);
    },
    stop() {
      stopped = true;
      writer.stop();
    },
  };
}
