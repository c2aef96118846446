import type { ContextUse } from "../commands/command.ts";
import type { HostPort } from "../ports.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";

const MESSAGES_READ = 50;

/** How full the model's context is: as the last answer said, also where this process has not heard it. */
export async function contextUse(deps: {
  readonly runtime: Pick<ThreadRuntime, "state" | "face">;
  readonly host: Pick<HostPort, "messages" | "models">;
}): Promise<ContextUse> {
  const { session } = deps.runtime.state();
  const answers = (await deps.host.messages(session.id, MESSAGES_READ)).flatMap((m) =>
    m.role === "assistant" && m.message.contextTokens > 0 ? m.message : [],
  );
  const last = answers.at(-1);
  const { contextTokens: tokens = 0, model, provider } = last ?? {};
  const offers = (await deps.host.models?.().catch(() => [])) ?? [];
  const offer = offers.find(
    (each) => each.model === model && (provider === undefined || each.provider === provider),
  );
  const limit = offer?.contextLimit || deps.runtime.face().contextLimit;
  const about = { ...(model && { model }), ...(limit && { limit }) };
  return { tokens, costUsd: session.costUsd ?? 0, ...about };
}
