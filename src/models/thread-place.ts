import type { ChannelId, InstanceId, PostId, SessionId } from "./ids.ts";

/** Where a thread's posts go, and what is written into their props. */
export interface ThreadPlace {
  readonly channelId: ChannelId;
  readonly rootPostId: PostId;
  readonly sessionId: SessionId;
  readonly machineId: string;
  /** The process that writes it. */
  readonly instanceId: InstanceId;
}
