import type { ThreadPort } from "../commands/command.ts";
import { runCommand } from "../commands/command-handler.ts";
import { COMMANDS } from "../commands/index.ts";
import { overtakes, routePost } from "../commands/message-router.ts";
import { type ReactionAction, readReaction } from "../commands/reaction-handler.ts";
import { countsAsTap, mayActOn } from "../commands/while-locked.ts";
import { messageOf } from "../errors.ts";
import type { Post, Reaction, User } from "../models/chat.ts";
import type { MessageId, PostId } from "../models/ids.ts";
import type { ParsedCommand, Route } from "../models/routing.ts";
import type { ThreadStatus } from "../models/thread-mapping.ts";
import type { ChatPort, Clock, CommandPort, HostPort, KillSwitch, Logger } from "../ports.ts";
import {
  endedByNotice,
  filesOfAnswerNotice,
  lockedNotice,
  lockedTapNotice,
  maybeSentNotice,
  meantNotice,
  notAcceptedNotice,
  notDoneNotice,
} from "../render/notice.ts";
import { refusalText } from "../render/refusal.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import { toLocalMs } from "../timing/server-time.ts";
import type { InboundFiles } from "./file-handler.ts";
import { createGivePrompt } from "./give-prompt.ts";
import { createLateReplies, type LateReplies } from "./late-replies.ts";
import type { PendingReplies } from "./pending-replies.ts";
import { createPromptSender, wasSent } from "./prompt-sender.ts";
import { type AnswerResult, createThreadRequests } from "./requests.ts";
import { createStops, type Stops } from "./stops.ts";

/**
 * What the owner says and does in one thread. What brings something to the session is done in the thread's lane, in its order;
 * what ends or allows something overtakes it, in an order of its own.
 */
export interface ThreadConversation extends Pick<LateReplies, "offer" | "offers"> {
  /** What a post that comes now may be: a prompt, and something to be acted on before those in the lane. */
  sort(post: Post, status: ThreadStatus): { readonly isPrompt: boolean; readonly isAhead: boolean };
  /**
   * `again`: another process may have given it to OpenCode before it died. `ahead`: its turn has not come; where it turns out to
   * be something to wait for, nothing is done.
   */
  post(post: Post, status: ThreadStatus, taken: "first" | "again", when: When): Promise<void>;
  reaction(reaction: Reaction, added: boolean): Promise<void>;
  /** A reaction that came while everything was switched off: it counts for nothing, and the thread says so. */
  refuse(reaction: Reaction): void;
  /** The owner's reactions under a post that waits, as they are after nobody listened for a while. */
  recheck(key: string, reactions: readonly Reaction[]): Promise<void>;
  /** Whether the post is one of the owner's in this thread that has been handled. */
  knows(postId: PostId): boolean;
  /**
   * Sends a prompt of this thread once more, under the same ids. `false` where it was not sent here, or twice already, or where
   * everything is switched off.
   */
  again(turn: MessageId): boolean;
  sayEnded(how: "deleted" | "exited" | "unloaded"): void;
  /** The thread's state has changed. */
  changed(): void;
}

const POSTS_REMEMBERED = 500;

/** Of a post: ahead of its turn in the lane, or in its turn. */
export type When = "ahead" | "in-turn";

/**
 * What shows that a post has been acted on: OpenCode has stored it, the bot's answer does, or nothing but a mark. `left`: it is to
 * be acted on when its turn comes.
 */
type Outcome = "stored" | "answered" | "marked" | "left";

