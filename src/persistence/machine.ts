import { createHash, randomUUID } from "node:crypto";
import { linkSync, mkdirSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "./io-failure.ts";
import { readSmallFile } from "./small-file.ts";

const FILE = "machine-id";
const PLAUSIBLE = /^[\w-]{8,64}$/;

/**
 * Tells this machine (and this user on it) from others that use the same bot. Made once, at random, and kept in `folder`;
 * processes that start together agree. Where nothing can be kept there, or what is there is no id, it is derived from the
 * names of host and home: the same every time, and saying neither. Never throws.
 */
export function machineId(options: {
  readonly folder: string;
  readonly hostname: string;
  readonly home: string;
}): string {
  const { folder, hostname, home } = options;
  const path = join(folder, FILE);
  try {
    return read(path) ?? keep(folder, path) ?? derived(hostname, home);
  } catch {
    return derived(hostname, home);
  }
}

/** When the id that is kept was made, in Unix milliseconds; `nowMs` where none is kept. */
export function machineSinceMs(folder: string, nowMs: number): number {
  return statSync(join(folder, FILE), { throwIfNoEntry: false })?.mtimeMs ?? nowMs;
}

/** `undefined` where there is no file. */
function read(path: string): string | undefined {
  const id = readSmallFile(path)?.trim();
  if (id === undefined || PLAUSIBLE.test(id)) return id;
  throw new Error(`${path} holds no machine id.`);
}

/** A link appears with its content or not at all, and only once: who comes second reads what the first one made. */
function keep(folder: string, path: string): string | undefined {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(draft, `${randomUUID()}\n`, { mode: 0o600, flag: "wx", flush: true });
    linkSync(draft, path);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  return read(path);
}

const derived = (hostname: string, home: string): string =>
  createHash("sha256").update(`${hostname}\0${home}`).digest("hex").slice(0, 32);
