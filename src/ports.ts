import type { BridgeStatus } from "./models/bridge-status.ts";
import type { ChatEvent, NewPost, Post, Reaction, ServerLimits, User } from "./models/chat.ts";
import type {
  CallRef,
  PermissionReply,
  PermissionRequest,
  QuestionRequest,
  RunStatus,
  SessionInfo,
  StoredMessage,
  ToolCall,
} from "./models/host-event.ts";
import type { HostOffers } from "./models/host-offers.ts";
import type {
  ChannelId,
  FileId,
  MessageId,
  PostId,
  RequestId,
  SessionId,
  UserId,
} from "./models/ids.ts";
import type { PostText } from "./models/post-text.ts";
import type { Prompt } from "./models/prompt.ts";
import type { SessionBegin, Worktree } from "./models/session-begin.ts";
import type { Project, SessionLine } from "./models/session-line.ts";
import type { Sound } from "./models/sound.ts";
import type { ThreadMapping } from "./models/thread-mapping.ts";

/** Time, as the core sees it. Tests inject one that they turn by hand. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Runs `task` once after `delayMs`; the returned function takes it back. Never keeps the process alive. */
  schedule(delayMs: number, task: () => void): () => void;
}

/**
 * Never throws, never prints, never blocks; takes secrets out of what it writes. `debug`: what is tried again by itself. `info`: what
 * the owner did, what changed. `warn`: what did not work, and goes on without it. `error`: what somebody has to mend.
 */
export interface Logger {
  debug(message: string, extra?: Readonly<Record<string, unknown>>): void;
  info(message: string, extra?: Readonly<Record<string, unknown>>): void;
  warn(message: string, extra?: Readonly<Record<string, unknown>>): void;
  error(message: string, extra?: Readonly<Record<string, unknown>>): void;
}

/**
 * OpenCode, for one directory. Every call settles within 30 s and rejects with `HostError`. A call concerns the session
 * named and is made through the instance of that session's directory.
 */
export interface HostPort extends HostOffers {
  /** Root sessions of this directory, newest first, at most `limit`. Absence from the list means nothing. */
  sessions(limit: number): Promise<readonly SessionInfo[]>;
  /** `undefined` only when OpenCode says that the session does not exist. */
  session(id: SessionId): Promise<SessionInfo | undefined>;
  /** A new session of this directory. */
  create(): Promise<SessionInfo>;
  status(id: SessionId): Promise<RunStatus>;
  /** The newest `limit` messages, oldest first. */
  messages(id: SessionId, limit: number): Promise<readonly StoredMessage[]>;
  /**
   * Resolves when OpenCode has taken the prompt, which it stores a moment later: see `hasMessage`. The same prompt again
   * changes nothing while it is the newest, and has it run where that was forgotten; after a later prompt was answered it
   * would be run once more. Rejects with `unknown` where it may have been taken.
   */
  prompt(id: SessionId, prompt: Prompt): Promise<void>;
  /** Whether OpenCode has stored the message. */
  hasMessage(id: SessionId, messageId: MessageId): Promise<boolean>;
  /** A tool call of the session as OpenCode has stored it; `undefined` where it has none, or several, of that name. */
  toolCall(id: SessionId, call: CallRef): Promise<ToolCall | undefined>;
  /** Resolves when OpenCode has been told; the run ends a little later. */
  abort(id: SessionId): Promise<void>;
  permissions(): Promise<readonly PermissionRequest[]>;
  /** `false` where the request is no longer pending. */
  answerPermission(id: RequestId, reply: PermissionReply, reason?: string): Promise<boolean>;
  questions(): Promise<readonly QuestionRequest[]>;
  answerQuestion(id: RequestId, answers: readonly (readonly string[])[]): Promise<boolean>;
  dismissQuestion(id: RequestId): Promise<boolean>;
  /** The branch that is checked out; `undefined` where there is none or it cannot be told. */
  branch(): Promise<string | undefined>;
  /** A line for the person at the terminal. Never rejects. */
  toast(message: string, kind: "info" | "warning" | "error"): Promise<void>;
}

/** How urgent a request is where the rate is limited: what a person waits for goes before what only looks nicer. */
export type Urgency = "interactive" | "normal" | "cosmetic";

/**
 * Mattermost, as the bot. Every call settles (default: within 15 s of being sent) and rejects with `ChatError`; none
 * retries by itself except where the server said "not now" (429), which waits as told.
 */
