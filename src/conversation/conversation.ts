import type { ThreadPort } from "../commands/command.ts";
import { runCommand } from "../commands/command-handler.ts";
import { COMMANDS } from "../commands/index.ts";
import { routeMessage } from "../commands/message-router.ts";
import { type ReactionAction, readReaction } from "../commands/reaction-handler.ts";
import { messageOf } from "../errors.ts";
import type { Post, Reaction, User } from "../models/chat.ts";
import type { MessageId, PostId } from "../models/ids.ts";
import type { ParsedCommand, Route } from "../models/routing.ts";
import type { ThreadStatus } from "../models/thread-mapping.ts";
import type { Clock, CommandPort, HostPort, Logger } from "../ports.ts";
import {
  didYouMeanNotice,
  endedByNotice,
  filesNotGivenNotice,
  filesOfAnswerNotice,
  lockedNotice,
  maybeSentNotice,
  notAcceptedNotice,
  notDoneNotice,
  overNotice,
  unknownThreadNotice,
} from "../render/notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { InboundFiles } from "./file-handler.ts";
import { createLateReplies, type LateReplies } from "./late-replies.ts";
import { createPromptSender, type SendResult, wasSent } from "./prompt-sender.ts";
import { type AnswerResult, createThreadRequests } from "./requests.ts";
import { stopSession } from "./stop-session.ts";

/** What the owner says and does in one thread. Called in the thread's lane, one thing after the other. */
export interface ThreadConversation extends Pick<LateReplies, "offer" | "offers"> {
  /** `again`: another process may have given it to OpenCode before it died. */
  post(post: Post, status: ThreadStatus, taken: "first" | "again"): Promise<void>;
  reaction(reaction: Reaction, added: boolean): Promise<void>;
  /** The owner has switched everything off before the post's turn came. */
  refuse(post: Post): void;
  /** The owner's reactions under a post that waits, as they are after nobody listened for a while. */
  recheck(key: string, reactions: readonly Reaction[]): Promise<void>;
  /** Whether the post is one of the owner's in this thread that has been handled. */
  knows(postId: PostId): boolean;
  /** Sends a prompt of this thread once more, under the same ids. `false` where it was not sent here, or twice already. */
  again(turn: MessageId): boolean;
  sayEnded(how: "deleted" | "exited"): void;
}

const POSTS_REMEMBERED = 500;

/** What shows that a post has been acted on: OpenCode has stored it, the bot's answer does, or nothing but a mark. */
type Outcome = "stored" | "answered" | "marked";

