import { messageOf } from "./errors.ts";
import type { Reaction } from "./models/chat.ts";
import type { UserId } from "./models/ids.ts";
import type { ChatPort, HostPort, Logger } from "./ports.ts";
import { openQuestion } from "./render/question.ts";
import type { ThreadRuntime } from "./thread-runtime.ts";

/** The owner's reactions under the requests that wait: those given while nobody listened count too. */
export async function missedAnswers(
  runtime: ThreadRuntime,
  chat: ChatPort,
  owner: UserId,
): Promise<readonly Reaction[]> {
  const { permissions, questions } = runtime.state();
  const keys = [
    ...permissions.filter((p) => !p.decision).map((p) => `permission/${p.request.id}`),
    ...questions.flatMap((q) => {
      const index = openQuestion(q);
      return index === undefined ? [] : [`question/${q.request.id}/${index}`];
    }),
  ];
  const found: Reaction[] = [];
  for (const key of keys) {
    const postId = runtime.postId(key);
    if (postId) found.push(...(await chat.reactions(postId)));
  }
  return found.filter((reaction) => reaction.userId === owner);
}

/** A run that ended asks nothing more; OpenCode does not always say so of each request. Never rejects. */
export async function dropGoneRequests(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly logger: Logger;
}): Promise<void> {
  const { runtime, host, logger } = deps;
  const { permissions, questions } = runtime.state();
  const open = [...permissions, ...questions].filter((r) => !r.decision);
  if (open.length === 0) return;
  try {
    const asked = [...(await host.permissions()), ...(await host.questions())];
    for (const { request } of open) {
      if (asked.some(({ id }) => id === request.id)) continue;
      runtime.apply({ type: "request-gone", requestId: request.id });
    }
  } catch (error) {
    logger.warn(`what still waits for an answer could not be read: ${messageOf(error)}`);
  }
}
