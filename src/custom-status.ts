import type { SessionLine } from "./commands/command.ts";
import { messageOf } from "./errors.ts";
import type { UserId } from "./models/ids.ts";
import type { ChatPort, Clock, Logger } from "./ports.ts";

/** Changes that come close together are one call. */
const COALESCE_MS = 1_000;

/** The bot's custom status beside its name in the sidebar: the worst state of all sessions. */
export interface CustomStatus {
  changed(): void;
  stop(): void;
}

type Shown = { readonly emoji: string; readonly text: string } | undefined;

export function createCustomStatus(deps: {
  readonly chat: ChatPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly me: UserId;
  readonly enabled: boolean;
  readonly sessions: () => Promise<readonly SessionLine[]>;
}): CustomStatus {
  const { chat, clock, logger, me } = deps;
  let shown: string | undefined;
  let stopped = false;
  let waiting = false;
  let cancelTimer = (): void => undefined;

  async function show(): Promise<void> {
    waiting = false;
    const wanted = worst(await deps.sessions());
    const text = JSON.stringify(wanted ?? null);
    if (stopped || text === shown) return;
    await chat.setCustomStatus(me, wanted);
    shown = text;
  }

  return {
    changed() {
      if (!deps.enabled || stopped || waiting) return;
      waiting = true;
      cancelTimer = clock.schedule(COALESCE_MS, () => {
        void show().catch((error) => {
          logger.debug(`the custom status could not be set: ${messageOf(error)}`);
        });
      });
    },
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}

/** Needs somebody before working; nothing where all are idle. */
function worst(sessions: readonly SessionLine[]): Shown {
  const live = sessions.filter((session) => !session.ended);
  const waiting = live.filter((session) => session.needsUser).length;
  if (waiting > 0) return { emoji: "raised_hand", text: `${waiting} waiting for you` };
  const working = live.filter((session) => session.mark === "⏳").length;
  if (working > 0) return { emoji: "hourglass_flowing_sand", text: `${working} working` };
  return undefined;
}
