import { messageOf, StoreError } from "../errors.ts";
import type { InstanceId } from "../models/ids.ts";
import type { Logger } from "../ports.ts";
import type { Instances } from "./instance-lock.ts";

/** Shows the other processes that this one lives, and whether it speaks for all of them. */
export interface Presence {
  /** `false` after `leave`, and where locking does not work. */
  isLeader(): boolean;
  /** Shows again that this process lives: somebody may have emptied the folder. */
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

  return {
    isLeader: () => unlessBroken(leader.tryAcquire),
    beat: () => void unlessBroken(own.tryAcquire),
    leave() {
      hasLeft = true;
      leader.release();
      own.release();
    },
  };
}
