import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { LockSwitch } from "../ports.ts";

/** On while a file exists. Where the file cannot be written, the switch still holds in this process. */
export function createLockSwitch(path: string): LockSwitch {
  let forced: boolean | undefined;
  return {
    isOn: () => forced ?? existsSync(path),
    set(on) {
      forced = undefined;
      try {
        if (on) {
          mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
          writeFileSync(path, "", { mode: 0o600 });
        } else {
          rmSync(path, { force: true });
        }
      } catch {
        forced = on;
      }
    },
  };
}
