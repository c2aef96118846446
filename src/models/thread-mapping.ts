import { z } from "zod";
import {
  asChannelId,
  asInstanceId,
  asPostId,
  asSessionId,
  type ChannelId,
  type InstanceId,
  type PostId,
  type SessionId,
} from "./ids.ts";
import { SessionSettings } from "./session-settings.ts";

/** The version of the mappings file that this code reads and writes. */
export const SCHEMA_VERSION = 1;

/**
 * `active`: a live process owns it, or did until it stopped in order. `ended`: closed or deleted. `disconnected`: its owner died.
 * `orphaned`: OpenCode says that the session does not exist any more.
 */
export const ThreadStatus = z.enum(["active", "ended", "disconnected", "orphaned"]);
export type ThreadStatus = z.infer<typeof ThreadStatus>;

/** One session and its thread. Times are Unix milliseconds. Unknown members are kept. */
export const ThreadMapping = z.looseObject({
  sessionId: z.string().min(1).transform(asSessionId),
  channelId: z.string().min(1).transform(asChannelId),
  /** Absent between claiming the session and knowing its root post: look for that post before making one. */
  rootPostId: z.string().min(1).transform(asPostId).optional(),
  directory: z.string(),
  project: z.string(),
  title: z.string(),
  machineId: z.string(),
  status: ThreadStatus,
  /** The process that answers for the thread; absent when none does. It counts only while that process lives. */
  owner: z.string().min(1).transform(asInstanceId).optional(),
  /**
   * The latest replies, each with the process that deals with it: `run` as the thread's owner, `refuse` as the leader, because
   * nobody had the thread. Nobody else acts on them while that process lives. Where it died, a `run` is for the next owner
   * (OpenCode knows whether it ran), a `refuse` for the next leader. `done`: it has been acted on, and
   * nothing but a mark shows that: it is nobody's any more.
   */
  claims: z
    .array(
      z.object({
        post: z.string().transform(asPostId),
        by: z.string().transform(asInstanceId),
        to: z.enum(["run", "refuse", "done"]),
      }),
    )
    .optional(),
  /** What cannot be read of it is as if it had not been chosen. */
  settings: SessionSettings.optional().catch(undefined),
  /** The owner's posts that wait for the session to be idle, in their order. */
  queue: z
    .array(z.object({ post: z.string().transform(asPostId), atMs: z.number() }))
    .optional()
    .catch(undefined),
  /** What was about to be done for a post that asks for something that must not be done twice. */
  plans: z
    .array(z.object({ post: z.string().transform(asPostId), what: z.string() }))
    .optional()
    .catch(undefined),
  /** The notice that says why the queue does not go on by itself. */
  queueHeld: z.string().optional().catch(undefined),
  createdAtMs: z.number(),
  updatedAtMs: z.number(),
});

export interface ReplyClaim {
  readonly post: PostId;
  readonly by: InstanceId;
  readonly to: "run" | "refuse" | "done";
}

export interface QueuedPost {
  readonly post: PostId;
  /** When it was written, in Unix milliseconds of the server. */
  readonly atMs: number;
}

export interface Plan {
  readonly post: PostId;
  /** For whoever planned it. */
  readonly what: string;
}

export interface ThreadMapping {
  readonly sessionId: SessionId;
  readonly channelId: ChannelId;
  readonly rootPostId?: PostId | undefined;
  readonly directory: string;
  readonly project: string;
  readonly title: string;
  readonly machineId: string;
  readonly status: ThreadStatus;
  readonly owner?: InstanceId | undefined;
  readonly claims?: readonly ReplyClaim[] | undefined;
  readonly settings?: SessionSettings | undefined;
  readonly queue?: readonly QueuedPost[] | undefined;
  readonly queueHeld?: string | undefined;
  readonly plans?: readonly Plan[] | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** The file: entries are validated one by one, so that one bad entry costs no other. */
export const MappingsFile = z.looseObject({
  version: z.number().int(),
  threads: z.array(z.unknown()),
  cursors: z.record(z.string(), z.unknown()).optional(),
});
