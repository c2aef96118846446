import type { Post, Reaction, ServerLimits } from "../models/chat.ts";
import type { ThreadFace, UtcOffset, Verbosity } from "../models/desired-post.ts";
import type { Identity } from "../models/identity.ts";
import type { InstanceId, PostId, SessionId, UserId } from "../models/ids.ts";
import type { ThreadMapping } from "../models/thread-mapping.ts";
import type {
  ChatPort,
  ChatSocket,
  Clock,
  CommandPort,
  FileStore,
  Hear,
  KillSwitch,
  Logger,
  MappingStore,
} from "../ports.ts";
import type { ThreadState } from "../state/thread-state.ts";
import type { KeyedPost } from "./posting/post-writer.ts";

/** A thread of this process, as the gateway delivers to it. Nothing that returns at once blocks or throws. */
export interface ThreadSink {
  readonly sessionId: SessionId;
  /** The owner wrote in the thread. */
  post(post: Post): void;
  /** The owner has edited a post of theirs in the thread. */
  edited(post: Post): void;
  /** The owner has deleted a post of theirs in the thread. */
  deleted(post: Post): void;
  /** The owner has written in the thread before it was registered; another process may have dealt with that. */
  missed(): void;
  /** The owner reacted to a post of the thread. */
  reaction(reaction: Reaction, added: boolean): void;
  /** The owner reacted while everything was switched off. */
  refuse(reaction: Reaction): void;
  /** A post of the bot in the thread, as the socket shows it. */
  seen(post: Post): void;
  /** The root post was deleted, and the thread with it. */
  rootDeleted(): void;
  /** Whether the post belongs to this thread. */
  has(postId: PostId): boolean;
  /** The socket was deaf for a while: reads again what may have been missed. */
  recheck(): void;
  /** This process was called dead while it was only stopped: the thread goes on as it is here. Rejects where it cannot yet. */
  takeBack(): Promise<void>;
  readonly view: () => ThreadView | undefined;
}

/** What lists show of a thread. */
export interface ThreadView {
  readonly mapping: ThreadMapping;
  readonly state: ThreadState;
  readonly face: ThreadFace;
  /** Since when it has been in the state that it is in, in Unix milliseconds. */
  readonly sinceMs: number;
}

/** What a directory's threads need of the process's gateway. */
export interface ThreadGateway {
  readonly chat: ChatPort;
  /** The server's address, for where it does not know its own. */
  readonly url: string;
  readonly store: MappingStore;
  readonly files: FileStore;
  /** Larger files are neither taken in nor sent. */
  readonly maxFileBytes: number;
  /** Whether sessions get threads by themselves; those that begin or come back in Mattermost have one in any case. */
  readonly opensThreads: boolean;
  /** Absent where no service for voice is set. */
  readonly hear?: Hear | undefined;
  /** The replies that this process acts on just now, also in a thread that it has let go of meanwhile. */
  readonly acting: Set<PostId>;
  readonly instanceId: InstanceId;
  readonly machineId: string;
  /** Whether the process that an id names still lives. */
  isAlive(instance: InstanceId): boolean;
  /** Resolves once the server has said who the bot and the owner are; later than that it is immediate. */
  ready(): Promise<GatewayReady>;
  /** The owner's kill switch. */
  readonly lock: Pick<KillSwitch, "isOn" | "period">;
  /** A session began or ceased to work or to wait. */
  stateChanged(): void;
  /** Makes a post in a thread that this process has given up. Tried until it is there, or until the gateway stops. */
  postOwed(post: KeyedPost): void;
  /** From now on the thread's posts and reactions go to `sink`; the returned function ends that. */
  register(rootPostId: PostId, sink: ThreadSink): () => void;
}

/** What is known once the server has answered. */
export interface GatewayReady {
  readonly identity: Identity;
  readonly context: ThreadContext;
  readonly commands: CommandPort;
}

/** What every thread of one bot shares. */
export interface ThreadContext {
  readonly chat: ChatPort;
  readonly socket: Pick<ChatSocket, "typing">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly me: UserId;
  readonly limits: ServerLimits;
  readonly verbosity: Verbosity;
  readonly requestsPerSecond: number;
  /** How many threads are streaming now, this one included. */
  readonly streaming: () => number;
  readonly utcOffsetMinutes: UtcOffset;
}
