import { isRefusal, messageOf } from "../errors.ts";
import type { UserId } from "../models/ids.ts";
import type { SessionLine } from "../models/session-line.ts";
import type { ChatPort, Clock, Logger } from "../ports.ts";
import { retryDelayMs } from "../timing/retry.ts";

/** Changes that come close together are one call. */
const COALESCE_MS = 1_000;
/** So often it is tried; the next change begins anew. */
const TRIES = 8;

/** The bot's custom status beside its name in the sidebar: the worst state of all sessions. */
export interface CustomStatus {
  /** A session of this process began or ceased to work or to wait. */
  changed(): void;
  /** Another process came or went: it may have left what is shown now. */
  othersChanged(): void;
  /** This process ends: shows what the others do. Resolves within `withinMs` and never rejects. */
  leave(withinMs: number): Promise<void>;
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
  /** Those of other processes. */
  readonly others: () => Promise<readonly SessionLine[]>;
}): CustomStatus {
  const { chat, clock, logger, me } = deps;
  let shown: string | undefined;
  let stopped = false;
  /** A call is due or on its way: never two, of which the older one might arrive last. */
  let busy = false;
  let changedSince = false;
  let failures = 0;
  let cancelTimer = (): void => undefined;

  async function show(): Promise<void> {
    const wanted = worst(await deps.sessions());
    const text = JSON.stringify(wanted ?? null);
    if (stopped || text === shown) return;
    // After a call that failed nobody knows what the server shows.
    shown = undefined;
    await chat.setCustomStatus(me, wanted);
    shown = text;
  }

  function showIn(delayMs: number): void {
    busy = true;
    cancelTimer = clock.schedule(delayMs, () => {
      changedSince = false;
      void attempt().then((retryMs) => {
        const nextMs = retryMs ?? (changedSince ? COALESCE_MS : undefined);
        busy = false;
        if (nextMs !== undefined && !stopped) showIn(nextMs);
      });
    });
  }

  /** The delay before the next try, which shows what holds by then; `undefined` where it worked or is given up. */
  async function attempt(): Promise<number | undefined> {
    try {
      await show();
    } catch (error) {
      logger.debug(`the custom status could not be set: ${messageOf(error)}`);
      if (!isRefusal(error) && ++failures < TRIES) return retryDelayMs(failures, error);
    }
    failures = 0;
    return undefined;
  }

  function changed(): void {
    changedSince = true;
    if (deps.enabled && !stopped && !busy) showIn(COALESCE_MS);
  }

  async function showOthers(): Promise<void> {
    try {
      await chat.setCustomStatus(me, worst(await deps.others()));
    } catch (error) {
      logger.debug(`the custom status could not be left right: ${messageOf(error)}`);
    }
  }

  return {
    changed,
    othersChanged() {
      shown = undefined;
      changed();
    },
    async leave(withinMs) {
      if (!deps.enabled || stopped) return;
      stopped = true;
      cancelTimer();
      const late = new Promise<void>((resolve) => {
        clock.schedule(withinMs, resolve);
      });
      await Promise.race([showOthers(), late]);
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
