import { runCommand } from "../../commands/command-handler.ts";
import { COMMANDS } from "../../commands/index.ts";
import { isOfAnyAge, overtakes, routePost } from "../../commands/message-router.ts";
import { mayActOn } from "../../commands/while-locked.ts";
import { isRefusal, messageOf } from "../../errors.ts";
import type { Post } from "../../models/chat.ts";
import type { Identity } from "../../models/identity.ts";
import { asSessionId, type InstanceId, type PostId, type SessionId } from "../../models/ids.ts";
import { readPostMark } from "../../models/post-mark.ts";
import type { Route } from "../../models/routing.ts";
import type {
  ChatPort,
  Clock,
  CommandPort,
  KillSwitch,
  Logger,
  MappingStore,
} from "../../ports.ts";
import { withFilesOf } from "../../render/files-of-command.ts";
import {
  editedTooLateNotice,
  lockedNotice,
  mainDmPromptNotice,
  tooLateNotice,
} from "../../render/notice.ts";
import { refusalText } from "../../render/refusal.ts";
import { createPostWriter } from "../../thread/posting/post-writer.ts";
import { isTooOld } from "../../thread/unanswered-replies.ts";
import { createLanes } from "../../timing/lane.ts";
import { untilDone } from "../../timing/retry.ts";
import { createDesertedReplies } from "./deserted-replies.ts";
import { createMainDmAnswers } from "./main-dm-answers.ts";
import { createSessionStarts, isOpenStart } from "./session-starts.ts";

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
  /** The owner has edited or deleted a post: what is still to be acted on follows that. */
  changed(post: Post, how: "edited" | "deleted"): void;
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

/** Judged when it comes: a command that waits for its turn is not late for that. */
const tooLate = (ageMs: number): string =>
  ageMs > RUN_COMMANDS_WITHIN_MS ? tooLateNotice(Math.round(ageMs / 60_000)) : "";

const routeOf = (post: Post): Route => routePost(post, { place: "main" }, COMMANDS);
/** Of a post that is in no thread. */
const NO_SESSION = asSessionId("");

