import type { HostProcess } from "../tests/support/hosts/host.ts";
import type { World } from "../tests/support/world.ts";
import { processorMs } from "./processor.ts";
import { repeat } from "./timed.ts";

const LOOKS = 3;
const LOOKED_AT_MS = 10_000;
const QUIET_FOR_MS = 5_000;

/** For how long `idleBeyond` looks, in all, in milliseconds. */
export const IDLE_MS = LOOKS * LOOKED_AT_MS;

/** Resolves when nothing has been asked of Mattermost for some seconds. */
export async function untilQuiet({ mattermost }: World): Promise<void> {
  for (let before = -1; before !== mattermost.requests().length; ) {
    before = mattermost.requests().length;
    await Bun.sleep(QUIET_FOR_MS);
  }
}

/** The share of a processor, in percent, that a process which rests takes beyond another one in the same time. */
export const idleBeyond = (bridged: HostProcess, plain: HostProcess): Promise<readonly number[]> =>
  repeat(LOOKS, async () => {
    const [one, other] = [processorMs(bridged.pid), processorMs(plain.pid)];
    await Bun.sleep(LOOKED_AT_MS);
    const spentMs = processorMs(bridged.pid) - one - (processorMs(plain.pid) - other);
    return (100 * spentMs) / LOOKED_AT_MS;
  });
