export type Props = Record<string, unknown>;

export interface CustomStatus {
  readonly emoji: string;
  readonly text: string;
}

export interface UserRow {
  readonly id: string;
  username: string;
  readonly isBot: boolean;
  readonly createAt: number;
  updateAt: number;
  deleteAt: number;
  status: "online" | "away" | "dnd" | "offline";
  lastActivityAt: number;
  customStatus: CustomStatus | undefined;
}

export interface ChannelMember {
  msgCount: number;
  msgCountRoot: number;
  mentionCount: number;
  mentionCountRoot: number;
  lastViewedAt: number;
}

export interface ChannelRow {
  readonly id: string;
  readonly type: "D" | "G" | "O";
  readonly name: string;
  readonly displayName: string;
  readonly teamId: string;
  readonly creatorId: string;
  readonly createAt: number;
  updateAt: number;
  header: string;
  lastPostAt: number;
  lastRootPostAt: number;
  totalMsgCount: number;
  totalMsgCountRoot: number;
  readonly members: Map<string, ChannelMember>;
  /** Every post of the channel, deleted ones too, by `createAt`. */
  readonly timeline: PostRow[];
  /** The rows that edits left behind. */
  readonly versions: PostRow[];
}

export interface PostRow {
  readonly id: string;
  readonly createAt: number;
  updateAt: number;
  editAt: number;
  deleteAt: number;
  isPinned: boolean;
  readonly userId: string;
  readonly channelId: string;
  readonly rootId: string;
  readonly originalId: string;
  message: string;
  readonly type: string;
  props: Props;
  fileIds: readonly string[];
  hasReactions: boolean;
  /** Counts the writes of the whole server: the order in which the database hands rows out. */
  writtenAs: number;
}

export interface ThreadMember {
  lastViewedAt: number;
  unreadReplies: number;
  unreadMentions: number;
  following: boolean;
}

export interface ThreadRow {
  readonly rootId: string;
  /** The replies that are not deleted, by creation. */
  replies: PostRow[];
  lastReplyAt: number;
  /** Who replied, the latest last. */
  participants: string[];
  readonly members: Map<string, ThreadMember>;
}

export interface ReactionRow {
  readonly userId: string;
  readonly postId: string;
  readonly emojiName: string;
  readonly createAt: number;
  updateAt: number;
  readonly channelId: string;
}

export interface FileRow {
  readonly id: string;
  readonly userId: string;
  readonly channelId: string;
  postId: string;
  readonly createAt: number;
  deleteAt: number;
  readonly name: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
  readonly picture: { readonly width: number; readonly height: number } | undefined;
}