export function createMainDm(deps: {
  readonly chat: ChatPort;
  readonly store: MappingStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly identity: Identity;
  readonly url: string;
  readonly instanceId: InstanceId;
  readonly machineId: string;
  readonly isAlive: (instance: InstanceId) => boolean;
  /** Whether this process speaks for all of this user's processes now. */
  readonly isLeader: () => boolean;
  readonly lock: Pick<KillSwitch, "isOn" | "period">;
  readonly wasPrompted: (
    session: SessionId,
    post: Pick<Post, "id" | "createdMs">,
  ) => Promise<boolean>;
  readonly bridge: CommandPort;
}): MainDm {
  const { chat, store, clock, logger, identity, machineId } = deps;
  const lanes = createLanes(logger);
  /** With the time at which they were last edited before that. */
  const handled = new Map<PostId, number>();
  /** Those of them with which nothing was done. */
  const open = new Set<PostId>();
  /** Those that were meant anew by an edit, once. */
  const edited = new Set<PostId>();
  /** Waiting for their turn, as the owner wants them now; `undefined` where they are deleted. */
  const waiting = new Map<PostId, Post | undefined>();
  let stopped = false;
  /** Something could not be dealt with: a later leader has to see it. */
  let hasFailed = false;
  const writer = createPostWriter({ chat, clock, logger, me: identity.me.id });

  const answer = createMainDmAnswers({
    ...deps,
    writer,
    maxPostChars: identity.limits.maxPostChars,
  });
  const threads = createDesertedReplies({ ...deps, answer });
  const starts = createSessionStarts({
    ...deps,
    writer,
    isStopped: () => stopped,
    afterWaiting: tooLate,
  });

  async function inChannel(post: Post, from: Source): Promise<void> {
    const route = routeOf(post);
    const text = await textFor(post, route, from);
    if (text) await answer(post, text, edited.has(post.id) ? "meant" : "reply");
    if (route.type !== "command" && !edited.has(post.id)) open.add(post.id);
  }

  async function textFor(post: Post, route: Route, from: Source): Promise<string> {
    if (route.type === "command") return commandText(post, route, from);
    return route.type === "thread-prompt" ? mainDmPromptNotice() : refusalText(route, NO_SESSION);
  }

  /** Empty where there is nothing to say any more. */
  async function commandText(
    post: Post,
    route: Extract<Route, { type: "command" }>,
    from: Source,
  ): Promise<string> {
    const { command, place } = route;
    const isTimely = from === "live" || isOfAnyAge(route, COMMANDS);
    const late = isTimely ? "" : tooLate(chat.now() - post.createdMs);
    if (late) return (await alreadySaid(post)) ?? late;
    logger.info(`@${identity.owner.username} gives the command !${command.name}`, {
      post: post.id,
    });
    const { createdMs: writtenMs } = post;
    let takesFiles = false;
    const text = await starts.run(post, from !== "live", async (start) => {
      const bridge: CommandPort = {
        ...deps.bridge,
        start(...given) {
          takesFiles = true;
          return start(...given);
        },
      };
      return (await runCommand(COMMANDS, command, { place, writtenMs, bridge })).text;
    });
    return takesFiles ? text : withFilesOf(post, text);
  }

  /** What a dead leader left open, or another machine has answered. `undefined` where nobody has said anything. */
  async function alreadySaid(post: Post): Promise<string | undefined> {
    const said = (await chat.postsAfter(post.channelId, post.id)).filter(
      ({ userId, props }) =>
        userId === identity.me.id && readPostMark(props)?.key.endsWith(`/${post.id}`),
    );
    const open = said.find((answered) => isOpenStart(answered, machineId));
    if (open) return starts.abandon(open);
    return said.length > 0 ? "" : undefined;
  }

  /** A post in the channel can come over the socket and by the catch-up: its command runs once. */
  function isKnown({ id, rootId, editedMs }: Post): boolean {
    if (rootId) return false;
    if (handled.has(id)) return true;
    handled.set(id, editedMs);
    const [oldest] = handled.keys();
    if (handled.size > POSTS_REMEMBERED && oldest) {
      for (const known of [handled, open, edited]) known.delete(oldest);
    }
    return false;
  }

  async function dealWith(post: Post, from: Source): Promise<"done" | "refused"> {
    try {
      const { lock } = deps;
      if (!mayActOn(post, lock)) await answer(post, lockedNotice(lock.isOn()));
      else if (post.rootId) await threads.post(post, from === "before");
      else await inChannel(post, from);
      return "done";
    } catch (error) {
      if (!isRefusal(error)) throw error;
      logger.warn(`what post ${post.id} is about may not be looked at: ${messageOf(error)}`);
      return "refused";
    }
  }

  async function handle(delivered: Post, from: Source): Promise<void> {
    const { id } = delivered;
    const post = waiting.has(id) ? waiting.get(id) : delivered;
    waiting.delete(id);
    if (!post || !deps.isLeader() || isKnown(post)) return;
    const retry = { clock, logger, stopped: () => stopped };
    const how = await untilDone("answering a post", retry, () => dealWith(post, from));
    if (how !== "done") hasFailed = true;
  }

  /** A thread whose answer cannot be posted holds up no other; a session that is being started holds up the next start only. */
  const isOld = ({ createdMs }: Post): boolean => tooLate(chat.now() - createdMs) !== "";

  const laneOf = (post: Post): string =>
    post.rootId ?? (overtakes(routeOf(post), COMMANDS) ? "" : "in turn");

  function inLane(post: Post, from: Source): Promise<void> {
    if (!handled.has(post.id)) waiting.set(post.id, post);
    return lanes.run(laneOf(post), "a post outside the live threads", () => handle(post, from));
  }

  /** In a thread that no process has, a later owner finds it as it stands. Where nothing was done, the edit is what is meant. */
  function changed(post: Post, how: "edited" | "deleted"): void {
    const isEdit = how === "edited" && post.editedMs > (handled.get(post.id) ?? post.editedMs);
    if (waiting.has(post.id)) {
      waiting.set(post.id, how === "edited" ? post : undefined);
    } else if (isEdit && deps.isLeader() && open.delete(post.id) && !isTooOld(post, chat.now())) {
      edited.add(post.id);
      handled.delete(post.id);
      void inLane(post, "live");
    } else if (isEdit && deps.isLeader()) {
      void lanes.run("", "an edited post", () => answer(post, editedTooLateNotice(), "edited"));
    }
  }

  return {
    // The computer may have slept over what the socket had brought.
    post: (post, isLate) => inLane(post, isLate || isOld(post) ? "late" : "live"),
    changed,
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