export function createThreadConversation(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: User;
  /** Mattermost's limit for one post, in code points. */
  readonly maxPostChars: number;
  readonly bridge: CommandPort;
  /** Brings the files of a post into reach of OpenCode. */
  readonly receive: (post: Post) => Promise<InboundFiles>;
  /** The replies that wait for their turn. */
  readonly pending: PendingReplies;
  /** Runs what answers a request after what has overtaken the lane so far. */
  readonly inControl: <T>(task: () => Promise<T>) => Promise<T>;
  /** Asked when the turn of something has come, just before it is done. */
  readonly lock: Pick<KillSwitch, "isOn" | "period">;
  /** For the server's clock. */
  readonly chat: Pick<ChatPort, "now">;
  /** Has a reply acted on, by `post`, if it is this process's to act on and nobody has before. */
  readonly take: (post: Post) => Promise<void>;
  /** It has been acted on, and nothing else shows that for good. */
  readonly done: (postId: PostId) => Promise<void>;
}): ThreadConversation {
  const { runtime, host, clock, logger, pending, lock } = deps;
  const requests = createThreadRequests({
    runtime,
    host,
    logger,
    ownerName: deps.owner.username,
    maxPostChars: deps.maxPostChars,
  });
  const handled = new Set<PostId>();
  const late = createLateReplies(deps);
  const sessionId = runtime.state().session.id;
  const sender = createPromptSender({ host, clock, logger }, sessionId);
  const stops = createStops(deps);

  /** Each post of the owner is acted on once, however often it is delivered. */
  function isFirst(postId: PostId): boolean {
    if (handled.has(postId)) return false;
    handled.add(postId);
    const [oldest] = handled;
    if (handled.size > POSTS_REMEMBERED && oldest) handled.delete(oldest);
    return true;
  }

  function routeOf(post: Post, status: ThreadStatus): Route {
    const works = runtime.state().run.kind !== "idle";
    return routePost(post, { place: "thread", status, works }, COMMANDS);
  }

  const answer = (post: Post, text: string): void => runtime.say(`reply/${post.id}`, text);

  const givePrompt = createGivePrompt({ ...deps, pending, sender, answer });

  /** Says nothing: the posts of the turn tell that it was stopped. */
  async function stop(writtenMs: number): ReturnType<Stops["stop"]> {
    const stopped = await stops.stop(writtenMs);
    if (stopped === "stopped")
      logger.info(`@${deps.owner.username} stopped the session`, { sessionId });
    return stopped;
  }

  /** Whether the post was for a request that waits; then it is answered or marked here. */
  function tookAnswer(post: Post, result: AnswerResult): boolean {
    if (result.kind === "taken") runtime.mark(post.id, "eyes");
    const names = post.files.map(({ name }) => name);
    if (result.kind === "taken" && names.length > 0) {
      runtime.say(`files/${post.id}`, filesOfAnswerNotice(names));
    }
    if (result.kind === "unclear") answer(post, result.text);
    return result.kind !== "not-an-answer";
  }

  async function react(
    action: ReactionAction | undefined,
    added: boolean,
    atMs: number,
  ): Promise<void> {
    if (action?.type === "permission" || action?.type === "question") {
      await requests.reaction(action, added);
    } else if (added && action?.type === "stop") {
      await stop(atMs);
    } else if (added && action?.type === "run-late") {
      await late.run(action.key);
    }
  }

  /** Whether a reaction under the post with this key would do something now. */
  function isMeant(action: ReactionAction): boolean {
    if (action.type === "stop") return runtime.state().run.kind !== "idle";
    return action.type === "run-late" ? late.waits(action.key) : requests.isAnswer(action);
  }

  function refuse(key: string | undefined, { postId, emoji, createdMs }: Reaction): void {
    const action = readReaction(key, emoji);
    if (!action || !isMeant(action)) return;
    runtime.say(`locked/${postId}/${emoji}/${createdMs}`, lockedTapNotice(emoji));
  }

  const wasStored = ({ id, createdMs }: Post): Promise<boolean> =>
    wasSent(host, sessionId, { id, createdMs: toLocalMs(createdMs, deps) });

  async function acted(
    post: Post,
    status: ThreadStatus,
    taken: "first" | "again",
    when: When,
  ): Promise<Outcome> {
    if (!isFirst(post.id)) return "stored";
    try {
      if (taken === "again" && (await wasStored(post))) {
        runtime.mark(post.id, "eyes");
        return "stored";
      }
      if (!mayActOn(post, lock)) {
        answer(post, lockedNotice());
        return "answered";
      }
      const outcome = await act(post, routeOf(post, status), when);
      if (outcome === "left") handled.delete(post.id);
      return outcome;
    } catch (error) {
      const say = taken === "again" ? maybeSentNotice : notAcceptedNotice;
      answer(post, say(messageOf(error)));
      throw error;
    }
  }

  /** What nothing durable shows is noted, so that it is not done again after a crash. */
  async function settled(...given: Parameters<ThreadConversation["post"]>): Promise<void> {
    if ((await acted(...given)) === "marked") await deps.done(given[0].id);
  }

  const thread: ThreadPort = {
    stop,
    async answerPermission(given, writtenMs) {
      const result = await requests.permission(given, writtenMs);
      return result.kind === "unclear" ? result.text : result.kind;
    },
  };

  async function command(post: Post, parsed: ParsedCommand): Promise<Outcome> {
    const { createdMs: writtenMs } = post;
    const where = { place: "thread", bridge: deps.bridge, thread, writtenMs } as const;
    const text = await runCommand(COMMANDS, parsed, where);
    if (text !== "") answer(post, text);
    else runtime.mark(post.id, "eyes");
    return text === "" ? "marked" : "answered";
  }

  /** A word for a command is an answer only where it names an option. */
  async function words(post: Post, when: When, meant: string | undefined): Promise<Outcome> {
    const text = (): Promise<AnswerResult> => requests.text(post, meant === undefined);
    const result = await (when === "ahead" ? text() : deps.inControl(text));
    if (tookAnswer(post, result)) return result.kind === "taken" ? "marked" : "answered";
    if (meant !== undefined) {
      answer(post, meantNotice(meant));
      return "answered";
    }
    return when === "ahead" ? "left" : givePrompt(post);
  }

  async function act(post: Post, route: Route, when: When): Promise<Outcome> {
    switch (route.type) {
      case "thread-prompt":
        return words(post, when, route.meant);
      case "command":
        return command(post, route.command);
      default:
        answer(post, refusalText(route, sessionId));
        return "answered";
    }
  }

  return {
    sort(post, status) {
      const route = routeOf(post, status);
      if (route.type !== "thread-prompt")
        return { isPrompt: false, isAhead: overtakes(route, COMMANDS) };
      return { isPrompt: true, isAhead: route.meant !== undefined || requests.wait() };
    },
    post: settled,
    refuse: (reaction) => refuse(runtime.keyOf(reaction.postId), reaction),
    async reaction(reaction, added) {
      const { postId, emoji, createdMs } = reaction;
      const key = runtime.keyOf(postId);
      if (added && !countsAsTap(reaction, lock)) return refuse(key, reaction);
      try {
        await react(readReaction(key, emoji), added, createdMs || deps.chat.now());
      } catch (error) {
        // Each time anew: it may be given again and fail again.
        const failure = `failed/${postId}/${emoji}/${clock.now()}`;
        runtime.say(failure, notDoneNotice(messageOf(error)));
        throw error;
      }
    },
    async recheck(key, reactions) {
      const counts = (reaction: Reaction): boolean => countsAsTap(reaction, lock);
      for (const reaction of reactions) if (!counts(reaction)) refuse(key, reaction);
      await requests.recheck(key, reactions, counts);
      for (const { emoji } of reactions.filter(counts)) {
        const action = readReaction(key, emoji);
        if (action?.type === "run-late") await late.run(action.key);
      }
    },
    knows: (postId) => handled.has(postId),
    offer: late.offer,
    offers: late.offers,
    again: (turn) => !lock.isOn() && !stops.isStopped(turn) && sender.again(turn),
    sayEnded(how) {
      runtime.say(`ended/${clock.now()}`, endedByNotice(how, sessionId));
    },
    changed: stops.changed,
  };
}
