import { NEVER, turned } from "../../src/models/kill-switch.ts";
import type { KillSwitch } from "../../src/ports.ts";

/** The kill switch in memory; several processes may share it. A test may turn it by hand, for all times. */
export function createMemoryLockSwitch(): KillSwitch & { on: boolean } {
  let position = NEVER;
  return {
    get on() {
      return position.on;
    },
    set on(on) {
      position = on ? { ...position, on, untilMs: Number.POSITIVE_INFINITY } : NEVER;
    },
    isOn: () => position.on,
    period: () => ({ fromMs: position.fromMs, untilMs: position.untilMs }),
    set(on, atMs) {
      const next = turned(position, on, atMs);
      position = next ?? position;
      return next !== undefined;
    },
  };
}
