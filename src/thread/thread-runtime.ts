import type { Post } from "../models/chat.ts";
import type { AttachedFile, DesiredPost, ThreadFace } from "../models/desired-post.ts";
import type { SessionInfo } from "../models/host-event.ts";
import type { PostId } from "../models/ids.ts";
import { readPostMark } from "../models/post-mark.ts";
import { type SessionSettings, verbosityAt } from "../models/session-settings.ts";
import type { ThreadPlace } from "../models/thread-place.ts";
import type { Clock, Logger } from "../ports.ts";
import { finishedPost, finishedPosts } from "../render/finished-post.ts";
import { renderCard } from "../render/session-card.ts";
import { renderThread } from "../render/thread.ts";
import { countOver, pruningOf } from "../state/pruning.ts";
import { initialState, reduce, type ThreadEvent } from "../state/reduce.ts";
import type { Horizon, ThreadState } from "../state/thread-state.ts";
import { createLane } from "../timing/lane.ts";
import { createNotices } from "./notices.ts";
import type { ThreadContext } from "./ports.ts";
import type { PromptMark } from "./posting/reply-marks.ts";
import { createThreadWriter, type ThreadWriter } from "./thread-writer.ts";

const SHOWN_REMEMBERED = 100;
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
  say(
    key: string,
    message: string,
    marks?: readonly string[],
    files?: readonly AttachedFile[],
  ): void;
  /** What was said for the key asks for something that has been given since: what is said next takes its place. */
  reopen(key: string): void;
  /** Says it otherwise where it was said. */
  sayAnew(key: string, message: string): void;
  /** Says something else in place of what the post with this key says. */
  amend(key: string, message: string): void;
  /** Shows under the owner's post what became of it. */
  mark(postId: PostId, mark: PromptMark): void;
  /** Whether something is to be posted that is not in the thread yet. */
  isBehind(): boolean;
  /** The dropped turns come back with the next event. */
  closeGap(): void;
  seen(post: Post): void;
  /** What a post of this thread is for; `undefined` where it is none of the bot's. */
  keyOf(postId: PostId): string | undefined;
  postId(key: string): PostId | undefined;
  /** Whether the post for this key is in the thread as it should be now. */
  isShown(key: string): boolean;
  /** When a post of the thread was made, by the server's clock; `undefined` until it is there. */
  postedMs(key: string): number | undefined;
  /** Resolves when the thread shows the state, or after `stop`. */
  settled(): Promise<void>;
  /** Writes no more, but for marks under the owner's posts. What is owed by then or becomes so later is passed on. */
  stop(): void;
}

