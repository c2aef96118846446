import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { KillSwitch } from "../ports.ts";

interface Position {
  readonly on: boolean;
  /** When the owner said so. */
  readonly atMs: number;
}

const NEVER: Position = { on: false, atMs: 0 };

/** Kept in a file of one line: `on` or `off`, and when. Where it cannot be written, the switch still holds in this process. */
export function createKillSwitch(path: string): KillSwitch {
  let unwritten: Position | undefined;

  const position = (): Position => unwritten ?? read(path);

  return {
    isOn: () => position().on,
    set(on, atMs) {
      if (atMs < position().atMs) return false;
      unwritten = undefined;
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        writeFileSync(path, `${on ? "on" : "off"} ${atMs}\n`, { mode: 0o600 });
      } catch {
        unwritten = { on, atMs };
      }
      return true;
    },
  };
}

/** A file that says something else locks: whoever made it meant it to. */
function read(path: string): Position {
  try {
    const [word, at] = readFileSync(path, "utf8").trim().split(" ");
    return { on: word !== "off", atMs: Number(at) || 0 };
  } catch {
    return NEVER;
  }
}
