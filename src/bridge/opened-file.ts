import { constants, type Stats } from "node:fs";
import { type FileHandle, lstat, open, realpath } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { messageOf } from "../errors.ts";

/** A file that is open: whatever happens to its name meanwhile, this is the one that is read. */
export interface OpenedFile {
  /** The real path, every link followed. */
  readonly path: string;
  /** Whether it lies in one of the folders. */
  readonly inside: boolean;
  /** As it was when it was opened. */
  readonly sizeBytes: number;
  /** The whole file, as it is now; how large it is where that is more than `maxBytes`. Rejects where it cannot be read. */
  read(maxBytes: number): Promise<Uint8Array | { readonly sizeBytes: number }>;
  close(): Promise<void>;
}

/** No link is followed any more, and a pipe that nobody writes to is not waited for. */
const READ_IT = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** `path` from `folder` on. A text instead of a file says why it cannot be sent. */
export async function openFile(
  path: string,
  folder: string,
  folders: readonly string[],
): Promise<OpenedFile | string> {
  let file: FileHandle | undefined;
  try {
    const real = await realpath(resolve(folder, path));
    const opened = await open(real, READ_IT);
    file = opened;
    const info = await file.stat();
    const problem = await problemOf(info, real);
    if (problem === undefined) {
      const about = { path: real, sizeBytes: info.size, inside: await isIn(real, folders) };
      return {
        ...about,
        read: (maxBytes) => readAll(opened, maxBytes),
        close: () => opened.close(),
      };
    }
    await file.close();
    return `Not sent: ${path} ${problem}.`;
  } catch (error) {
    await file?.close();
    return `Not sent: ${path} cannot be read (${messageOf(error)}).`;
  }
}

/** Opened by its real path it must still be what is found there: a folder on the way may have become a link meanwhile. */
async function problemOf(info: Stats, path: string): Promise<string | undefined> {
  if (!info.isFile()) return "is not a file";
  const found = await lstat(path);
  const isSame = found.dev === info.dev && found.ino === info.ino;
  return isSame && (await realpath(path)) === path ? undefined : "was replaced just now";
}

async function isIn(path: string, folders: readonly string[]): Promise<boolean> {
  const real = await Promise.all(folders.map((folder) => realpath(folder)));
  return real.some((folder) => path.startsWith(`${folder}${sep}`));
}

async function readAll(file: FileHandle, maxBytes: number): ReturnType<OpenedFile["read"]> {
  const { size: sizeBytes } = await file.stat();
  if (sizeBytes > maxBytes) return { sizeBytes };
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (let count = 1; count > 0 && at < sizeBytes; at += count) {
    count = (await file.read(bytes, at, sizeBytes - at, at)).bytesRead;
  }
  return bytes.subarray(0, at);
}