export function createThreadConversation(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: User;
  readonly bridge: CommandPort;
  /** Brings the files of a post into reach of OpenCode. */
  readonly receive: (post: Post) => Promise<InboundFiles>;
  /** Whether the owner has switched everything off. */
  readonly isLocked: () => boolean;
  /** A time of the server's by this machine's clock. */
  readonly toLocalMs: (serverMs: number) => number;
  /** Has a reply acted on, by `post`, if it is this process's to act on and nobody has before. */
  readonly take: (post: Post) => Promise<void>;
  /** It has been acted on, and nothing else shows that for good. */
  readonly done: (postId: PostId) => Promise<void>;
}): ThreadConversation {
  const { runtime, host, clock, logger } = deps;
  const requests = createThreadRequests({
    runtime,
    host,
    logger,
    ownerName: deps.owner.username,
  });
  const handled = new Set<PostId>();
  const late = createLateReplies(deps);
  const sessionId = runtime.state().session.id;
  const sender = createPromptSender({ host, clock, logger }, sessionId);

  /** Each post of the owner is acted on once, however often it is delivered. */
  function isFirst(postId: PostId): boolean {
    if (handled.has(postId)) return false;
    handled.add(postId);
    const [oldest] = handled;
    if (handled.size > POSTS_REMEMBERED && oldest) handled.delete(oldest);
    return true;
  }

  const answer = (post: Post, text: string): void => runtime.say(`reply/${post.id}`, text);

  async function prompt(post: Post): Promise<Outcome> {
    runtime.setFace({ used: true });
    const { problems, files, paths } = await deps.receive(post);
    const given = post.message.trim() !== "" || files.length + paths.length > 0;
    if (problems.length > 0) runtime.say(`files/${post.id}`, filesNotGivenNotice(problems, given));
    if (!given) return "answered";
    const busy = runtime.state().run.kind !== "idle";
    const sent = await sender.send({ text: post.message, postId: post.id, files, paths });
    if (sent.kind === "accepted") {
      runtime.mark(post.id, busy ? "inbox_tray" : "eyes");
      return "stored";
    }
    answer(post, notSentText(sent));
    return "answered";
  }

  function notSentText(sent: Exclude<SendResult, { kind: "accepted" }>): string {
    if (sent.kind === "gone") return overNotice("orphaned", sessionId);
    return sent.kind === "failed" ? notAcceptedNotice(sent.reason) : maybeSentNotice(sent.reason);
  }

  /** Says nothing: the posts of the turn tell that it was stopped. */
  async function stop(): Promise<boolean> {
    if (runtime.state().run.kind === "idle") return false;
    logger.info(`@${deps.owner.username} stopped the session`, { sessionId });
    await stopSession({ runtime, host, clock, logger });
    return true;
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

  async function react(action: ReactionAction | undefined, added: boolean): Promise<void> {
    if (action?.type === "permission" || action?.type === "question") {
      await requests.reaction(action, added);
    } else if (added && action?.type === "stop") {
      await stop();
    } else if (added && action?.type === "run-late") {
      await late.run(action.key);
    }
  }

  const wasStored = ({ id, createdMs }: Post): Promise<boolean> =>
    wasSent(host, sessionId, { id, createdMs: deps.toLocalMs(createdMs) });

  async function acted(
    post: Post,
    status: ThreadStatus,
    taken: "first" | "again" = "first",
  ): Promise<Outcome> {
    if (!isFirst(post.id)) return "stored";
    try {
      if (taken === "again" && (await wasStored(post))) {
        runtime.mark(post.id, "eyes");
        return "stored";
      }
      return await act(post, routeMessage(post.message, { place: "thread", status }, COMMANDS));
    } catch (error) {
      const say = taken === "again" ? maybeSentNotice : notAcceptedNotice;
      answer(post, say(messageOf(error)));
      throw error;
    }
  }

  /** What nothing durable shows is noted, so that it is not done again after a crash. */
  async function settled(post: Post, status: ThreadStatus, taken: "first" | "again") {
    if ((await acted(post, status, taken)) === "marked") await deps.done(post.id);
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

  async function act(post: Post, route: Route): Promise<Outcome> {
    switch (route.type) {
      case "thread-prompt": {
        const result = await requests.text(post);
        if (!tookAnswer(post, result)) return prompt(post);
        return result.kind === "taken" ? "marked" : "answered";
      }
      case "command":
        return command(post, route.command);
      case "unknown-command":
        answer(post, didYouMeanNotice(route.typed, route.meant));
        break;
      case "ended-session":
        answer(post, overNotice(route.status, sessionId));
        break;
      case "unknown-thread":
      case "main-dm-prompt":
        answer(post, unknownThreadNotice());
    }
    return "answered";
  }

  return {
    post: settled,
    refuse(post) {
      if (isFirst(post.id)) answer(post, lockedNotice());
    },
    async reaction(reaction, added) {
      const { postId, emoji } = reaction;
      try {
        await react(readReaction(runtime.keyOf(postId), emoji), added);
      } catch (error) {
        // Each time anew: it may be given again and fail again.
        const key = `failed/${postId}/${emoji}/${clock.now()}`;
        runtime.say(key, notDoneNotice(messageOf(error)));
        throw error;
      }
    },
    async recheck(key, reactions) {
      await requests.recheck(key, reactions);
      for (const { emoji } of reactions) {
        const action = readReaction(key, emoji);
        if (action?.type === "run-late") await react(action, true);
      }
    },
    knows: (postId) => handled.has(postId),
    offer: late.offer,
    offers: late.offers,
    again: sender.again,
    sayEnded(how) {
      runtime.say(`ended/${clock.now()}`, endedByNotice(how, sessionId));
    },
  };
}
