import { runCommand } from "./command-handler.ts";
import type { CommandPort } from "./commands/command.ts";
import { COMMANDS } from "./commands/index.ts";
import { routeMessage } from "./message-router.ts";
import type { Post, Reaction, User } from "./models/chat.ts";
import type { PostId } from "./models/ids.ts";
import type { Route } from "./models/routing.ts";
import type { ThreadStatus } from "./models/thread-mapping.ts";
import { type PermissionAnswer, readPermissionAnswer } from "./permission-answer.ts";
import type { Clock, HostPort, Logger } from "./ports.ts";
import { sendPrompt } from "./prompt-sender.ts";
import { readReaction } from "./reaction-handler.ts";
import {
  didYouMeanNotice,
  endedByNotice,
  notAcceptedNotice,
  overNotice,
  severalWaitNotice,
  unknownThreadNotice,
} from "./render/notice.ts";
import type { ThreadRuntime } from "./thread-runtime.ts";

/** What the owner says and does in one thread. Called in the thread's lane, one thing after the other. */
export interface ThreadConversation {
  post(post: Post, status: ThreadStatus): Promise<void>;
  reaction(reaction: Reaction, added: boolean): Promise<void>;
  /** Whether the post is one of the owner's in this thread that has been handled. */
  knows(postId: PostId): boolean;
  sayEnded(how: "deleted" | "exited"): void;
}

const POSTS_REMEMBERED = 500;

export function createThreadConversation(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: User;
  readonly bridge: CommandPort;
}): ThreadConversation {
  const { runtime, host, clock, logger } = deps;
  const handled = new Set<PostId>();
  const sessionId = runtime.state().session.id;

  /** Each post of the owner is acted on once, however often it is delivered. */
  function isFirst(postId: PostId): boolean {
    if (handled.has(postId)) return false;
    handled.add(postId);
    const [oldest] = handled;
    if (handled.size > POSTS_REMEMBERED && oldest) handled.delete(oldest);
    return true;
  }

  const answer = (post: Post, text: string): void => runtime.say(`reply/${post.id}`, text);

  async function prompt(post: Post): Promise<void> {
    runtime.setFace({ used: true });
    const busy = runtime.state().run.kind !== "idle";
    const sent = await sendPrompt({ host, clock, logger }, sessionId, {
      text: post.message,
      postId: post.id,
      files: [],
    });
    if (sent.kind === "accepted") runtime.mark(post.id, busy ? "inbox_tray" : "eyes");
    else if (sent.kind === "gone") answer(post, overNotice("orphaned", sessionId));
    else answer(post, notAcceptedNotice(sent.reason));
  }

  /** Says nothing: the posts of the turn tell that it was stopped. */
  async function stop(): Promise<void> {
    if (runtime.state().run.kind !== "idle") await host.abort(sessionId);
  }

  /** One answer settles every equal request. */
  async function decide(id: string, { reply, reason }: PermissionAnswer): Promise<void> {
    const entry = runtime.state().permissions.find((p) => p.request.id === id && !p.decision);
    if (!entry) return;
    logger.info(`${deps.owner.username} answered ${reply} to ${entry.request.permission}`, {
      sessionId,
      requestId: id,
    });
    for (const requestId of entry.pending) {
      runtime.apply({ type: "answering", requestId, by: deps.owner.username });
      const taken = await host.answerPermission(requestId, reply, reason);
      if (!taken) runtime.apply({ type: "answering", requestId });
      if (taken) runtime.apply({ type: "permission-replied", sessionId, requestId, reply });
    }
  }

  /** A typed yes or no while a permission waits. Only when it is clear which one it answers. */
  async function answersPermission(post: Post): Promise<boolean> {
    const waiting = runtime.state().permissions.filter((p) => !p.decision);
    const answered = readPermissionAnswer(post.message);
    const [only] = waiting;
    if (!answered || !only) return false;
    if (waiting.length > 1) {
      answer(post, severalWaitNotice(waiting.length));
      return true;
    }
    await decide(only.request.id, answered);
    runtime.mark(post.id, "eyes");
    return true;
  }

  async function act(post: Post, route: Route): Promise<void> {
    switch (route.type) {
      case "thread-prompt":
        return prompt(post);
      case "command":
        return answer(
          post,
          await runCommand(COMMANDS, route.command, { place: "thread", bridge: deps.bridge }),
        );
      case "unknown-command":
        return answer(post, didYouMeanNotice(route.typed, route.meant));
      case "ended-session":
        return answer(post, overNotice(route.status, sessionId));
      case "unknown-thread":
      case "main-dm-prompt":
        return answer(post, unknownThreadNotice());
    }
  }

  return {
    async post(post, status) {
      if (!isFirst(post.id)) return;
      if (status === "active" && (await answersPermission(post))) return;
      await act(post, routeMessage(post.message, { place: "thread", status }, COMMANDS));
    },
    async reaction({ postId, emoji }, added) {
      const action = added ? readReaction(runtime.keyOf(postId), emoji) : undefined;
      if (action?.type === "stop") await stop();
      if (action?.type === "permission") await decide(action.requestId, { reply: action.reply });
    },
    knows: (postId) => handled.has(postId),
    sayEnded(how) {
      runtime.say(`ended/${clock.now()}`, endedByNotice(how, sessionId));
    },
  };
}
