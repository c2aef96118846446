import type { Database } from "bun:sqlite";
import { closeSync, lstatSync, mkdirSync, openSync, utimesSync } from "node:fs";
import { dirname } from "node:path";
import { StoreError } from "../errors.ts";
import type { ProcessLock } from "../ports.ts";
import { codeOf, ioFailure } from "./io-failure.ts";
import { closeLocked, isLocked, openLocked } from "./lock-database.ts";
import { notRegular } from "./small-file.ts";

/**
 * Two that take a free lock at the same instant can refuse each other; so can one that only looks. Then it is asked for
 * again, with so much patience; where somebody really has it, nobody waits.
 */
const PATIENCE_MS = [0, 10, 40, 150];

interface Held {
  readonly database: Database;
  readonly file: string;
}

/**
 * A lock on a file of its own, which is made where it is missing and stays empty. All calls throw `StoreError` where the
 * file cannot be used. Whoever loses the lock because somebody deleted the file notices at the next `tryAcquire()`, which
 * also shows the others that the holder is not stopped: the file's time changes.
 *
 * Nothing else in this process may open the file: closing any handle on it would give the lock back.
 */
export function createProcessLock(path: string): ProcessLock {
  let held: Held | undefined;
  const release = (): void => {
    const mine = held;
    held = undefined;
    if (mine !== undefined) closeLocked(mine.database);
  };
  const stillMine = (): boolean => held !== undefined && held.file === identityOf(path);
  return {
    tryAcquire() {
      if (stillMine() && refresh(path)) return true;
      release();
      held = acquire(path);
      return held !== undefined;
    },
    isHeld: () => stillMine() || (identityOf(path) !== undefined && isLocked(path)),
    release,
  };
}

function acquire(path: string): Held | undefined {
  for (const waitMs of PATIENCE_MS) {
    const file = identityOf(path) ?? makeFile(path);
    const opened = openLocked(path, waitMs);
    if (opened.kind === "busy" && isLocked(path)) return undefined;
    if (opened.kind !== "locked") continue;
    // A file deleted in between is locked for nobody: the others meet at the new one.
    if (file !== undefined && file === identityOf(path)) return { database: opened.database, file };
    closeLocked(opened.database);
  }
  if (identityOf(path) === undefined) {
    const message = `The lock file ${path} cannot be made. Remove what is in its place.`;
    throw new StoreError(message, { kind: "io" });
  }
  return undefined;
}

/** Which file it is, however it is named; `undefined` where there is none. An inode is not reused while it is open. */
function identityOf(path: string): string | undefined {
  try {
    const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    // Opening a pipe would wait for ever, and a link leads to a file that somebody else may be using.
    if (!stat.isFile()) throw notRegular(path);
    return `${stat.dev}:${stat.ino}`;
  } catch (error) {
    throw ioFailure(`The lock file ${path} cannot be used`, error);
  }
}

/** `false` where it is not there any more. */
function refresh(path: string): boolean {
  const now = new Date();
  try {
    utimesSync(path, now, now);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw ioFailure(`The lock file ${path} cannot be used`, error);
  }
}

function makeFile(path: string): string | undefined {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw ioFailure(`The folder ${folder} cannot be made`, error);
  }
  try {
    // Exclusively: opening and closing a file that is there already could take the lock away from another handle.
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw ioFailure(`The lock file ${path} cannot be made`, error);
  }
  return identityOf(path);
}
