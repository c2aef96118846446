import type { Post } from "../models/chat.ts";
import type { DesiredPost } from "../models/desired-post.ts";
import type { PostId } from "../models/ids.ts";
import type { ThreadPlace } from "../models/thread-place.ts";
import type { ThreadState } from "../state/thread-state.ts";
import { needsUser, promptStanding } from "../state/waiting.ts";
import type { ThreadContext } from "./ports.ts";
import { createReplyMarks, type PromptMark } from "./posting/reply-marks.ts";
import { createResponseStreamer, type ResponseStreamer } from "./posting/response-streamer.ts";
import { editIntervalMs } from "./posting/streamer-plan.ts";
import { createWorkClock } from "./work-clock.ts";

const CARD_INTERVAL_MS = 2_000;

/** An open thread as it is written: its posts, the marks under the owner's replies, the typing indicator. */
export interface ThreadWriter extends Pick<ResponseStreamer, "posts" | "lacking" | "settled"> {
  /** The state, the card or the notices may have changed. Returns at once. */
  changed(): void;
  /** A text has grown, and nothing else is new. Returns at once. */
  grown(): void;
  seen(post: Post): void;
  /** Shows under the owner's post what became of it. */
  mark(postId: PostId, mark: PromptMark): void;
  /** Writes no more, but for marks under the owner's posts. */
  stop(): void;
}

export function createThreadWriter(deps: {
  readonly context: ThreadContext;
  readonly place: ThreadPlace;
  /** What the thread holds already. */
  readonly posts: readonly Post[];
  readonly state: () => ThreadState;
  readonly desired: () => readonly DesiredPost[];
  /** Whether this process still answers for the thread. */
  readonly isMine: () => Promise<boolean>;
  /** Everything desired is in the thread. */
  readonly onSettled: () => void;
  /** The server refuses a post: the thread may be gone. */
  readonly onRefused?: (() => void) | undefined;
}): ThreadWriter {
  const { context, place, state, isMine, desired, onSettled } = deps;
  const { chat, clock, logger, me, socket, streaming, requestsPerSecond } = context;
  const marks = createReplyMarks({ chat, clock, logger, me });
  marks.adopt(deps.posts);
  const streamer = createResponseStreamer({
    chat,
    clock,
    logger,
    me,
    place,
    desired,
    isMine,
    editIntervalMs: intervalMs,
    onSettled,
    onRefused: deps.onRefused,
  });

  function intervalMs(post: DesiredPost): number {
    if (post.key === "root") return CARD_INTERVAL_MS;
    const begun = state().turns.at(-1)?.message.createdMs ?? clock.now();
    return editIntervalMs(clock.now() - begun, streaming(), requestsPerSecond);
  }

  const workClock = createWorkClock(clock, {
    refresh: streamer.changed,
    typing() {
      if (!needsUser(state())) socket.typing(place.channelId, place.rootPostId);
    },
  });

  /** A prompt that the model has read waits no more, nor does one that it never will: two may be answered in one message. */
  function showMarks(): void {
    for (const { prompt } of state().turns) {
      const { postId } = prompt;
      if (postId && promptStanding(state(), postId) === "over") marks.want(postId, "eyes");
    }
  }

  let stopped = false;

  streamer.adopt(deps.posts);
  return {
    changed() {
      if (stopped) return;
      showMarks();
      const { run, ended } = state();
      workClock.run(run.kind !== "idle" && ended === undefined);
      streamer.changed();
    },
    grown: streamer.grown,
    seen: streamer.seen,
    mark: marks.want,
    posts: streamer.posts,
    lacking: streamer.lacking,
    settled: streamer.settled,
    stop() {
      stopped = true;
      workClock.stop();
      streamer.stop();
    },
  };
}
