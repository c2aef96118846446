import { execFile } from "node:child_process";

const WITHIN_MS = 30_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Runs git in a folder. Resolves with what it printed; rejects with its own words, or where it takes longer than 30 s. */
export type Git = (folder: string, ...args: readonly string[]) => Promise<string>;

/** In this environment, but for what it says of an outer repository. Asks nobody anything. */
export function createGit(env: Readonly<Record<string, string | undefined>>): Git {
  const inherited = Object.entries(env).filter(([name]) => !name.startsWith("GIT_"));
  const ownEnv = { ...Object.fromEntries(inherited), GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  return (cwd, ...args) => {
    const limits = { timeout: WITHIN_MS, maxBuffer: MAX_OUTPUT_BYTES };
    const options = { cwd, env: ownEnv, encoding: "utf8", ...limits } as const;
    return new Promise((resolve, reject) => {
      execFile("git", ["-c", "core.quotePath=false", ...args], options, (error, out, said) => {
        if (error) reject(new Error(said.trim() || error.message, { cause: error }));
        else resolve(out);
      });
    });
  };
}
