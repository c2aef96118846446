import { asMessageId, type MessageId, type PostId } from "../models/ids.ts";
import { newMessageId } from "../models/message-id.ts";
import type { ThreadMapping } from "../models/thread-mapping.ts";
import type { Clock, HostPort } from "../ports.ts";
import { busyNotice, nothingToCompactNotice } from "../render/history-notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { DoOnce } from "./do-once.ts";
import type { SessionChoices } from "./session-choices.ts";
import type { SessionHistory } from "./session-history.ts";

/** So far back a compaction is looked for. */
const MESSAGES_READ = 50;

/** What OpenCode does in a session on request, once for each post. Each resolves with why not; empty where it was given to OpenCode. */
export interface SessionWork {
  command(post: PostId, name: string, args: string): Promise<string>;
  shell(post: PostId, command: string): Promise<string>;
  compact(post: PostId): Promise<string>;
}

/** What an earlier process has asked for. A plan that is one word is a prompt's id. */
export function tellAsked(
  runtime: Pick<ThreadRuntime, "apply">,
  { plans = [] }: Pick<ThreadMapping, "plans">,
): void {
  for (const { post, what } of plans) {
    if (!what.includes(" "))
      runtime.apply({ type: "asked", turn: asMessageId(what), postId: post });
  }
}

export function createSessionWork(deps: {
  readonly runtime: Pick<ThreadRuntime, "state" | "apply">;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly once: DoOnce;
  readonly choices: SessionChoices;
  readonly history: Pick<SessionHistory, "isIdle">;
}): SessionWork {
  const { runtime, host, clock, once, choices, history } = deps;
  const { id } = runtime.state().session;

  /** The prompt that it becomes has its id before it is given, and is known as this post's. */
  async function asPrompt(
    post: PostId,
    needsIdle: boolean,
    give: (messageId: MessageId) => Promise<void>,
  ): Promise<string> {
    const given = await once(post, {
      async plan() {
        if (needsIdle && !(await history.isIdle())) return { refused: busyNotice("send it") };
        return { what: newMessageId(clock.now()) };
      },
      wasDone: (plan) => host.hasMessage(id, asMessageId(plan)),
      run(plan) {
        const turn = asMessageId(plan);
        runtime.apply({ type: "asked", turn, postId: post });
        return give(turn);
      },
    });
    return "refused" in given ? given.refused : "";
  }

  /** Whether a compaction has begun after this message. */
  async function wasCompacted(after: string): Promise<boolean> {
    const messages = await host.messages(id, MESSAGES_READ);
    const since = messages.slice(messages.findIndex(({ message }) => message.id === after) + 1);
    return since.some(
      ({ role, message, parts }) =>
        parts.some(({ kind }) => kind === "compaction") ||
        (role === "assistant" && "isSummary" in message && message.isSummary),
    );
  }

  /** Where a host does not say with what a prompt runs its answer does. */
  async function modelOfLast() {
    const messages = await host.messages(id, MESSAGES_READ);
    const last = messages.findLast(({ role }) => role === "assistant");
    const { provider, model } = last?.role === "assistant" ? last.message : {};
    return provider && model ? { provider, model } : undefined;
  }

  return {
    async command(post, name, args) {
      const { runCommand } = host;
      if (!runCommand) return nothingToCompactNotice();
      const settings = await choices.next();
      return asPrompt(post, false, (messageId) =>
        runCommand(id, { name, args, messageId, settings }),
      );
    },
    async shell(post, command) {
      const { shell } = host;
      if (!shell) return nothingToCompactNotice();
      const settings = await choices.next();
      return asPrompt(post, true, (messageId) => shell(id, command, messageId, settings));
    },
    async compact(post) {
      const { compact } = host;
      const model = (await choices.next()).model ?? (await modelOfLast());
      if (!compact || !model) return nothingToCompactNotice();
      const given = await once(post, {
        async plan() {
          if (!(await history.isIdle())) return { refused: busyNotice("compact") };
          const newest = (await host.messages(id, 1)).at(-1);
          return newest
            ? { what: `after ${newest.message.id}` }
            : { refused: nothingToCompactNotice() };
        },
        wasDone: (plan) => wasCompacted(plan.replace(/^after /, "")),
        run: () => compact(id, model),
      });
      return "refused" in given ? given.refused : "";
    },
  };
}
