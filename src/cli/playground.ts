import { spawn } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { openCodeBeside } from "../playground/opencode-binary.ts";
import { AS_BUN, openCodeForPlayground } from "./host/program.ts";
import type { Env } from "./settings/env.ts";
import type { Terminal } from "./terminal.ts";

export interface PlaygroundPlan {
  /** The playground's program. */
  readonly main: string;
  readonly args: readonly string[];
  readonly env: Env;
  readonly terminal: Terminal;
  /** Where an OpenCode is kept that had to be fetched. */
  readonly cache: string;
  /** The versions that the playground is tested with. */
  readonly openCode: string;
  readonly bun: string;
}

/**
 * Opens the playground; resolves with its exit code when it has ended. It needs an OpenCode, and nothing else, because OpenCode
 * has a Bun inside: the one that is installed already, or one that npm fetches once.
 */
export async function openPlayground(plan: PlaygroundPlan): Promise<number> {
  const { main, args, env } = plan;
  const program =
    openCodeForPlayground(dirname(main), plan.bun, env) ?? (await fetchedOpenCode(plan));
  if (program === undefined) return 1;
  return run(program, [main, ...args], { ...env, ...AS_BUN, PLAYGROUND_OPENCODE: program });
}

async function fetchedOpenCode(plan: PlaygroundPlan): Promise<string | undefined> {
  const { cache, openCode, terminal, env } = plan;
  const folder = join(cache, `opencode-${openCode}`);
  const kept = openCodeBeside(folder);
  if (kept !== undefined) return kept;
  terminal.say(
    `The playground runs the real OpenCode. There is none here that it can use, so npm fetches version ${openCode} into ${folder}: about 180 MB, once.`,
  );
  // Under another name until it is whole.
  const making = `${folder}.${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const install = ["install", "--prefix", making, "--no-audit", "--no-fund", "--loglevel=error"];
  const code = await run("npm", [...install, `opencode-ai@${openCode}`], env);
  if (code === 0 && openCodeBeside(making) !== undefined) {
    rmSync(folder, { recursive: true, force: true });
    renameSync(making, folder);
    return openCodeBeside(folder);
  }
  rmSync(making, { recursive: true, force: true });
  terminal.complain(
    `npm did not fetch OpenCode ${openCode}. What it says above is why. Or install OpenCode 1 yourself (npm install -g opencode-ai), then start the playground again.`,
  );
  return undefined;
}

/** Its keyboard and screen are ours. What a terminal sends on Ctrl-C reaches it too: it ends first, then we do. */
function run(program: string, args: readonly string[], env: Env): Promise<number> {
  const child = spawn(program, args, {
    env: { ...env },
    stdio: "inherit",
    // npm is a script on Windows, and scripts need a shell there.
    shell: program === "npm" && process.platform === "win32",
  });
  const stay = (): void => undefined;
  const passOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGINT", stay);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, passOn);
  return new Promise((resolve) => {
    const over = (code: number): void => {
      process.off("SIGINT", stay);
      for (const signal of ["SIGTERM", "SIGHUP"] as const) process.off(signal, passOn);
      resolve(code);
    };
    child.on("error", () => over(127));
    child.on("exit", (code, signal) => over(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
  });
}