export interface ChatPort {
  /** The server's clock, as far as its answers told: the times of posts are counted by it. */
  now(): number;
  me(): Promise<User>;
  userByName(username: string): Promise<User | undefined>;
  user(id: UserId): Promise<User | undefined>;
  /** Opens it where it does not exist yet. */
  directChannel(me: UserId, other: UserId): Promise<ChannelId>;
  limits(): Promise<ServerLimits>;
  /**
   * The same `pendingPostId` within 30 s gives the same post. After an `unknown` failure the post may exist; after 30 s
   * only its props can tell. A request that cannot be sent before `beforeMs` (Unix milliseconds) is not sent: `limited`.
   */
  createPost(post: NewPost, urgency: Urgency, beforeMs?: number): Promise<Post>;
  /** Replaces message (and files, where given); props stay. */
  editPost(id: PostId, message: PostText, urgency: Urgency): Promise<Post>;
  /** Deletes a post of the bot's own. Deleting what is not there is no error. */
  deletePost(id: PostId): Promise<void>;
  /** `undefined` where it does not exist or was deleted. */
  post(id: PostId): Promise<Post | undefined>;
  /** The thread's posts, root first, oldest first. Empty where there is no such thread. */
  thread(rootId: PostId): Promise<readonly Post[]>;
  /** One page of at most 200 posts, newest first; `beforeId` pages on towards the past. */
  recentPosts(channelId: ChannelId, beforeId?: PostId): Promise<readonly Post[]>;
  /**
   * The posts made after `afterId`, oldest first: all of them, unless those are `PERHAPS_MORE_POSTS` or more. Empty also where the
   * server no longer knows `afterId`.
   */
  postsAfter(channelId: ChannelId, afterId: PostId): Promise<readonly Post[]>;
  reactions(id: PostId): Promise<readonly Reaction[]>;
  /** Adding twice is no error. */
  react(me: UserId, id: PostId, emoji: string, urgency?: Urgency): Promise<void>;
  /** Removing what is not there is no error. */
  unreact(id: PostId, emoji: string): Promise<void>;
  upload(channelId: ChannelId, name: string, bytes: Uint8Array): Promise<FileId>;
  /** Rejects as soon as more than `maxBytes` have come. */
  download(id: FileId, maxBytes: number): Promise<Uint8Array>;
  /** `undefined` clears it. */
  setCustomStatus(
    me: UserId,
    status: { readonly emoji: string; readonly text: string } | undefined,
  ): Promise<void>;
}

/** `waiting`: tries again at `retryAtMs`. `refused`: the token is not accepted; asked again rarely. */
export type SocketState =
  | { readonly kind: "stopped" }
  | { readonly kind: "connecting" }
  | { readonly kind: "live"; readonly resumed: boolean }
  | { readonly kind: "waiting"; readonly retryAtMs: number; readonly reason: string }
  | { readonly kind: "refused"; readonly reason: string };

/** Mattermost's events. Reconnects for ever by itself. */
export interface ChatSocket {
  /** Calls nothing back before it returns. */
  start(on: {
    readonly event: (event: ChatEvent) => void;
    readonly state: (state: SocketState) => void;
  }): void;
  /** Shows "is typing" in the thread for some seconds. Does nothing while not live. */
  typing(channelId: ChannelId, rootId: PostId): void;
  /** Drops the connection and takes a new one: for when REST says what the socket does not. */
  reconnect(reason: string): void;
  /** No callback comes after it has returned. */
  stop(): void;
}

/**
 * The session ↔ thread mappings of this user on this machine, shared by every OpenCode process. Every change is
 * durable when its promise resolves, and is made to the newest state: other processes' changes are never undone.
 */
export interface MappingStore {
  /**
   * Re-reads what is stored. Never rejects for content that cannot be read: that file is set aside, said, and replaced.
   * Rejects with `StoreError` `io` where the file cannot even be opened.
   */
  load(): Promise<readonly ThreadMapping[]>;
  /**
   * Changes one entry in one step, under the lock: `change` gets the stored entry (or `undefined`) and returns what it
   * shall be; returning `undefined` or the same object leaves it. Resolves with what is stored afterwards. Rejects with
   * `StoreError` where nothing may be written (a file of a newer version, no permission, no lock within 10 s).
   */
  update(
    sessionId: SessionId,
    change: (stored: ThreadMapping | undefined) => ThreadMapping | undefined,
  ): Promise<ThreadMapping | undefined>;
  /** Drops the entries that `isOver` picks, in one step; resolves with how many those were. */
  prune(isOver: (stored: ThreadMapping) => boolean): Promise<number>;
  /** The id of the newest post of a channel that has been acted on. */
  cursor(channelId: ChannelId): Promise<PostId | undefined>;
  moveCursor(channelId: ChannelId, to: PostId): Promise<void>;
}

