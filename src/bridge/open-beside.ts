import type { OpenBeside } from "../conversation/session-forks.ts";
import type { SessionInfo } from "../models/host-event.ts";
import type { Clock } from "../ports.ts";
import type { ThreadManager } from "./thread-manager.ts";

/** With Mattermost away the thread comes later: then it is not waited for. */
const OPEN_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 100;

/** Gives a session that was made beside another one its thread, where it says so. */
export function createOpenBeside(deps: {
  readonly manager: Pick<ThreadManager, "resume" | "entry">;
  /** It is live from now on, without having done anything. */
  readonly adopt: (session: SessionInfo) => void;
  readonly clock: Clock;
}): OpenBeside {
  const { manager, clock } = deps;
  return async (session, notice) => {
    deps.adopt(session);
    manager.resume(session);
    const entry = manager.entry(session.id);
    entry?.runtime.say("fork/of", notice);
    const untilMs = clock.now() + OPEN_WITHIN_MS;
    while (entry?.link() === undefined && clock.now() < untilMs) {
      await new Promise<void>((resolve) => {
        clock.schedule(LOOK_EVERY_MS, resolve);
      });
    }
    return entry?.link();
  };
}
