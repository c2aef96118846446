import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import { type Finding, found } from "../findings/finding.ts";

/** A living process touches its lock every few seconds. */
const SILENT_AFTER_MS = 60_000;

/** Which OpenCode processes run the bridge now, and whether one has left something behind or hangs. */
export function checkLocks(folder: string, nowMs: number): readonly Finding[] {
  if (!existsSync(folder)) return [found("locks.none")];
  const closed = closedTo(folder);
  if (closed) return [closed];
  const ages = lockFilesIn(folder).map(
    (path) => nowMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs),
  );
  const silent = ages.filter((ageMs) => ageMs > SILENT_AFTER_MS);
  const living = ages.length - silent.length;
  const minutes = Math.round(Math.max(...silent, 0) / 60_000);
  return [
    living === 0 ? found("locks.none") : found("locks.living", { count: living }),
    ...(silent.length > 0 ? [found("locks.stale", { count: silent.length, folder, minutes })] : []),
  ];
}

function closedTo(folder: string): Finding | undefined {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    return found("locks.closed", { folder, reason: messageOf(error) });
  }
}

/** One for each process. */
function lockFilesIn(folder: string): readonly string[] {
  const instances = join(folder, "instances");
  if (!existsSync(instances)) return [];
  return readdirSync(instances)
    .filter((name) => name.endsWith(".lock"))
    .map((name) => join(instances, name));
}
