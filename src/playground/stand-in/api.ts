import type { Faults } from "./faults.ts";
import type { ServerVersion } from "./generation.ts";

/** A user or a bot, and the token that speaks for it. */
export interface Account {
  readonly id: string;
  readonly username: string;
  readonly token: string;
}

export interface StandInOptions {
  /** 0, the default: any free port. */
  readonly port?: number;
  /** Which generation of the server to be; the newer one by default. */
  readonly version?: ServerVersion;
  /** The bot's username; `opencode` by default. */
  readonly bot?: string;
  /** Usernames; `alice` and `mallory` by default. */
  readonly users?: readonly string[];
  /** 16,383 by default, counted in code points. */
  readonly maxPostChars?: number;
  readonly maxFileBytes?: number;
  /** -1, the default: no limit. */
  readonly postEditTimeLimitSeconds?: number;
  /** Whether the server says that bot accounts may be made; `true` by default. */
  readonly botAccounts?: boolean;
  readonly now?: () => number;
  /** How long a socket may stay open without a valid token; 5,000 by default. */
  readonly authTimeoutMs?: number;
  /** Take faults over HTTP too, at `POST /stand-in/faults`; off by default. */
  readonly control?: boolean;
}

/** A stored post, as a copy of what was stored when asked. */
export interface StandInPost {
  readonly id: string;
  readonly channelId: string;
  readonly rootId: string;
  readonly userId: string;
  readonly message: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly type: string;
  readonly fileIds: readonly string[];
  readonly isPinned: boolean;
  readonly createAt: number;
  readonly updateAt: number;
  readonly editAt: number;
  /** 0 while the post is there. */
  readonly deleteAt: number;
  /** Of an old version, the post whose version it is; else empty. */
  readonly originalId: string;
}

export interface StandInReaction {
  readonly userId: string;
  readonly username: string;
  readonly emoji: string;
}

/** A REST request that arrived, and how it ended. */
export interface SeenRequest {
  readonly at: number;
  /** The username behind the token; empty without a valid one. */
  readonly user: string;
  readonly method: string;
  /** From after `/api/v4` on, with the query. */
  readonly path: string;
  /** The status that was sent; 0 while unanswered, or for good when no answer was ever sent. */
  readonly status: number;
  /** The JSON that was sent along, if it was JSON. */
  readonly body?: unknown;
}

/** Somebody was shown as typing. */
export interface SeenTyping {
  readonly at: number;
  readonly userId: string;
  readonly channelId: string;
  /** The thread's root post; empty for the channel itself. */
  readonly parentId: string;
}

export interface PostsFilter {
  readonly channelId?: string;
  readonly rootId?: string;
  readonly userId?: string;
  /** Deleted posts and the old versions of edited ones too. */
  readonly includeDeleted?: boolean;
}

export interface PostExtras {
  readonly rootId?: string;
  readonly fileIds?: readonly string[];
  readonly props?: Readonly<Record<string, unknown>>;
  /** The direct channel with the bot by default. */
  readonly channelId?: string;
}

/**
 * Acts as one user through the real HTTP API, on a line of its own: faults do not touch it unless
 * their scope names that user. Every call rejects with the server's error if it is refused.
 */
export interface StandInUser {
  readonly account: Account;
  /** The id of the direct channel with the bot, opened on first use. */
  dm(): Promise<string>;
  /** Resolves with the id of the new post. */
  post(message: string, extras?: PostExtras): Promise<string>;
  react(postId: string, emoji: string): Promise<void>;
  unreact(postId: string, emoji: string): Promise<void>;
  edit(postId: string, message: string): Promise<void>;
  remove(postId: string): Promise<void>;
  /** Resolves with the id of the uploaded file. */
  upload(name: string, bytes: Uint8Array | string, channelId?: string): Promise<string>;
  typing(parentId?: string): Promise<void>;
  /** Any other call; `path` is from after `/api/v4` on. Resolves with the JSON answer. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

/** A Mattermost server in this process. */
export interface StandIn {
  /** `http://127.0.0.1:PORT`; the same for its whole life, also while it is away. */
  readonly url: string;
  readonly bot: Account;
  /** By username, those added later too. */
  readonly users: Readonly<Record<string, Account>>;
  readonly faults: Faults;
  /** Adds a user, or a further bot; the name must be free. */
  addUser(username: string, kind?: "user" | "bot"): Account;
  /** Ends a token: REST answers 401, its sockets stay open and go deaf. */
  revoke(token: string): void;
  /** Gives an account a further token. */
  issue(userId: string): string;
  deactivate(userId: string): void;
  rename(userId: string, username: string): void;
  /** The stored posts, oldest first. */
  posts(filter?: PostsFilter): StandInPost[];
  post(postId: string): StandInPost | undefined;
  reactions(postId: string): StandInReaction[];
  file(fileId: string): { readonly name: string; readonly bytes: Uint8Array } | undefined;
  customStatus(userId: string): { readonly emoji: string; readonly text: string } | undefined;
  /** The latest requests, oldest first: 10,000 are remembered. */
  requests(): readonly SeenRequest[];
  /** The latest typing actions, oldest first: 1,000 are remembered. */
  typing(): readonly SeenTyping[];
  /** Usernames of the open, authenticated sockets, once per socket. */
  sockets(): readonly string[];
  /**
   * Resolves with the first value of `probe` that is neither `undefined` nor `false`; asked at
   * once and after every change. Rejects after `timeoutMs` (20,000) with what is there.
   */
  until<T>(what: string, probe: () => T | undefined | false, timeoutMs?: number): Promise<T>;
  as(username: string): StandInUser;
  /** Drops every socket and stops listening; resolves when the port is free. */
  stop(): Promise<void>;
}
