import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { isProgram, openCodeBeside } from "../../playground/opencode-binary.ts";
import type { Env } from "../settings/env.ts";

/** A program that Bun has compiled is Bun itself under this setting. */
export const AS_BUN = { BUN_BE_BUN: "1" };

/** Absolute path of a program by the environment's `PATH`, links followed. */
function programOnPath(name: string, env: Env): string | undefined {
  const suffix = process.platform === "win32" ? ".exe" : "";
  for (const folder of (env["PATH"] ?? "").split(delimiter)) {
    try {
      if (folder !== "") return realpathSync(join(folder, `${name}${suffix}`));
    } catch {
      // not in this folder
    }
  }
  return undefined;
}

/** An OpenCode that is installed. */
export interface OpenCodeProgram {
  readonly path: string;
  readonly version: string;
  /** Its major version: what it is started and asked with depends on it. */
  readonly major: number;
}

/** `named`, a path, or what `opencode` is on the `PATH`. `undefined` where there is none that says its version. */
export function findOpenCode(named: string | undefined, env: Env): OpenCodeProgram | undefined {
  const path = named ?? programOnPath("opencode", env);
  const [version = "", major = ""] =
    /(\d+)\.\d+\.\d+\S*/.exec(path ? versionOf(path, env) : "") ?? [];
  return path !== undefined && version !== "" ? { path, version, major: Number(major) } : undefined;
}

/** What it prints for `--version`; empty where it cannot be run. */
function versionOf(program: string, env: Env): string {
  try {
    return execFileSync(program, ["--version"], {
      env: { ...env },
      timeout: 20_000,
      stdio: ["ignore", "pipe", "ignore"],
    })
      .toString()
      .trim();
  } catch {
    return "";
  }
}

/**
 * An OpenCode that can run the playground: of version 1, and with a Bun inside that is new enough, because the playground's own
 * files run in that. Beside `folder` first, then on the `PATH`.
 */
export function openCodeForPlayground(
  folder: string,
  leastBun: string,
  env: Env,
): string | undefined {
  const candidates = [openCodeBeside(folder), programOnPath("opencode", env)];
  return candidates.find(
    (candidate) =>
      candidate !== undefined &&
      isProgram(candidate) &&
      versionOf(candidate, env).startsWith("1.") &&
      isAtLeast(versionOf(candidate, { ...env, ...AS_BUN }), leastBun),
  );
}

const isAtLeast = (version: string, least: string): boolean =>
  version !== "" && version.localeCompare(least, "en", { numeric: true }) >= 0;
