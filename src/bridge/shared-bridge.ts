import { messageOf } from "../errors.ts";
import type { HostEvent } from "../models/host-event.ts";
import type { Clock, Logger } from "../ports.ts";
import type { Bridge } from "./bridge.ts";

/** A terminal that had its configuration read again asks for the directory within a second, and so OpenCode loads it. */
const ASK_AFTER_MS = 1_500;
/** Then OpenCode goes on without this plugin. */
const BACK_WITHIN_MS = 20_000;
/** Two loads of one directory hear an event at the same moment. */
const EVENTS_REMEMBERED = 500;

/**
 * OpenCode may load the plugin several times for one directory: at once, where only one of the loads may ever hear an event, or
 * all of them the same ones; and one after the other, when it reads its configuration again. One bridge serves the directory all that
 * time, and hears what any of them hears.
 */
export interface SharedBridge {
  readonly bridge: Bridge;
  join(): BridgeLoad;
  /** Another bridge serves the directory from now on: nothing is said. */
  retire(): void;
}

/** One load of the plugin. */
interface BridgeLoad {
  /** `key` tells one event from another: a second load may hear the same. Returns at once and never throws. */
  event(event: HostEvent, key: unknown): void;
  /**
   * OpenCode lets go of this load. `ends`: with its whole process, so the threads say so. Otherwise it is expected back. Resolves
   * within 3 s and never rejects.
   */
  leave(ends: boolean): Promise<void>;
}

export function createSharedBridge(deps: {
  readonly bridge: Bridge;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes OpenCode load the directory, where nobody else does. */
  readonly load: () => Promise<unknown>;
  /** Nobody serves the directory any more. Called once. */
  readonly onOver: () => void;
}): SharedBridge {
  const { bridge, clock, logger } = deps;
  const heard = new Set<unknown>();
  const loads = new Set<{ hears: boolean }>();
  let joined = 0;
  let isAway = false;
  let over: Promise<void> | undefined;

  function isFirst(key: unknown): boolean {
    if (heard.has(key)) return false;
    heard.add(key);
    const [oldest] = heard;
    if (heard.size > EVENTS_REMEMBERED) heard.delete(oldest);
    return true;
  }

  async function end(how: "exited" | "unloaded"): Promise<void> {
    await bridge.dispose(how);
    deps.onOver();
  }

  function comesBack(): void {
    isAway = false;
    logger.info(`OpenCode has loaded ${bridge.directory} anew: its threads go on`);
    bridge.reloaded();
  }

  /** What was let go of may be a load that never heard anything, beside one that does. */
  function expectBack(): void {
    isAway = true;
    const before = joined;
    const isBack = (): boolean =>
      joined > before || over !== undefined || [...loads].some(({ hears }) => hears);
    clock.schedule(ASK_AFTER_MS, () => {
      if (isBack()) return;
      void deps.load().catch((error) => {
        logger.warn(`${bridge.directory} could not be loaded anew: ${messageOf(error)}`);
      });
    });
    clock.schedule(BACK_WITHIN_MS, () => {
      if (!isBack()) over = end("unloaded");
    });
  }

  return {
    bridge,
    retire() {
      if (over !== undefined) return;
      over = Promise.resolve();
      bridge.stop();
      deps.onOver();
    },
    join() {
      const load = { hears: false };
      loads.add(load);
      joined++;
      if (isAway) comesBack();
      return {
        event(event, key) {
          load.hears = true;
          if (isFirst(key)) bridge.event(event);
        },
        async leave(ends) {
          if (!loads.delete(load)) return;
          if (ends) over ??= end("exited");
          else if (!over) expectBack();
          await over?.catch((error) => {
            logger.error(`a directory could not be let go of: ${messageOf(error)}`);
          });
        },
      };
    },
  };
}
