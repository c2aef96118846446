import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { type KillSwitchPosition, NEVER, turned } from "../models/kill-switch.ts";
import type { KillSwitch } from "../ports.ts";
import { readSmallFile, writeSmallFile } from "./small-file.ts";

/**
 * Kept in a file of one line: `on` or `off`, when the owner said so, and from when until when it was on last. Each process
 * remembers the last word that it knows: while one lives, a file that is removed, older, or not to be written changes nothing, and
 * is put back. A file that says nothing, or cannot be read, locks: whoever made it so meant it to.
 */
export function createKillSwitch(path: string): KillSwitch {
  let known = NEVER;
  let isUnwritten = false;

  function position(): KillSwitchPosition {
    const stored = read(path);
    if (stored === "unreadable" && !isUnwritten) return { ...known, ...LOCKED };
    if (typeof stored === "object" && stored.atMs >= known.atMs) {
      known = stored;
      isUnwritten = false;
    } else if (known !== NEVER && !isUnwritten) {
      keep(known);
    }
    return known;
  }

  function keep(position: KillSwitchPosition): void {
    known = position;
    isUnwritten = !write(path, position);
  }

  return {
    isOn: () => position().on,
    period() {
      const { fromMs, untilMs } = position();
      return { fromMs, untilMs };
    },
    set(on, atMs) {
      const next = turned(position(), on, atMs);
      if (next) keep(next);
      return next !== undefined;
    },
  };
}

const LOCKED = { on: true, untilMs: Number.POSITIVE_INFINITY };

function write(path: string, { on, atMs, fromMs, untilMs }: KillSwitchPosition): boolean {
  const line = on ? `on ${atMs} ${fromMs}` : `off ${atMs} ${fromMs} ${untilMs}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeSmallFile(path, `${line}\n`);
    return true;
  } catch {
    return false;
  }
}

/** `undefined` where there is no file. */
function read(path: string): KillSwitchPosition | "unreadable" | undefined {
  try {
    const text = readSmallFile(path);
    if (text === undefined) return undefined;
    const [word, ...times] = text.trim().split(" ");
    const [atMs = 0, fromMs = atMs, untilMs = atMs] = times.map((time) => Number(time) || 0);
    if (atMs === 0) return "unreadable";
    if (word === "off") return { on: false, atMs, fromMs, untilMs };
    return word === "on" ? { ...LOCKED, atMs, fromMs } : "unreadable";
  } catch {
    return "unreadable";
  }
}
