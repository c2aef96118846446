import type { KillSwitch } from "../../src/ports.ts";

/** The kill switch in memory; several processes may share it. A test may turn it by hand. */
export function createMemoryLockSwitch(): KillSwitch & { on: boolean } {
  let turnedMs = 0;
  const lock = {
    on: false,
    isOn: () => lock.on,
    set(on: boolean, atMs: number) {
      if (atMs < turnedMs) return false;
      turnedMs = atMs;
      lock.on = on;
      return true;
    },
  };
  return lock;
}
