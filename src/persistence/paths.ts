import { isAbsolute, join } from "node:path";

/** Where the bridge keeps what it must remember. */
export interface StoragePaths {
  /** The mappings: in OpenCode's own configuration folder. */
  readonly mappings: string;
  /** The folder for everything that is about this machine only: its id, locks. */
  readonly state: string;
  /** What went wrong, beside whatever log the host keeps. */
  readonly log: string;
}

/** Pure. A relative `XDG_…` counts as not set, as its specification says: it would mean another folder in every project. */
export function storagePaths(
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): StoragePaths {
  const base = (name: string, fallback: string): string => {
    const set = env[name];
    return set !== undefined && isAbsolute(set) ? set : join(home, fallback);
  };
  const state = join(base("XDG_STATE_HOME", ".local/state"), "opencode-mattermost");
  return {
    mappings: join(base("XDG_CONFIG_HOME", ".config"), "opencode", "mattermost-threads.json"),
    state,
    log: join(state, "log.txt"),
  };
}
