import { readdirSync, readFileSync } from "node:fs";

function onLinux(setting: string): number[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const environment = readFileSync(`/proc/${name}/environ`, "utf8").split("\0");
      return environment.includes(setting) ? [Number(name)] : [];
    } catch {
      return []; // it ended meanwhile, or is another user's
    }
  });
}

function byPs(setting: string): number[] {
  const { stdout } = Bun.spawnSync(["ps", "-axEww", "-o", "pid=,command="]);
  const lines = stdout.toString().split("\n");
  return lines.flatMap((line) => (`${line} `.includes(` ${setting} `) ? [parseInt(line, 10)] : []));
}

/**
 * Kills every process that was started with `NAME=value` in its environment, whoever its parent is now: OpenCode
 * starts tools in groups of their own, and those outlive it.
 */
export function killProcessesWith(setting: string): void {
  for (const pid of process.platform === "linux" ? onLinux(setting) : byPs(setting)) {
    try {
      if (pid !== process.pid) process.kill(pid, "SIGKILL");
    } catch {
      // gone already
    }
  }
}
