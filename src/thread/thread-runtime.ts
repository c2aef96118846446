import type { Post } from "../models/chat.ts";
import type { DesiredPost, ThreadFace } from "../models/desired-post.ts";
import type { SessionInfo } from "../models/host-event.ts";
import type { PostId } from "../models/ids.ts";
import { readPostMark } from "../models/post-mark.ts";
import type { ThreadPlace } from "../models/thread-place.ts";
import type { Clock, Logger } from "../ports.ts";
import { renderCard } from "../render/session-card.ts";
import { renderThread } from "../render/thread.ts";
import { countOver, pruningOf } from "../state/pruning.ts";
import { initialState, reduce, type ThreadEvent } from "../state/reduce.ts";
import type { Horizon, ThreadState } from "../state/thread-state.ts";
import { createLane } from "../timing/lane.ts";
import type { ThreadContext } from "./ports.ts";
import { createReplyMarks } from "./posting/reply-marks.ts";
import { createResponseStreamer, type ResponseStreamer } from "./posting/response-streamer.ts";
import { editIntervalMs } from "./posting/streamer-plan.ts";
import { createWorkClock } from "./work-clock.ts";

const SHOWN_REMEMBERED = 100;
const CARD_INTERVAL_MS = 2_000;
const NOTICES_KEPT = 50;
/** After this a new outage is assumed: what is not posted by then may be dropped, and read again, once more. */
const DRAINED_WITHIN_MS = 300_000;
/**
 * One thread: its state, changed only by `reduce`, and the one writer that makes its posts match. Everything that a
 * person does in the thread goes through its lane, in order.
 */
export interface ThreadRuntime {
  readonly state: () => ThreadState;
  readonly face: () => ThreadFace;
  setFace(change: Partial<ThreadFace>): void;
  /** Takes an event of the session or of one of its sub-agents. Returns at once. */
  apply(event: ThreadEvent): void;
  /** The text of the root post. */
  card(context: ThreadContext): string;
  /** The root post is there: from now on the thread is written. `posts` is what it holds already. */
  open(context: ThreadContext, place: ThreadPlace, posts: readonly Post[]): void;
  /** Runs a task of a person in the thread, after those before it. */
  inLane(what: string, task: () => Promise<void>): Promise<void>;
  /** Says something in the thread, once for each key however often it is asked. */
  say(key: string, message: string, marks?: readonly string[]): void;
  /** Shows under the owner's post what became of it. */
  mark(postId: PostId, mark: "eyes" | "inbox_tray"): void;
  /** Whether something is to be posted that is not in the thread yet. */
  isBehind(): boolean;
  /** The dropped turns come back with the next event. */
  closeGap(): void;
  seen(post: Post): void;
  /** What a post of this thread is for; `undefined` where it is none of the bot's. */
  keyOf(postId: PostId): string | undefined;
  postId(key: string): PostId | undefined;
  /** When a post of the thread was made, by the server's clock; `undefined` until it is there. */
  postedMs(key: string): number | undefined;
  /** Resolves when the thread shows the state, or after `withinMs`. */
  settled(withinMs: number): Promise<void>;
  /** Writes no more, but for marks under the owner's posts. What is owed by then or becomes so later is passed on. */
  stop(): void;
}

