import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { FileStore } from "../ports.ts";
import { ioFailure } from "./io-failure.ts";

/** Files that came in are kept so long: a session may read them again later. */
const KEEP_MS = 14 * 24 * 3600 * 1000;
const MAX_NAME_CHARS = 100;

/** Files of the owner's posts, in a private folder. Never executed; removed by age. */
export interface Attachments extends FileStore {
  /** Removes what is older than two weeks. Never rejects. */
  sweep(): Promise<void>;
}

export function createAttachments(options: {
  readonly folder: string;
  readonly now: () => number;
}): Attachments {
  const { folder, now } = options;
  return {
    async save(postId, fileId, name, bytes) {
      const place = join(folder, `${safeName(postId)}-${safeName(fileId)}`);
      const path = join(place, safeName(name));
      const draft = join(place, `.${randomUUID()}.tmp`);
      try {
        await mkdir(place, { recursive: true, mode: 0o700 });
        await writeFile(draft, bytes, { mode: 0o600, flag: "wx" });
        // Whatever is in its place is replaced: nothing is written through a link.
        await rename(draft, path);
      } catch (error) {
        throw ioFailure(`${path} cannot be written`, error);
      } finally {
        await rm(draft, { force: true });
      }
      return { path, url: pathToFileURL(path).href };
    },
    async sweep() {
      const names = await readdir(folder).catch(() => []);
      for (const name of names) {
        const place = join(folder, name);
        const { mtimeMs } = await lstat(place).catch(() => ({ mtimeMs: now() }));
        if (mtimeMs < now() - KEEP_MS) await rm(place, { recursive: true, force: true });
      }
    },
  };
}

/** A base name of harmless characters, its ending kept: nothing in it leads out of the folder or hides the file. */
function safeName(name: string): string {
  const base = basename(name.replaceAll("\\", "/")).replace(/[^\p{L}\p{N}._ -]/gu, "_");
  const visible = base.replace(/^[.\s-]+/, "").trim();
  const end = extname(visible).slice(0, 20);
  const stem = visible.slice(0, visible.length - extname(visible).length);
  return `${stem.slice(0, MAX_NAME_CHARS - end.length) || "file"}${end}`;
}
