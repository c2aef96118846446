import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { StoreError } from "../errors.ts";
import { asInstanceId, type InstanceId } from "../models/ids.ts";
import type { ProcessLock } from "../ports.ts";
import { createSuspendedHolders, remove } from "./suspended-holders.ts";

/** Which processes live, told by the locks that they hold: a process id alone would be no proof. */
export interface Instances {
  /**
   * The lock of one instance. Its own process takes it at the start and asks for it again at every beat (which heals a
   * state folder that somebody emptied), and releases it at an orderly end.
   */
  own(id: InstanceId): ProcessLock;
  /** Whether that process lives. Where the lock cannot be read it counts as living: nobody is declared dead by mistake. */
  isAlive(id: InstanceId): boolean;
  /** Removes the lock files of processes that are gone. Never throws. */
  sweep(): void;
  /**
   * To be called at every beat: takes the locks away from processes that are stopped and do not beat. Whoever goes on after that
   * has them again at its next beat, if nobody else does. Returns the names of the locks. Never throws.
   */
  freeStopped(): readonly string[];
  /** The lock that makes one of the living instances the leader. `name`: letters, digits, `-`, `_`. */
  leader(name: string): ProcessLock;
}

const SAFE = /^[\w-]{1,100}$/;
const SUFFIX = ".lock";
const LEADER = "leader-";

export function createInstances(options: {
  readonly folder: string;
  readonly createLock: (path: string) => ProcessLock;
}): Instances {
  const { folder, createLock } = options;
  const instances = join(folder, "instances");
  const stopped = createSuspendedHolders();
  // The id comes from a file that people can edit: it must not lead out of the folder.
  const lockFile = (id: string): string | undefined =>
    SAFE.test(id) ? join(instances, `${id}${SUFFIX}`) : undefined;

  const own = (id: InstanceId): ProcessLock => {
    const path = lockFile(id);
    if (path === undefined) throw new TypeError(`"${id}" cannot be the id of an instance.`);
    const lock = createLock(path);
    return {
      tryAcquire: () => lock.tryAcquire(),
      isHeld: () => lock.isHeld(),
      release: () => removeWhileHeld(path, lock),
    };
  };

  return {
    own,
    isAlive(id) {
      const path = lockFile(id);
      if (path === undefined) return false;
      try {
        return createLock(path).isHeld();
      } catch (error) {
        if (error instanceof StoreError) return true;
        throw error;
      }
    },
    sweep() {
      // To release is to take the lock where it is free, and to remove the file where that worked.
      for (const name of namesIn(instances)) {
        if (!name.endsWith(SUFFIX)) continue;
        const id = name.slice(0, -SUFFIX.length);
        if (SAFE.test(id)) own(asInstanceId(id)).release();
      }
    },
    freeStopped() {
      const isLock = (name: string): boolean => name.endsWith(SUFFIX);
      const leaders = namesIn(folder).filter((name) => name.startsWith(LEADER) && isLock(name));
      const files = [
        ...leaders.map((name) => join(folder, name)),
        ...namesIn(instances)
          .filter(isLock)
          .map((name) => join(instances, name)),
      ];
      return stopped.look(files).map((path) => basename(path, SUFFIX));
    },
    leader(name) {
      if (!SAFE.test(name)) throw new TypeError(`"${name}" cannot be the name of a lock.`);
      return createLock(join(folder, `${LEADER}${name}${SUFFIX}`));
    },
  };
}

/**
 * Removed while it is held: who has it open already will then find that it is not the file any more. Where an open file
 * cannot be removed (Windows), nobody else can have it open when the second try succeeds.
 */
function removeWhileHeld(path: string, lock: ProcessLock): void {
  if (!held(lock)) return;
  const removed = remove(path);
  lock.release();
  if (!removed) remove(path);
}

/** Where the lock cannot be used, nothing is held, and nothing must be removed. */
function held(lock: ProcessLock): boolean {
  try {
    return lock.tryAcquire();
  } catch (error) {
    if (error instanceof StoreError) return false;
    throw error;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