export function createThreadRuntime(deps: {
  readonly session: SessionInfo;
  readonly face: ThreadFace;
  readonly horizonMs: number;
  /** Whether this process still answers for the thread. */
  readonly isMine: () => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: (before: ThreadState, after: ThreadState) => void;
  /** Mattermost is away for so long that turns were dropped, from here on: `closeGap` when they can be posted. */
  readonly onGap: (from: Horizon) => void;
  /** An answer to the owner that is not in the thread yet when this process stops writing it: it is owed all the same. */
  readonly onOwed: (key: string, message: string) => void;
}): ThreadRuntime {
  const { clock, logger } = deps;
  const card = ({ utcOffsetMinutes }: ThreadContext): string =>
    renderCard(state, { ...face, utcOffsetMinutes });
  const lane = createLane(logger);
  let state = initialState(deps.session, { createdMs: deps.horizonMs, id: "" });
  let face = deps.face;
  let opened:
    | {
        readonly context: ThreadContext;
        readonly streamer: ResponseStreamer;
        readonly place: ThreadPlace;
      }
    | undefined;
  let marks: ReturnType<typeof createReplyMarks> | undefined;
  const notices: DesiredPost[] = [];
  /** Keys of posts that the socket has shown: a reaction may come before the call that made its post has returned. */
  const shown = new Map<PostId, string>();
  /** From where on turns were dropped before they could be posted. Until they are read again none is posted: in order. */
  let gap: Horizon | undefined;
  /** The turns of an outage are being posted. */
  let draining = false;
  let stopped = false;
  /** How much was over when that was pruned last. */
  let over = 0;

  function desired(): readonly DesiredPost[] {
    if (!opened) return [];
    const { context } = opened;
    const now = clock.now();
    const { utcOffsetMinutes, verbosity, limits } = context;
    const root: DesiredPost = {
      key: "root",
      message: card(context),
      settled: face.status === "active" ? "live" : "final",
      urgency: "cosmetic",
    };
    const posts = renderThread(state, now, {
      verbosity,
      maxPostChars: limits.maxPostChars,
      project: face.project,
      utcOffsetMinutes,
    });
    return gap ? [root, ...notices] : [root, ...posts, ...notices];
  }

  function intervalMs(post: DesiredPost): number {
    if (post.key === "root") return CARD_INTERVAL_MS;
    const begun = state.turns.at(-1)?.message.createdMs ?? clock.now();
    const { streaming, requestsPerSecond } = opened?.context ?? {
      streaming: () => 1,
      requestsPerSecond: 8,
    };
    return editIntervalMs(clock.now() - begun, streaming(), requestsPerSecond);
  }

  function apply(event: ThreadEvent): void {
    if (stopped) return;
    const before = state;
    state = reduce(state, event, clock.now());
    if (state === before) return;
    if (countOver(state) !== over) prune();
    deps.onChange(before, state);
    showPromptMarks();
    workClock.run(opened !== undefined && isWorking());
    opened?.streamer.changed();
  }

  /** Rendering the thread to know what it lacks costs: only where something more is over, or was posted. */
  function prune(): void {
    const lacking = () => opened?.streamer.lacking() ?? [""];
    const { turns, requests, gap: from } = pruningOf(state, lacking, !draining);
    if (from && !gap) {
      gap = from;
      deps.onGap(from);
    }
    if (turns.length + requests.length > 0) {
      state = reduce(state, { type: "forget", turns, requests }, clock.now());
    }
    over = countOver(state);
  }

  function showPromptMarks(): void {
    for (const { prompt, replies } of state.turns) {
      if (prompt.postId && replies.length > 0) marks?.want(prompt.postId, "eyes");
    }
  }

  /** The oldest ones that are in the thread; what is not there yet is kept however long that takes. */
  function forgetNotices(): void {
    if (notices.length <= NOTICES_KEPT || !opened) return;
    const lacking = opened.streamer.lacking();
    const at = notices.findIndex(({ key }) => !lacking.includes(key));
    if (at >= 0) notices.splice(at, 1);
  }

  /** Of what is said in a thread only the answers to the owner's posts are owed: nobody else gives them. */
  function owe(key: string, message: string): void {
    if (key.startsWith("reply/")) deps.onOwed(key, message);
  }

  const isWorking = (): boolean => state.run.kind !== "idle" && state.ended === undefined;
  const waitsForPerson = (): boolean =>
    [...state.permissions, ...state.questions].some((r) => !r.decision);

  const workClock = createWorkClock(clock, {
    refresh: () => opened?.streamer.changed(),
    typing() {
      if (!opened || waitsForPerson()) return;
      const { context, place } = opened;
      context.socket.typing(place.channelId, place.rootPostId);
    },
  });

  return {
    state: () => state,
    face: () => face,
    card,
    apply,
    setFace(change) {
      face = { ...face, ...change };
      opened?.streamer.changed();
    },
    open(context, where, posts) {
      if (opened) return;
      const { chat, me } = context;
      marks = createReplyMarks({ chat, clock, logger, me });
      const streamer = createResponseStreamer({
        chat,
        clock,
        logger,
        me,
        place: where,
        desired,
        isMine: deps.isMine,
        editIntervalMs: intervalMs,
        onSettled: () => {
          draining = false;
          prune();
        },
      });
      streamer.adopt(posts);
      opened = { context, streamer, place: where };
      showPromptMarks();
      workClock.run(isWorking());
      streamer.changed();
    },
    inLane: (what, task) => lane.run(what, task),
    say(key, message, marks) {
      if (stopped) return owe(key, message);
      if (notices.some((notice) => notice.key === key)) return;
      notices.push({
        key,
        message,
        settled: "final",
        urgency: "interactive",
        ...(marks && { marks }),
      });
      forgetNotices();
      opened?.streamer.changed();
    },
    isBehind: () => (opened?.streamer.lacking() ?? [""]).length > 0,
    closeGap() {
      gap = undefined;
      draining = true;
      clock.schedule(DRAINED_WITHIN_MS, () => {
        draining = false;
      });
    },
    mark: (postId, mark) => marks?.want(postId, mark),
    seen(post) {
      const mark = readPostMark(post.props);
      if (mark) shown.set(post.id, mark.key);
      const [oldest] = shown.keys();
      if (shown.size > SHOWN_REMEMBERED && oldest) shown.delete(oldest);
      opened?.streamer.seen(post);
    },
    keyOf: (postId) => opened?.streamer.posts.keyOf(postId) ?? shown.get(postId),
    postId: (key) => opened?.streamer.posts.postId(key),
    postedMs: (key) => opened?.streamer.posts.postedMs(key),
    settled: (withinMs) =>
      new Promise((resolve) => {
        const cancel = clock.schedule(withinMs, resolve);
        void (opened?.streamer.settled() ?? Promise.resolve()).then(() => {
          cancel();
          resolve();
        });
      }),
    stop() {
      if (stopped) return;
      stopped = true;
      const lacking = opened?.streamer.lacking() ?? [];
      workClock.stop();
      opened?.streamer.stop();
      for (const { key, message } of notices) if (lacking.includes(key)) owe(key, message);
    },
  };
}
