import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { StoreError } from "../errors.ts";
import { ioFailure, isNowhere } from "./io-failure.ts";

const MAX_BYTES = 64 * 1024;
/** No link is followed, and a pipe that nobody writes to does not hold the process up. Windows has neither. */
export const CAREFULLY = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * The text of a small file; `undefined` where there is none. Throws `StoreError` where something else than a regular file is in its
 * place, or where it cannot be read.
 */
export function readSmallFile(path: string): string | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path, constants.O_RDONLY | CAREFULLY);
    const info = fstatSync(handle);
    if (!info.isFile() || info.size > MAX_BYTES) throw notRegular(path);
    return readFileSync(handle, "utf8");
  } catch (error) {
    if (isNowhere(error)) return undefined;
    throw ioFailure(`${path} cannot be read`, error);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/**
 * Replaces a small file, or whatever else is in its place: a reader finds the old text or the new one, whole. Its folder is there.
 * Throws `StoreError` where that does not work; nothing is changed then.
 */
export function writeSmallFile(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: "wx", flush: true });
    renameSync(draft, path);
  } catch (error) {
    throw ioFailure(`${path} cannot be written`, error);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Throws `StoreError` where something else is in the place of a file. What a link leads to counts. */
export function requireFile(path: string): void {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info && !info.isFile()) throw notRegular(path);
}

export const notRegular = (path: string): StoreError =>
  new StoreError(
    `${path} is not a regular file, but a folder, a link, a pipe or the like. Remove it, or move that away.`,
    { kind: "io" },
  );
