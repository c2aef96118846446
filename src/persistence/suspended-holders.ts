import { lstatSync, unlinkSync } from "node:fs";

/** A holder that shows no life in so many looks is stopped. Others may be slow for seconds; none is for so long. */
const LOOKS = 10;

interface Seen {
  readonly sign: string;
  readonly times: number;
}

/**
 * Finds lock files whose holders are stopped, as by ctrl+z: the kernel keeps their locks, so that they would lead and answer
 * for their threads for ever without doing either. Looks are counted, not timed: a computer that slept finds all holders
 * silent, and itself with them.
 */
export interface SuspendedHolders {
  /**
   * To be called at every beat with the lock files that there are. A file that nobody refreshed for ten looks is removed: then
   * its lock counts for nobody, and the holder, should it go on, notices that at its next beat. Returns the removed ones.
   * Never throws.
   */
  look(files: readonly string[]): readonly string[];
}

export function createSuspendedHolders(): SuspendedHolders {
  let seen = new Map<string, Seen>();

  function lookAt(path: string): Seen | undefined {
    const sign = signOf(path);
    if (sign === undefined) return undefined;
    const before = seen.get(path);
    return { sign, times: before?.sign === sign ? before.times + 1 : 0 };
  }

  return {
    look(files) {
      const now = new Map<string, Seen>();
      const removed: string[] = [];
      for (const path of files) {
        const found = lookAt(path);
        if (found && found.times >= LOOKS && remove(path)) removed.push(path);
        else if (found) now.set(path, found);
      }
      seen = now;
      return removed;
    },
  };
}

/** Changes when its holder refreshes it, and when it is another file. */
function signOf(path: string): string | undefined {
  try {
    const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return stat && `${stat.dev}:${stat.ino}:${stat.mtimeNs}`;
  } catch {
    return undefined;
  }
}

/** `false` where it cannot be removed: it is not there, or open on a system that forbids that. */
export function remove(path: string): boolean {
  try {
    unlinkSync(path);
    return true;
  } catch {
    return false;
  }
}
