/** The server versions whose behaviour is on record. */
export type ServerVersion = "9.9" | "5.37";

/** In what the recorded generations of the server differ; everything else is common to both. */
export interface Generation {
  readonly version: string;
  readonly build: string;
  /** A dropped socket can be resumed by connection id and sequence number. */
  readonly resume: boolean;
  /** Collapsed threads: `thread_updated`, `followers`, a channel is viewed by root posts only. */
  readonly collapsedThreads: boolean;
  /** Each recipient of `posted` reads only its own id in `mentions`, others have no such key. */
  readonly mentionsAreOwn: boolean;
  /** Posts carry the old `parent_id` beside `root_id`. */
  readonly parentId: boolean;
  /** A reaction with an unknown emoji name is refused. */
  readonly unknownEmojiRefused: boolean;
  /** Reactions carry `channel_id`. */
  readonly reactionChannelId: boolean;
  /** File infos carry their channel and `archived`. */
  readonly fileChannel: boolean;
  /** `post_deleted` comes without metadata, with the thread's count, marked as sanitized. */
  readonly sanitizedDeletion: boolean;
  /** Reading one post, or creating it a second time, tells the thread's reply count. */
  readonly replyCountOfOne: boolean;
  /** A thread's list names its root a second time, at the end. */
  readonly rootTwice: boolean;
  /** Messages of deleted posts and of old versions are blanked in lists. */
  readonly blanksDeleted: boolean;
  /** `GET /users/{id}/channels` exists. */
  readonly channelsOfUser: boolean;
  /** The newer keys of channels, teams, lists, frames, notification settings. */
  readonly newKeys: boolean;
  /** The longest `props`, in characters of JSON. */
  readonly maxPropsChars: number;
}

const newer: Generation = {
  version: "9.9.0",
  build: "9.9.0..00000000000000000000000000000909.false",
  resume: true,
  collapsedThreads: true,
  mentionsAreOwn: true,
  parentId: false,
  unknownEmojiRefused: true,
  reactionChannelId: true,
  fileChannel: true,
  sanitizedDeletion: true,
  replyCountOfOne: true,
  rootTwice: false,
  blanksDeleted: true,
  channelsOfUser: true,
  newKeys: true,
  maxPropsChars: 800_000,
};

const older: Generation = {
  version: "5.37.0",
  build: "5.37.0..00000000000000000000000000000537.false",
  resume: false,
  collapsedThreads: false,
  mentionsAreOwn: false,
  parentId: true,
  unknownEmojiRefused: false,
  reactionChannelId: false,
  fileChannel: false,
  sanitizedDeletion: false,
  replyCountOfOne: false,
  rootTwice: true,
  blanksDeleted: false,
  channelsOfUser: false,
  newKeys: false,
  maxPropsChars: 8_000,
};

/** What is known of each version. */
export const generations: Readonly<Record<ServerVersion, Generation>> = {
  "9.9": newer,
  "5.37": older,
};
