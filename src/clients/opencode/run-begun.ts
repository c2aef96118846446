import type { StoredMessage } from "../../models/host-event.ts";
import type { SessionId } from "../../models/ids.ts";
import type { Clock } from "../../ports.ts";

const LOOK_EVERY_MS = 20;
/** What has not begun by then is held up by something else, and is stopped all the same. */
const BEGINS_WITHIN_MS = 5_000;
const MESSAGES_READ = 20;

/**
 * Waits until a session's run can be stopped. OpenCode 1.18 loads much of a directory in its first run there, between the prompt and
 * the message that answers it; an abort in that time leaves it unable to run anything in the directory until it is restarted. Once a
 * message has answered since the directory was opened, nothing is waited for.
 */
export function createRunBegun(
  messages: (id: SessionId, limit: number) => Promise<readonly StoredMessage[]>,
  clock: Clock,
): (id: SessionId) => Promise<void> {
  const openedMs = clock.now();
  /** What one session's run has loaded, the others' have. */
  let hasRun = false;

  const pause = (): Promise<void> =>
    new Promise((resolve) => void clock.schedule(LOOK_EVERY_MS, resolve));

  async function begins(id: SessionId, untilMs: number): Promise<void> {
    while (!hasRun && clock.now() < untilMs) {
      const read = await messages(id, MESSAGES_READ).catch(() => undefined);
      if (!read) return;
      hasRun ||= read.some((m) => m.role === "assistant" && m.message.createdMs >= openedMs);
      if (!hasRun) await pause();
    }
  }

  return async (id) => {
    if (hasRun) return;
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = clock.schedule(BEGINS_WITHIN_MS, resolve);
    });
    await Promise.race([begins(id, clock.now() + BEGINS_WITHIN_MS), late]);
    cancel();
  };
}
