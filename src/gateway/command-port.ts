import type { Identity } from "../models/identity.ts";
import type { InstanceId } from "../models/ids.ts";
import { shortPath } from "../models/short-path.ts";
import type {
  ChatPort,
  Clock,
  CommandPort,
  KillSwitch,
  MappingStore,
  Worktrees,
} from "../ports.ts";
import type { ThreadView } from "../thread/ports.ts";
import { createSessionLister } from "./session-lister.ts";
import {
  createSessionResumer,
  createSessionStarter,
  type ServedDirectory,
} from "./session-opener.ts";
import { createSessionWorktree } from "./session-worktree.ts";

/** The bridge, as commands see it. */
export function createCommandPort(deps: {
  readonly chat: ChatPort;
  readonly store: MappingStore;
  readonly clock: Clock;
  readonly lock: KillSwitch;
  readonly identity: Identity;
  readonly siteUrl: string;
  readonly version: string;
  readonly logPath: string;
  readonly instanceId: InstanceId;
  readonly isAlive: (instance: InstanceId) => boolean;
  readonly views: () => readonly ThreadView[];
  /** The state of the socket, in a word, and since when it is that. */
  readonly connection: () => { readonly state: string; readonly sinceMs: number };
  readonly lastProblem: () => { readonly text: string; readonly atMs: number } | undefined;
  readonly served: (directory: string) => ServedDirectory | undefined;
  readonly directories: () => readonly string[];
  readonly loadDirectory: (directory: string) => Promise<void>;
  readonly isFolder: (directory: string) => Promise<boolean>;
  readonly home: string;
  readonly projectFolders: () => Promise<readonly string[]>;
  readonly worktrees: Worktrees;
}): CommandPort {
  const { identity, clock } = deps;
  const opener = { ...deps, load: deps.loadDirectory };
  return {
    ...createSessionStarter(opener),
    ...createSessionWorktree(deps),
    resume: createSessionResumer(opener),
    lock: deps.lock.set,
    sessions: createSessionLister(deps),
    async status() {
      const { state, sinceMs } = deps.connection();
      const problem = deps.lastProblem();
      const latencyMs = await latencyOf(deps);
      const stored = await deps.store.load();
      const now = clock.now();
      return {
        botName: identity.me.username,
        ownerName: identity.owner.username,
        server: identity.limits,
        address: deps.siteUrl,
        connection: state,
        connectionForMs: now - sinceMs,
        ...(latencyMs !== undefined && { latencyMs }),
        queued: stored.reduce((sum, { queue = [] }) => sum + queue.length, 0),
        ...(problem && { problem: { text: problem.text, forMs: now - problem.atMs } }),
        directories: deps.directories(),
        version: deps.version,
        log: shortPath(deps.logPath, deps.home),
      };
    },
  };
}

/** How long the server takes to answer just now; `undefined` where it does not. */
async function latencyOf({ chat, clock }: { readonly chat: ChatPort; readonly clock: Clock }) {
  const sentMs = clock.now();
  try {
    await chat.me();
    return clock.now() - sentMs;
  } catch {
    return undefined;
  }
}
