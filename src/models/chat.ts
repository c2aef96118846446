import type { ChannelId, FileId, PostId, UserId } from "./ids.ts";
import type { PostText } from "./post-text.ts";

/** A Mattermost post, as far as this product reads it. Times are Unix milliseconds of the server's clock. */
export interface Post {
  readonly id: PostId;
  readonly channelId: ChannelId;
  readonly userId: UserId;
  /** The thread's root; absent on a root post. */
  readonly rootId?: PostId;
  readonly message: string;
  /** Empty for what a person or a bot wrote; `system_…` otherwise. */
  readonly type: string;
  readonly createdMs: number;
  readonly editedMs: number;
  readonly deleted: boolean;
  readonly props: Readonly<Record<string, unknown>>;
  readonly files: readonly FileInfo[];
  readonly reactions: readonly Reaction[];
}

/** In the place of props that are none: they might have said that no person wrote the post. */
export const UNREADABLE_PROPS: Readonly<Record<string, unknown>> = { unreadable_props: true };

export interface Reaction {
  readonly postId: PostId;
  readonly userId: UserId;
  /** The emoji's name as it came: aliases and skin tones included. */
  readonly emoji: string;
  /** By the server's clock; 0 where it does not say. */
  readonly createdMs: number;
}

export interface FileInfo {
  readonly id: FileId;
  readonly name: string;
  readonly mime: string;
  readonly sizeBytes: number;
}

export interface User {
  readonly id: UserId;
  readonly username: string;
  readonly isBot: boolean;
  readonly deactivated: boolean;
}

/** So many posts read at once need not be all that there are: ask again after the last of them. */
export const PERHAPS_MORE_POSTS = 400;

/** What the server allows. `postEditLimitSeconds` is -1 where posts may be edited for ever. */
export interface ServerLimits {
  readonly version: string;
  readonly siteUrl: string;
  readonly maxPostChars: number;
  readonly maxFileBytes: number;
  readonly postEditLimitSeconds: number;
}

/** What the socket reports. Everything else that Mattermost sends is dropped in the client. */
export type ChatEvent =
  | { readonly type: "posted"; readonly post: Post; readonly channelType: string }
  | { readonly type: "edited"; readonly post: Post }
  | { readonly type: "reaction-added"; readonly reaction: Reaction }
  | { readonly type: "reaction-removed"; readonly reaction: Reaction }
  | { readonly type: "post-deleted"; readonly post: Post };

export interface NewPost {
  readonly channelId: ChannelId;
  readonly rootId?: PostId;
  readonly message: PostText;
  readonly props: Readonly<Record<string, unknown>>;
  readonly pendingPostId: string;
  readonly fileIds?: readonly FileId[];
}
