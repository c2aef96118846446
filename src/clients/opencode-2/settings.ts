import { z } from "zod";
import type { StoredMessage } from "../../models/host-event.ts";
import type { PromptSettings } from "../../models/host-offers.ts";
import type { SessionId } from "../../models/ids.ts";
import type { Calls } from "./calls.ts";

const Choice = z.object({
  agent: z.string().optional().catch(undefined),
  model: z
    .object({ id: z.string(), providerID: z.string(), variant: z.string().optional() })
    .optional()
    .catch(undefined),
});

/** OpenCode 2 keeps the agent and the model with the session, and not with each prompt. */
async function settingsOf(calls: Calls, sessionID: SessionId): Promise<PromptSettings> {
  const { agent, model } = Choice.parse(await calls.session("get", { sessionID }));
  return {
    ...(agent !== undefined && { agent }),
    ...(model && { model: { provider: model.providerID, model: model.id } }),
    ...(model?.variant !== undefined && { variant: model.variant }),
  };
}

/** The messages, with what the session's next prompt would run with: that is what its last one ran with, or was chosen since. */
export async function withSettings(
  calls: Calls,
  id: SessionId,
  messages: readonly StoredMessage[],
): Promise<readonly StoredMessage[]> {
  if (!messages.some(({ role }) => role === "user")) return messages;
  const settings = await settingsOf(calls, id);
  return messages.map((stored) =>
    stored.role === "user" ? { ...stored, message: { ...stored.message, settings } } : stored,
  );
}

/** Chooses what a prompt is to run with, where the session does not have it already. */
export async function choose(
  calls: Calls,
  sessionID: SessionId,
  { agent, model, variant }: PromptSettings,
): Promise<void> {
  const now = await settingsOf(calls, sessionID);
  if (agent !== undefined && agent !== now.agent) {
    await calls.session("switchAgent", { sessionID, agent });
  }
  const wanted = model ?? now.model;
  const isSo =
    wanted?.model === now.model?.model &&
    wanted?.provider === now.model?.provider &&
    (variant || undefined) === now.variant;
  if (!wanted || isSo) return;
  const ref = { providerID: wanted.provider, id: wanted.model, ...(variant && { variant }) };
  await calls.session("switchModel", { sessionID, model: ref });
}
