import { isRefusal, messageOf } from "./errors.ts";
import type { Reaction } from "./models/chat.ts";
import type { PostId, UserId } from "./models/ids.ts";
import type { ChatPort, Clock, HostPort, Logger } from "./ports.ts";
import { openQuestion } from "./render/question.ts";
import type { ThreadRuntime } from "./thread-runtime.ts";

/**
 * The owner's reactions under what waits, requests and `offers`, by the keys of the posts: those given while nobody listened
 * count too. Rejects where Mattermost does not answer.
 */
export async function missedAnswers(
  runtime: ThreadRuntime,
  chat: ChatPort,
  owner: UserId,
  offers: readonly string[],
): Promise<ReadonlyMap<string, readonly Reaction[]>> {
  const { permissions, questions } = runtime.state();
  const keys = [
    ...offers,
    ...permissions.filter((p) => !p.decision).map((p) => `permission/${p.request.id}`),
    ...questions.flatMap((q) => {
      const index = openQuestion(q);
      return index === undefined ? [] : [`question/${q.request.id}/${index}`];
    }),
  ];
  const found = new Map<string, readonly Reaction[]>();
  for (const key of keys) {
    const postId = runtime.postId(key);
    const reactions = postId && (await reactionsOf(chat, postId));
    if (reactions)
      found.set(
        key,
        reactions.filter((reaction) => reaction.userId === owner),
      );
  }
  return found;
}

/** A post that was deleted keeps no other from being read. */
async function reactionsOf(
  chat: ChatPort,
  postId: PostId,
): Promise<readonly Reaction[] | undefined> {
  try {
    return await chat.reactions(postId);
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** An event that says what became of a request comes within this time of the run's end. */
const SETTLED_WITHIN_MS = 1_500;

/**
 * A run that ended asks nothing more. OpenCode does not say so of each request, and keeps some in its list after a stop,
 * so the end of the run is what counts: of the root's, or of the sub-agent's that asked, which may run by itself.
 */
export function dropGoneRequests(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: Pick<HostPort, "status">;
  readonly clock: Clock;
  readonly logger: Logger;
}): void {
  const { runtime, host, clock, logger } = deps;

  async function drop(): Promise<void> {
    const { session, run, permissions, questions } = runtime.state();
    if (run.kind !== "idle") return;
    const open = [
      ...permissions.map(({ request, pending }) => ({ by: request.sessionId, ids: pending })),
      ...questions
        .filter(({ decision }) => !decision)
        .map(({ request }) => ({ by: request.sessionId, ids: [request.id] })),
    ];
    for (const { by, ids } of open) {
      const isOver = by === session.id || (await host.status(by)).kind === "idle";
      if (!isOver || runtime.state().run.kind !== "idle") continue;
      for (const requestId of ids) runtime.apply({ type: "request-gone", requestId });
    }
  }

  clock.schedule(SETTLED_WITHIN_MS, () => {
    void drop().catch((error) => logger.warn(`requests could not be checked: ${messageOf(error)}`));
  });
}
