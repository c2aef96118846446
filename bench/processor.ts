import { readFileSync } from "node:fs";

/** Linux counts in these. */
const TICK_MS = 10;
const KB_PER_MB = 1024;

/** The processor time of one process so far, in milliseconds; to the tick. Linux only. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** What one process holds in memory, in MB. Linux only. */
export function memoryMb(pid: number): number {
  const [, kb = "0"] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kb) / KB_PER_MB;
}
