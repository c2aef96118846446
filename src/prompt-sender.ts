import { HostError, messageOf } from "./errors.ts";
import type { PostId, SessionId } from "./models/ids.ts";
import type { Clock, HostPort, Logger, Prompt } from "./ports.ts";

const TRIES = 4;
const PAUSE_MS = 1_000;
/** How far back a prompt is looked for: what was sent a moment ago is among the newest. */
const MESSAGES_READ = 50;

export type SendResult =
  | { readonly kind: "accepted" }
  | { readonly kind: "gone" }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Gives a prompt to OpenCode exactly once: where the outcome of a try is unknown, OpenCode's own record of the post id
 * decides whether it is tried again.
 */
export async function sendPrompt(
  deps: { readonly host: HostPort; readonly clock: Clock; readonly logger: Logger },
  sessionId: SessionId,
  prompt: Prompt & { readonly postId: PostId },
): Promise<SendResult> {
  const { host, clock, logger } = deps;
  let reason = "";
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const before = tries > 0 && (await wasSent(host, sessionId, prompt.postId));
      if (!before) await host.prompt(sessionId, prompt);
      return { kind: "accepted" };
    } catch (error) {
      reason = messageOf(error);
      logger.warn(`a prompt could not be sent: ${reason}`);
      if (error instanceof HostError && error.kind === "not-found") return { kind: "gone" };
      if (error instanceof HostError && error.kind === "refused") break;
      await pause(clock, PAUSE_MS * 2 ** tries);
    }
  }
  const stored = await wasSent(host, sessionId, prompt.postId).catch(() => false);
  return stored ? { kind: "accepted" } : { kind: "failed", reason };
}

const pause = (clock: Clock, delayMs: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(delayMs, resolve);
  });

/** Whether OpenCode has stored a prompt that came from this post. */
export async function wasSent(
  host: HostPort,
  sessionId: SessionId,
  postId: PostId,
): Promise<boolean> {
  const messages = await host.messages(sessionId, MESSAGES_READ);
  return messages.some((m) => m.parts.some((p) => p.kind === "text" && p.postId === postId));
}
