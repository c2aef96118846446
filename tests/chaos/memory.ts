import { settle } from "../support/manual-clock.ts";

/** What is still used after everything that can be let go has been, in bytes. */
export async function usedBytes(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await settle();
    Bun.gc(true);
  }
  return process.memoryUsage().heapUsed;
}

export const inMegabytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
