import { randomUUID } from "node:crypto";
import { lstat, mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { FileStore } from "../ports.ts";
import { ioFailure } from "./io-failure.ts";

/** Files that came in are kept so long: a session may read them again later. */
const KEEP_MS = 14 * 24 * 3600 * 1000;
/** File systems take 255. */
const MAX_NAME_BYTES = 200;
const MAX_END_BYTES = 40;

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
  const base = basename(name.replaceAll("\\", "/")).replace(/[^\p{L}\p{M}\p{N}._ -]/gu, "_");
  const visible = base.replace(/^[.\s\p{M}-]+/u, "").trim();
  const end = cutToBytes(extname(visible), MAX_END_BYTES);
  const stem = visible.slice(0, visible.length - extname(visible).length);
  const room = MAX_NAME_BYTES - Buffer.byteLength(end);
  return `${cutToBytes(stem, room).trim() || "file"}${end}`;
}

/** As many whole letters, each with its accents, as fit. */
function cutToBytes(text: string, maxBytes: number): string {
  let kept = "";
  for (const [letter] of text.matchAll(/\P{M}\p{M}*/gu)) {
    if (Buffer.byteLength(kept + letter) > maxBytes) break;
    kept += letter;
  }
  return kept;
}
