import { constants } from "node:fs";
import { mkdir, open, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import type { Logger } from "../ports.ts";
import { CAREFULLY, notRegular } from "./small-file.ts";
import { requireOwnFolder } from "./state-folder.ts";

const { O_APPEND, O_CREAT, O_WRONLY } = constants;
const MAX_BYTES = 1024 * 1024;
/** What waits to be written while the disk hangs. */
const MAX_WAITING = 1_000;

/**
 * A log file of our own, for a host that keeps none: one line an entry, for the owner's eyes only (0600). At 1 MB it becomes
 * `….old`, so both together are never larger than 2 MB. Never rejects: a log that cannot be written is dropped.
 */
export function createFileLogger(options: {
  readonly path: string;
  readonly now: () => number;
}): Logger {
  const { path, now } = options;
  let waiting: string[] = [];
  let writing = false;

  const write =
    (level: string): Logger["info"] =>
    (message, extra) => {
      const more = extra ? ` ${JSON.stringify(extra)}` : "";
      const line = `${new Date(now()).toISOString()} ${level} ${message}${more}`;
      if (waiting.length < MAX_WAITING) waiting.push(line.replaceAll(/[\r\n]+/g, " "));
      if (!writing) void flush();
    };

  async function flush(): Promise<void> {
    writing = true;
    try {
      while (waiting.length > 0) {
        const lines = waiting;
        waiting = [];
        await append(path, `${lines.join("\n")}\n`);
      }
    } catch {
      waiting = [];
    } finally {
      writing = false;
    }
  }

  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
}

async function append(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  requireOwnFolder(dirname(path));
  const size = await stat(path).then(
    (file) => file.size,
    () => 0,
  );
  if (size > MAX_BYTES) await rename(path, `${path}.old`);
  const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | CAREFULLY, 0o600);
  try {
    if (!(await file.stat()).isFile()) throw notRegular(path);
    await file.writeFile(text);
    if (size === 0) await file.chmod(0o600);
  } finally {
    await file.close();
  }
}