export function createThreadRuntime(deps: {
  readonly session: SessionInfo;
  readonly face: ThreadFace;
  readonly horizonMs: number;
  /** What the owner has chosen for the session. */
  readonly settings?: () => SessionSettings;
  /** Whether this process still answers for the thread. */
  readonly isMine: () => Promise<boolean>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: (before: ThreadState, after: ThreadState) => void;
  /** Mattermost is away for so long that turns were dropped, from here on: `closeGap` when they can be posted. */
  readonly onGap: (from: Horizon) => void;
  /** An answer to the owner that is not in the thread yet when this process stops writing it: it is owed all the same. */
  readonly onOwed: (key: string, message: string) => void;
  /** The server refuses a post: the thread may be gone. */
  readonly onRefused?: () => void;
}): ThreadRuntime {
  const { clock, logger } = deps;
  const lane = createLane(logger);
  const notices = createNotices();
  let state = initialState(deps.session, { createdMs: deps.horizonMs, id: "" });
  let face = deps.face;
  /** Absent until the thread is open. */
  let writer: ThreadWriter | undefined;
  /** Posts that the socket has shown: an answer or a reaction may come before the call that made its post has returned. */
  const shown = new Map<PostId, { readonly key: string; readonly createdMs: number }>();
  /** From where on turns were dropped before they could be posted. Until they are read again none is posted: in order. */
  let gap: Horizon | undefined;
  /** The turns of an outage are being posted. */
  let draining = false;
  let stopped = false;
  /** How much was over when that was pruned last. */
  let over = 0;

  const card = ({ utcOffsetMinutes }: ThreadContext): string =>
    renderCard(state, { ...face, utcOffsetMinutes });

  function desired(context: ThreadContext): readonly DesiredPost[] {
    const { utcOffsetMinutes, verbosity, limits } = context;
    const root: DesiredPost = {
      key: "root",
      message: card(context),
      settled: state.ended === undefined ? "live" : "final",
      urgency: "cosmetic",
    };
    const posts = renderThread(state, clock.now(), {
      verbosity,
      verbosityAt: (atMs) => verbosityAt(deps.settings?.() ?? {}, atMs, verbosity),
      maxPostChars: limits.maxPostChars,
      project: face.project,
      utcOffsetMinutes,
    });
    const said = notices.posts().flatMap((post) => finishedPosts(post, limits.maxPostChars));
    return [...[root, ...(gap ? [] : posts)].map(finishedPost), ...said];
  }

  function apply(event: ThreadEvent): void {
    if (stopped) return;
    const before = state;
    state = reduce(state, event, clock.now());
    if (state === before) return;
    // What is pruned shows nothing any more: its marks come first.
    if (event.type === "text-delta") writer?.grown();
    else writer?.changed();
    if (countOver(state) !== over) prune();
    deps.onChange(before, state);
  }

  /** Rendering the thread to know what it lacks costs: only where something more is over, or was posted. */
  function prune(): void {
    const { turns, requests, gap: from } = pruningOf(state, writer?.lacking, !draining);
    if (from && !gap) {
      gap = from;
      deps.onGap(from);
    }
    if (turns.length + requests.length > 0) {
      state = reduce(state, { type: "forget", turns, requests }, clock.now());
    }
    over = countOver(state);
  }

  /** Of what is said in a thread only the answers to the owner's posts are owed: nobody else gives them. */
  function owe(key: string, message: string): void {
    if (key.startsWith("reply/")) deps.onOwed(key, message);
  }

  return {
    state: () => state,
    face: () => face,
    card,
    apply,
    setFace(change) {
      face = { ...face, ...change };
      writer?.changed();
    },
    open(context, place, posts) {
      if (writer) return;
      writer = createThreadWriter({
        context,
        place,
        posts,
        state: () => state,
        desired: () => desired(context),
        isMine: deps.isMine,
        onRefused: deps.onRefused,
        onSettled: () => {
          draining = false;
          prune();
        },
      });
      writer.changed();
    },
    inLane: (what, task) => lane.run(what, task),
    say(key, message, marks, files) {
      if (stopped) return owe(key, message);
      if (!notices.add(key, message, marks, files) || !writer) return;
      notices.forget(writer.lacking);
      writer.changed();
    },
    reopen: notices.reopen,
    sayAnew(key, message) {
      if (!stopped && notices.change(key, message)) writer?.changed();
    },
    amend(key, message) {
      if (stopped) return;
      notices.replace(key, message);
      writer?.changed();
    },
    isBehind: () => writer === undefined || writer.lacking().length > 0,
    closeGap() {
      gap = undefined;
      draining = true;
      clock.schedule(DRAINED_WITHIN_MS, () => {
        draining = false;
      });
    },
    mark: (postId, mark) => writer?.mark(postId, mark),
    seen(post) {
      const mark = readPostMark(post.props);
      if (mark) shown.set(post.id, { key: mark.key, createdMs: post.createdMs });
      const [oldest] = shown.keys();
      if (shown.size > SHOWN_REMEMBERED && oldest) shown.delete(oldest);
      writer?.seen(post);
    },
    keyOf: (postId) => writer?.posts.keyOf(postId) ?? shown.get(postId)?.key,
    postId: (key) => writer?.posts.postId(key),
    isShown: (key) => writer !== undefined && !writer.lacking().includes(key),
    postedMs: (key) =>
      writer?.posts.postedMs(key) ??
      [...shown.values()].findLast((post) => post.key === key)?.createdMs,
    settled: async () => writer?.settled(),
    stop() {
      if (stopped) return;
      stopped = true;
      const lacking = writer?.lacking() ?? [];
      writer?.stop();
      for (const { key, message } of notices.posts()) if (lacking.includes(key)) owe(key, message);
    },
  };
}
