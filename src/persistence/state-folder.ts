import { lstatSync, mkdirSync, readdirSync, type Stats } from "node:fs";
import { join } from "node:path";
import { StoreError } from "../errors.ts";
import { ioFailure } from "./io-failure.ts";
import { notRegular } from "./small-file.ts";

/**
 * Makes the folder where it is missing, and sees to it that nobody else has a hand in it: a real folder of this user, that others
 * can neither read nor change, with nothing in it but files and folders. Throws `StoreError`, which says what to do, where it is
 * not so: then nothing in it can be trusted.
 */
export function openStateFolder(path: string, uid = process.getuid?.()): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    requireOwnFolder(path, uid);
    for (const name of readdirSync(path)) checkEntry(join(path, name), uid);
  } catch (error) {
    throw ioFailure(`The folder ${path} cannot be used`, error);
  }
}

/** Throws `StoreError` where the folder is not this user's alone. */
export function requireOwnFolder(path: string, uid = process.getuid?.()): void {
  const problem = problemOf(path, lstatSync(path), uid);
  if (problem) throw new StoreError(`The folder ${path} ${problem}`, { kind: "io" });
}

function checkEntry(path: string, uid: number | undefined): void {
  // It may have been removed by another process just now.
  const info = lstatSync(path, { throwIfNoEntry: false });
  if (info?.isDirectory()) requireOwnFolder(path, uid);
  else if (info && !info.isFile()) throw notRegular(path);
}

function problemOf(path: string, info: Stats, uid: number | undefined): string | undefined {
  if (info.isSymbolicLink()) {
    return "is a link, which somebody else may have made: remove it (XDG_STATE_HOME says where else it shall be)";
  }
  if (!info.isDirectory()) return "is no folder: move it away";
  // Windows knows no owners and modes of this kind.
  if (uid === undefined) return undefined;
  if (info.uid !== uid) {
    return `belongs to another user (${info.uid}, you are ${uid}): remove it, or set XDG_STATE_HOME to a folder of yours`;
  }
  const mode = info.mode & 0o777;
  if ((mode & 0o077) === 0) return undefined;
  return `is open to others (mode ${mode.toString(8)}): if nobody has changed anything in it, "chmod 700 ${path}"`;
}
