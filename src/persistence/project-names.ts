import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Git } from "./git.ts";

const MAX_NAMES = 200;
const MAX_FILES_READ = 200;
const MAX_FILE_BYTES = 64 * 1024;
const SOURCE = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|rb|php|swift|cs|vue|svelte)$/;
const SYMBOL =
  /^\s*(?:export\s+(?:default\s+)?(?:async\s+)?(?:function\*?|const|let|class|interface|type|enum)|(?:pub\s+)?(?:async\s+)?(?:fn|struct|trait|enum)|(?:async\s+)?def|class|func|public\s+(?:final\s+)?(?:class|interface))\s+([A-Za-z_]\w{3,60})/gm;

/**
 * Names that somebody may say aloud of a project: its tracked files and what its sources export, at most 200, files and symbols in
 * turns. Empty where the folder is no git repository. Never rejects.
 */
export async function projectNames(git: Git, directory: string): Promise<readonly string[]> {
  try {
    const tracked = (await git(directory, "ls-files", "-z")).split("\0").filter(Boolean);
    const files = [...new Set(tracked.map((path) => basename(path)))];
    const sources = tracked.filter((path) => SOURCE.test(path)).slice(0, MAX_FILES_READ);
    const found = await Promise.all(sources.map((path) => symbolsIn(join(directory, path))));
    return inTurns(files, [...new Set(found.flat())]).slice(0, MAX_NAMES);
  } catch {
    return [];
  }
}

async function symbolsIn(path: string): Promise<readonly string[]> {
  try {
    const info = await stat(path);
    if (!info.isFile() || info.size > MAX_FILE_BYTES) return [];
    return [...(await readFile(path, "utf8")).matchAll(SYMBOL)].map(([, name = ""]) => name);
  } catch {
    return [];
  }
}

function inTurns(left: readonly string[], right: readonly string[]): readonly string[] {
  const longest = Math.max(left.length, right.length);
  return Array.from({ length: longest }, (_, at) => [left[at], right[at]])
    .flat()
    .filter((name) => name !== undefined);
}
