import { messageOf, StoreError } from "../errors.ts";
import type { InstanceId } from "../models/ids.ts";
import type { Logger } from "../ports.ts";
import type { Instances } from "./instances.ts";

/** Shows the other processes that this one lives, and whether it speaks for all of them. */
export interface Presence {
  /** `false` after `leave`, and where locking does not work. */
  isLeader(): boolean;
  /**
   * To be called every few seconds: shows that this process lives and is not stopped, and looks whether another one is. Never
   * throws.
   */
  beat(): void;
  /** Gives both locks back: another life of the plugin in this process may need them. Never throws. */
  leave(): void;
}

/** Throws `StoreError` where locking does not work at all: the others would take this process for dead. */
export function createPresence(deps: {
  readonly instances: Instances;
  readonly instanceId: InstanceId;
  /** Which leader: one for each bot and owner. */
  readonly name: string;
  readonly logger: Logger;
}): Presence {
  const { instances, logger } = deps;
  const own = instances.own(deps.instanceId);
  const leader = instances.leader(deps.name);
  let hasLeft = false;
  let leads = false;
  let wasTold = false;
  own.tryAcquire();

  /** It may cease to work later: a folder that was removed, a full disk. */
  function unlessBroken(lock: () => boolean): boolean {
    try {
      return !hasLeft && lock();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      if (!wasTold) logger.error(`Locking does not work any more: ${messageOf(error)}`);
      wasTold = true;
      return false;
    }
  }

  const isLeader = (): boolean => {
    leads = unlessBroken(leader.tryAcquire);
    return leads;
  };

  return {
    isLeader,
    beat() {
      if (!unlessBroken(own.tryAcquire)) return;
      if (leads) isLeader();
      for (const name of instances.freeStopped()) {
        logger.info(`The process with the lock ${name} is stopped: others take over from it.`);
      }
    },
    leave() {
      hasLeft = true;
      leader.release();
      own.release();
    },
  };
}