/**
 * A lock that the operating system takes back when its holder dies, however it dies. Calls throw `StoreError` where locking
 * does not work at all.
 */
export interface ProcessLock {
  /** Whether this object has it now; asking again is cheap, and notices where the lock was lost. */
  tryAcquire(): boolean;
  /** Whether anybody holds it now, this process included. */
  isHeld(): boolean;
  release(): void;
}

/** Files of the owner's posts, in a private folder. */
export interface FileStore {
  /**
   * Each file of a post has a place of its own, whatever their names. Resolves with the absolute path and its `file://` url.
   * Rejects with `StoreError` where nothing can be kept there.
   */
  save(
    postId: PostId,
    fileId: FileId,
    name: string,
    bytes: Uint8Array,
  ): Promise<{ readonly path: string; readonly url: string }>;
}

/** The owner's kill switch, shared by every process of this user on this machine, and kept across restarts. */
export interface KillSwitch {
  isOn(): boolean;
  /**
   * The last time that everything was switched off, in Unix milliseconds of the server; it ends at `Infinity` while it is. Both
   * are 0 where it never was.
   */
  period(): { readonly fromMs: number; readonly untilMs: number };
  /**
   * `atMs`: when the owner said so, in Unix milliseconds of the server. The last word counts: `false`, and nothing is changed,
   * where a later one has come already.
   */
  set(on: boolean, atMs: number): boolean;
}

/** How a bot without a configured owner gets one; shared by every process of this user on this machine. */
export interface PairingStore {
  /** Where the person at this machine finds the code: a file that nobody else can read. */
  readonly place: string;
  owner(): UserId | undefined;
  setOwner(owner: UserId): void;
  /** The code to be typed, as long as pairing is open. */
  open(): OpenPairing | undefined;
  begin(code: string, nowMs: number): void;
  countWrongTry(person: UserId): void;
  end(): void;
}

interface OpenPairing {
  readonly code: string;
  /** By the id of the person who typed them. */
  readonly wrongTries: Readonly<Record<string, number>>;
  readonly sinceMs: number;
}

/** Whom the owner's username meant when it was looked up first: usernames change hands. Every call throws `StoreError` where that cannot be kept. */
export interface KnownOwner {
  readonly place: string;
  id(): UserId | undefined;
  remember(id: UserId): void;
}

/** The bridge, as commands need it. */
export interface CommandPort {
  sessions(): Promise<readonly SessionLine[]>;
  status(): Promise<BridgeStatus>;
  projects(): Promise<readonly Project[]>;
  /** Starts a session, with the files of `from` beside the prompt. Resolves with what to tell the person. */
  start(project: Project, begin: SessionBegin, from?: Post): Promise<string>;
  /** Brings a session back. Resolves with what to tell the person. */
  resume(id: SessionId): Promise<string>;
  /** What to say of the worktree that a session worked in, now that it is over; empty where there is nothing to say. Never rejects. */
  worktreeOffer(id: SessionId): Promise<string>;
  /** Takes that worktree away, where nothing is lost with it. Resolves with what to tell the person. */
  removeWorktree(id: SessionId): Promise<string>;
  /** Switches everything off, or on again, for every process. `false` where a later word of the owner's counts. */
  lock(on: boolean, atMs: number): boolean;
}

/** Git worktrees. */
export interface Worktrees {
  /**
   * The same name again gives the same worktree, `isNew` false. `folder`: what the project's folder is in it. Rejects with git's own
   * words, or with what is in the way; then nothing is left of it.
   */
  create(
    project: string,
    name: string,
  ): Promise<Worktree & { readonly folder: string; readonly isNew: boolean }>;
  /** The worktree that a folder is in, if it was made here; `undefined` where it was not, or is none. */
  made(folder: string): Promise<Worktree | undefined>;
  /** Whether nothing in it would be lost with it: no change that is not committed, no file that git does not know, no commit without a branch. */
  isClean(directory: string): Promise<boolean>;
  /** Its branch stays. Rejects where something would be lost, also where that came about a moment ago. */
  remove(directory: string): Promise<void>;
}

/** Voice to text. Names of the project in this folder are what it may be about. Resolves with the words, empty where there are none; rejects with why. */
export type Hear = (sound: Sound, directory: string) => Promise<string>;

/** A service that turns voice into text. */
export interface Transcription {
  /** `hints`: names that may occur. Rejects with what to do. */
  transcribe(sound: Sound, hints: readonly string[]): Promise<string>;
}
