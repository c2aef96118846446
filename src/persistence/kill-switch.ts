import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type KillSwitchPosition, NEVER, turned } from "../models/kill-switch.ts";
import type { KillSwitch } from "../ports.ts";

/**
 * Kept in a file of one line: `on` or `off`, when the owner said so, and from when until when it was on last. Where it cannot be
 * written, the switch still holds in this process.
 */
export function createKillSwitch(path: string): KillSwitch {
  let unwritten: KillSwitchPosition | undefined;

  const position = (): KillSwitchPosition => unwritten ?? read(path);

  return {
    isOn: () => position().on,
    period() {
      const { fromMs, untilMs } = position();
      return { fromMs, untilMs };
    },
    set(on, atMs) {
      const next = turned(position(), on, atMs);
      if (!next) return false;
      unwritten = undefined;
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        writeFileSync(path, `${lineOf(next)}\n`, { mode: 0o600 });
      } catch {
        unwritten = next;
      }
      return true;
    },
  };
}

const lineOf = ({ on, atMs, fromMs, untilMs }: KillSwitchPosition): string =>
  on ? `on ${atMs} ${fromMs}` : `off ${atMs} ${fromMs} ${untilMs}`;

/** A file that says something else locks: whoever made it meant it to. */
function read(path: string): KillSwitchPosition {
  try {
    const [word, ...times] = readFileSync(path, "utf8").trim().split(" ");
    const [atMs = 0, fromMs = atMs, untilMs = atMs] = times.map((time) => Number(time) || 0);
    return word === "off"
      ? { on: false, atMs, fromMs, untilMs }
      : { on: true, atMs, fromMs, untilMs: Number.POSITIVE_INFINITY };
  } catch {
    return NEVER;
  }
}
