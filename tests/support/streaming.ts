import type { DesiredPost } from "../../src/models/desired-post.ts";
import { asInstanceId, asSessionId, type PostId } from "../../src/models/ids.ts";
import {
  createResponseStreamer,
  type ResponseStreamer,
} from "../../src/thread/posting/response-streamer.ts";
import { endsClean } from "./ends-clean.ts";
import { createFakeChat, type FakeChat } from "./fake-chat.ts";
import { createRecordingLogger, type RecordingLogger } from "./recording-logger.ts";
import { createWatchedClock, type WatchedClock } from "./watched-clock.ts";

const SESSION = asSessionId("ses_1");
export const INTERVAL_MS = 250;
/** A change is looked at within this, where rendering costs nothing. */
export const SOON_MS = 100;

/** A thread with its writer, and what a person sees in it. */
export interface Streaming {
  readonly chat: FakeChat;
  readonly clock: WatchedClock;
  readonly logger: RecordingLogger;
  readonly streamer: ResponseStreamer;
  readonly rootId: PostId;
  /** The thread should be this from now on. */
  want(...posts: DesiredPost[]): void;
  /** A text has grown to this, and nothing else is new. */
  grow(...posts: DesiredPost[]): void;
  /** What it takes to say what is desired, and how often it was asked. */
  readonly cost: { ms: number };
  renderings(): number;
  /** The texts below the root, as everybody sees them. */
  texts(): readonly string[];
  /** The bot's calls that change something, as `editPost two`. */
  calls(): readonly string[];
  /** Another life of the writer, over the same thread. */
  again(): Promise<Streaming>;
  /** Another process takes the thread over; this one has not noticed yet. */
  takenOver(): Promise<Streaming>;
}

export const live = (
  key: string,
  message = key,
  about: Partial<DesiredPost> = {},
): DesiredPost => ({
  key,
  message,
  settled: "live",
  urgency: "normal",
  ...about,
});

export const final = (
  key: string,
  message = key,
  about: Partial<DesiredPost> = {},
): DesiredPost => ({ ...live(key, message, about), settled: "final" });

const CHANGES = ["createPost", "editPost", "deletePost", "react", "unreact", "upload"];

export async function createStreaming(
  options: Parameters<typeof createFakeChat>[0] & { readonly deaf?: boolean } = {},
  editIntervalMs: (post: DesiredPost) => number = () => INTERVAL_MS,
): Promise<Streaming> {
  const clock = createWatchedClock();
  const chat = createFakeChat({ clock, ...options });
  const root = await chat.createPost(
    { channelId: chat.dm, message: "card", props: {}, pendingPostId: "root" },
    "normal",
  );
  const deaf = options.deaf === true;
  const streamers: ResponseStreamer[] = [];
  endsClean({ advance: clock.advance, pending: clock.timers }, () => {
    for (const streamer of streamers) streamer.stop();
  });
  const owner = { number: 0 };
  return begin({ chat, clock, rootId: root.id, deaf, owner, streamers, editIntervalMs });
}

function begin(world: {
  /** The writer that the thread belongs to: they count. */
  readonly owner: { number: number };
  readonly chat: FakeChat;
  readonly clock: WatchedClock;
  readonly rootId: PostId;
  readonly deaf: boolean;
  readonly streamers: ResponseStreamer[];
  readonly editIntervalMs: (post: DesiredPost) => number;
}): Streaming {
  const { chat, clock, rootId, owner } = world;
  const number = ++owner.number;
  const logger = createRecordingLogger();
  let desired: readonly DesiredPost[] = [];
  const first = chat.calls.length;
  const cost = { ms: 0 };
  let renderings = 0;
  const streamer = createResponseStreamer({
    chat,
    clock,
    logger,
    me: chat.bot.id,
    place: {
      channelId: chat.dm,
      rootPostId: rootId,
      sessionId: SESSION,
      machineId: "machine",
      instanceId: asInstanceId("here"),
    },
    desired() {
      renderings++;
      world.clock.shift(cost.ms);
      return desired;
    },
    editIntervalMs: world.editIntervalMs,
    async isMine() {
      if (number === owner.number) return true;
      streamer.stop();
      return false;
    },
  });
  world.streamers.push(streamer);
  async function takenOver(): Promise<Streaming> {
    const next = begin(world);
    next.streamer.adopt(await chat.thread(rootId));
    return next;
  }
  const unlisten = chat.listen((event) => {
    if (!world.deaf && (event.type === "posted" || event.type === "edited")) {
      streamer.seen(event.post);
    }
  });
  return {
    chat,
    clock,
    logger,
    streamer,
    rootId,
    cost,
    renderings: () => renderings,
    want(...posts) {
      desired = posts;
      streamer.changed();
    },
    grow(...posts) {
      desired = posts;
      streamer.grown();
    },
    texts: () =>
      chat
        .posts()
        .filter((post) => post.rootId === rootId && !post.deleted)
        .map((post) => post.message),
    calls: () =>
      chat.calls
        .slice(first)
        .filter(({ call }) => CHANGES.includes(call))
        .map(({ call, args }) => `${call} ${subjectOf(call, args)}`),
    again() {
      streamer.stop();
      unlisten();
      return takenOver();
    },
    takenOver,
  };
}

function subjectOf(call: string, args: readonly unknown[]): string {
  const [first, second, third] = args;
  if (call === "createPost") return String(Object(first).message);
  if (call === "react") return String(third);
  return String(call === "deletePost" ? first : second);
}
