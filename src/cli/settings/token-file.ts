import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, relative } from "node:path";
import { writeFileAtomically } from "../../persistence/atomic-file.ts";
import type { Env } from "./env.ts";

/** Not among the configuration: that is what people publish with their other dotfiles. */
export function tokenPath(env: Env, home: string): string {
  const set = env["XDG_DATA_HOME"];
  const base = set !== undefined && isAbsolute(set) ? set : join(home, ".local", "share");
  return join(base, "opencode-mattermost", "token");
}

/** The token that is kept there; `undefined` where there is none. */
export function readToken(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Keeps the token for this user alone; `false` where it is kept already. Rejects with `StoreError`. */
export async function keepToken(path: string, token: string): Promise<boolean> {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (readToken(path) === token) {
    chmodSync(path, 0o600);
    return false;
  }
  await writeFileAtomically(path, `${token}\n`);
  return true;
}

/** How OpenCode's configuration names the file. */
export function asSetting(path: string, home = homedir()): string {
  const below = relative(home, path);
  return below.startsWith("..") || isAbsolute(below) ? `{file:${path}}` : `{file:~/${below}}`;
}
