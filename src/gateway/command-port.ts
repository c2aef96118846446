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
  /** The state of the socket, in a word. */
  readonly connection: () => string;
  readonly served: (directory: string) => ServedDirectory | undefined;
  readonly directories: () => readonly string[];
  readonly loadDirectory: (directory: string) => Promise<void>;
  readonly isFolder: (directory: string) => Promise<boolean>;
  readonly home: string;
  readonly projectFolders: () => Promise<readonly string[]>;
  readonly worktrees: Worktrees;
}): CommandPort {
  const { identity } = deps;
  const opener = { ...deps, load: deps.loadDirectory };
  return {
    ...createSessionStarter(opener),
    resume: createSessionResumer(opener),
    lock: deps.lock.set,
    sessions: createSessionLister(deps),
    async status() {
      return {
        botName: identity.me.username,
        ownerName: identity.owner.username,
        server: identity.limits,
        connection: deps.connection(),
        directories: deps.directories(),
        version: deps.version,
        log: shortPath(deps.logPath, deps.home),
      };
    },
  };
}
