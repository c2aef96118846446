import { randomUUID } from "node:crypto";
import * as nodeFs from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { codeOf, ioFailure } from "./io-failure.ts";

/** What writing needs of `node:fs/promises`; tests bring one that fails. */
export interface WritingFs {
  open(path: string, flags: string, mode?: number): Promise<WritingHandle>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

interface WritingHandle {
  writeFile(text: string): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Replaces a file by `text`, in a folder that is there: a reader, and whoever comes after a crash, finds the old content or the new one, whole. Durable
 * when it resolves. Rejects with `StoreError` `io`; the old content is then still there, except where the very last step
 * (making the new name durable) failed.
 */
export async function writeFileAtomically(
  path: string,
  text: string,
  fs: WritingFs = nodeFs,
): Promise<void> {
  const folder = dirname(path);
  // In the same folder: renaming is atomic only within one file system.
  const temporary = join(folder, `${temporaryPrefix(path)}${randomUUID()}.tmp`);
  try {
    await writeDurably(temporary, text, fs);
    await fs.rename(temporary, path);
    await syncFolder(folder, fs);
  } catch (error) {
    await fs.unlink(temporary).catch(() => undefined);
    throw ioFailure(`${path} cannot be written`, error);
  }
}

/** Removes what crashed writers of this file left behind before `beforeMs`. Never rejects: it can wait. */
export async function removeLeftovers(path: string, beforeMs: number): Promise<void> {
  const folder = dirname(path);
  const names = await nodeFs.readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(temporaryPrefix(path)) || !name.endsWith(".tmp")) continue;
    const leftover = join(folder, name);
    const stat = await nodeFs.stat(leftover).catch(() => undefined);
    if (stat === undefined || stat.mtimeMs >= beforeMs) continue;
    await nodeFs.unlink(leftover).catch(() => undefined);
  }
}

const temporaryPrefix = (path: string): string => `.${basename(path)}.`;

async function writeDurably(path: string, text: string, fs: WritingFs): Promise<void> {
  const handle = await fs.open(path, "wx", 0o600);
  try {
    await handle.writeFile(text);
    // Before the rename: otherwise a power failure could leave the new name with no content.
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Systems where a folder cannot be opened or synced keep renames in order by themselves. */
const CANNOT_SYNC_FOLDERS = ["EINVAL", "EISDIR", "EPERM", "EACCES", "ENOTSUP", "EBADF"];

async function syncFolder(folder: string, fs: WritingFs): Promise<void> {
  try {
    const handle = await fs.open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!CANNOT_SYNC_FOLDERS.includes(codeOf(error))) throw error;
  }
}
