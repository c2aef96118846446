/**
 * A post that should exist in a thread. The renderer lists them in reading order; `thread/posting/response-streamer.ts` makes the
 * actual posts match: what is missing is made first, in order, then what differs is edited.
 */
export interface DesiredPost {
  /** Stable for the life of the thread and unique in it; also written into the post's props. */
  readonly key: string;
  readonly message: string;
  /** The text to make the post with, where that differs: a new post pings, so its first line names the session. */
  readonly firstMessage?: string;
  /** Contents too long for a post, attached as files when the post is made. */
  readonly files?: readonly AttachedFile[];
  /** Emoji names that the bot puts under the post so that a tap is enough; taken away when the list becomes empty. */
  readonly marks?: readonly string[];
  /** `final`: must not be lost and is sent as soon as the rate allows. `live`: newer text will follow. */
  readonly settled: "final" | "live";
  /** A post whose text changes by the clock alone is not edited for that more often than every 10 s. */
  readonly urgency: "interactive" | "normal" | "cosmetic";
}

export interface AttachedFile {
  readonly name: string;
  readonly text: string | Uint8Array;
}

/** How much of a turn is shown. */
export type Verbosity = "quiet" | "normal" | "verbose";

export interface RenderOptions {
  readonly verbosity: Verbosity;
  /** The same for a turn that began then, where the owner has chosen. */
  readonly verbosityAt?: (atMs: number) => Verbosity;
  /** Mattermost's limit, in Unicode code points, for one post. */
  readonly maxPostChars: number;
  readonly project: string;
  readonly utcOffsetMinutes: UtcOffset;
}

/** What the person sees of a session in its card, beside its state. */
export interface ThreadFace {
  readonly project: string;
  /** With the home folder as `~`. */
  readonly directory: string;
  readonly branch?: string;
  /** Whether the owner has written in this thread yet: the hint how to use it goes then. */
  readonly used: boolean;
  /** Context window of the model, in tokens, where known. */
  readonly contextLimit?: number | undefined;
}

/** What a root post needs beside the state. */
export interface CardOptions extends ThreadFace {
  readonly utcOffsetMinutes: UtcOffset;
}

/** Minutes east of UTC, for times of day: always the same, or as they are at a time, in Unix milliseconds. */
export type UtcOffset = number | ((unixMs: number) => number);
