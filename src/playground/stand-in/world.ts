import type { Generation } from "./generation.ts";
import { newId } from "./ids.ts";
import type { ChannelRow, FileRow, PostRow, ReactionRow, ThreadRow, UserRow } from "./rows.ts";

/** Who gets a frame: the members of a channel, one user, or (neither given) everyone. */
export interface Audience {
  readonly channelId?: string;
  readonly userId?: string;
  readonly omitUserId?: string;
  /** Keys that `broadcast` has in this frame only. */
  readonly marks?: Readonly<Record<string, unknown>>;
  /** Keys of `data` that only this recipient reads. */
  readonly own?: (userId: string) => Readonly<Record<string, unknown>>;
}

interface Limits {
  readonly postChars: number;
  readonly fileBytes: number;
  /** -1: no limit. */
  readonly postEditSeconds: number;
  /** Whether bot accounts may be made; those that are there work all the same. */
  readonly botAccounts: boolean;
}

/** Everything that the server stores, and the two ways in which a change is told. */
export interface World {
  readonly generation: Generation;
  readonly limits: Limits;
  readonly now: () => number;
  readonly siteUrl: () => string;
  /** Sends a frame to the sockets of `audience`; promises nothing about who listens. */
  readonly publish: (event: string, data: Record<string, unknown>, audience: Audience) => void;
  readonly team: { readonly id: string; readonly inviteId: string; readonly createAt: number };
  readonly users: Map<string, UserRow>;
  readonly usersByName: Map<string, UserRow>;
  readonly tokens: Map<string, UserRow>;
  readonly channels: Map<string, ChannelRow>;
  readonly directChannels: Map<string, ChannelRow>;
  readonly posts: Map<string, PostRow>;
  readonly threads: Map<string, ThreadRow>;
  readonly reactions: Map<string, ReactionRow[]>;
  readonly files: Map<string, FileRow>;
  /** The number of the next write. */
  readonly nextWrite: () => number;
}

/** An empty server: one team, no users. */
export function createWorld(
  deps: Pick<World, "generation" | "limits" | "now" | "siteUrl" | "publish">,
): World {
  let writes = 0;
  return {
    ...deps,
    team: { id: newId(), inviteId: newId(), createAt: deps.now() },
    users: new Map(),
    usersByName: new Map(),
    tokens: new Map(),
    channels: new Map(),
    directChannels: new Map(),
    posts: new Map(),
    threads: new Map(),
    reactions: new Map(),
    files: new Map(),
    nextWrite: () => ++writes,
  };
}
