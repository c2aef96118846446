import { type ChatError, certainlyNotDone, isRefusal, messageOf } from "../../errors.ts";
import type { Post } from "../../models/chat.ts";
import type { DesiredPost } from "../../models/desired-post.ts";
import type { PostId, UserId } from "../../models/ids.ts";
import type { ThreadPlace } from "../../models/thread-place.ts";
import type { ChatPort, Clock, Logger } from "../../ports.ts";
import { noFileNotice } from "../../render/notice.ts";
import { retryDelayMs } from "../../timing/retry.ts";
import { createPostLedger, type PostLedger } from "./post-ledger.ts";
import { createPostWriter } from "./post-writer.ts";
import { createRefusedEdits } from "./refused-edits.ts";
import { lackingKeys, nextStep, type Step } from "./streamer-plan.ts";
import { uploadFiles } from "./upload-files.ts";

/** A long text takes milliseconds to render and comes in thousands of pieces: at most a tenth of the time goes there. */
const REST_PER_RENDERING = 10;
const MAX_REST_MS = 500;

/** A server that answers again is noticed within 4 s. */
const MAX_BACKOFF = 3;

type Change = Exclude<Step, { kind: "done" | "wait" }>;

/**
 * Makes the posts of one thread what they should be, with the fewest calls: what is missing first, in order; then the
 * edits. One call at a time. The newest desired state wins; a final state is tried until it holds.
 */
export interface ResponseStreamer {
  /** Something may have changed. Returns at once. */
  changed(): void;
  /** Takes over what the thread holds already. Call before the first `changed`. */
  adopt(posts: readonly Post[]): void;
  /** The socket shows a post of ours as made or edited: a late duplicate is removed, an old text is put right. */
  seen(post: Post): void;
  /** What is in the thread. */
  readonly posts: Pick<PostLedger, "keyOf" | "postId" | "postedMs">;
  /** The keys of the desired posts that are not in the thread as they should be. */
  lacking(): readonly string[];
  /** Resolves when everything desired is in the thread, or after `stop`. */
  settled(): Promise<void>;
  stop(): void;
}

export function createResponseStreamer(deps: {
  readonly chat: ChatPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly me: UserId;
  readonly place: ThreadPlace;
  readonly desired: () => readonly DesiredPost[];
  /** Whether this process still writes the thread. Asked when somebody else's change of a post of ours is seen. */
  readonly isMine: () => Promise<boolean>;
  /** The shortest time between two edits of a live post, in milliseconds. */
  readonly editIntervalMs: (post: DesiredPost) => number;
  /** Everything desired is in the thread. */
  readonly onSettled?: () => void;
}): ResponseStreamer {
  const { chat, clock, logger, me, place } = deps;
  const ledger = createPostLedger(me, place.sessionId);
  const writer = createPostWriter({ chat, clock, logger, me });
  const waiters = new Set<() => void>();
  let running = false;
  /** Something changed while a round was being made. */
  let again = false;
  /** The last call failed: nothing is tried before its time. */
  let blocked = false;
  /** Nothing is due before its time; a change is looked at no sooner than `renderAgainMs`. */
  let resting = false;
  let nudged = false;
  let renderAgainMs = 0;
  let stopped = false;
  let failures = 0;
  let cancelTimer = (): void => undefined;

  /** Posts of ours as the socket showed them, not compared with the ledger yet. */
  const sightings: Post[] = [];
  const duplicates = new Set<PostId>();
  const refusedEdits = createRefusedEdits(chat, place.rootPostId);

  const later = (delayMs: number): void => {
    cancelTimer();
    cancelTimer = clock.schedule(delayMs, () => {
      blocked = false;
      pump();
    });
  };

  function pump(): void {
    again = true;
    if (running || blocked || stopped) return;
    const restMs = resting ? renderAgainMs - clock.now() : 0;
    if (restMs > 0 && restMs <= MAX_REST_MS) {
      if (!nudged) later(restMs);
      nudged = true;
      return;
    }
    nudged = false;
    resting = false;
    running = true;
    again = false;
    cancelTimer();
    void work()
      .catch((error) => logger.error(`the streamer failed: ${messageOf(error)}`))
      .finally(() => {
        running = false;
        if (again) pump();
      });
  }

  async function work(): Promise<void> {
    while (!stopped) {
      const pauseMs = await round();
      if (pauseMs === "done") {
        ledger.forget(new Set(deps.desired().map((post) => post.key)));
        deps.onSettled?.();
        return wake();
      }
      if (pauseMs !== undefined) return later(pauseMs);
    }
  }

  /** Takes one step; tells how long to wait before the next. */
  async function round(): Promise<number | "done" | undefined> {
    again = false;
    const foreign = sightings.splice(0).filter(compare);
    // Two processes that put their own text back would do so for ever.
    if (foreign.length > 0 && !(await deps.isMine())) return "done";
    const step = nextStep(render(), ledger.entries, clock.now(), deps.editIntervalMs);
    if (step.kind !== "done" && step.kind !== "wait") return attempt(step);
    const [postId] = duplicates;
    if (postId) return attempt({ kind: "remove", postId });
    resting = step.kind === "wait";
    return step.kind === "done" ? "done" : step.delayMs;
  }

  /** Notes what it took: while nothing is due, only a small share of the time goes into it. */
  function render(): readonly DesiredPost[] {
    const beganMs = clock.now();
    const desired = deps.desired();
    const tookMs = Math.max(0, clock.now() - beganMs);
    renderAgainMs = clock.now() + Math.min(MAX_REST_MS, tookMs * REST_PER_RENDERING);
    return desired;
  }

  function wake(): void {
    for (const waiter of waiters) waiter();
    waiters.clear();
  }

  /** The delay before the next try; `undefined` where it worked. */
  async function attempt(step: Change): Promise<number | undefined> {
    try {
      await perform(step);
      failures = 0;
      if (step.kind === "edit") refusedEdits.over();
      return undefined;
    } catch (error) {
      if (isRefusal(error)) return refused(step, error);
      logger.debug(`a post could not be changed yet: ${messageOf(error)}`);
      if (step.kind === "edit" && !certainlyNotDone(error)) {
        ledger.put(step.key, { message: undefined });
      }
      blocked = true;
      return retryDelayMs(Math.min(failures++, MAX_BACKOFF), error);
    }
  }

  async function perform(step: Change): Promise<void> {
    switch (step.kind) {
      case "create":
        return create(step.post);
      case "edit": {
        const post = await chat.editPost(step.postId, step.message, step.urgency);
        ledger.acknowledge(step.key, step.message, post, clock.now());
        return;
      }
      case "mark":
        await chat.react(me, step.postId, step.emoji);
        marked(step);
        return;
      case "unmark":
        await chat.unreact(step.postId, step.emoji);
        marked(step);
        return;
      case "remove":
        logger.info("a post that was made twice, or whose text went elsewhere, is removed");
        await chat.deletePost(step.postId);
        removed(step.postId);
    }
  }

  function removed(postId: PostId): void {
    duplicates.delete(postId);
    ledger.removed(postId);
  }

  function marked({ kind, key, present, emoji }: Extract<Step, { kind: "mark" | "unmark" }>): void {
    const others = present.filter((other) => other !== emoji);
    ledger.put(key, { marks: kind === "mark" ? [...others, emoji] : others });
  }

  async function create(post: DesiredPost): Promise<void> {
    const message = post.firstMessage ?? post.message;
    const { files = [] } = post;
    const { channelId } = place;
    const fileIds = await uploadFiles({ chat, logger, channelId }, files);
    const isLacking = fileIds.length < files.length;
    const result = await writer.write({
      channelId: place.channelId,
      rootId: place.rootPostId,
      mark: {
        key: ledger.markKey(post.key),
        session_id: place.sessionId,
        machine_id: place.machineId,
      },
      message: isLacking ? `${message}\n${noFileNotice()}` : message,
      urgency: post.urgency === "cosmetic" ? "normal" : post.urgency,
      ...(fileIds.length > 0 && { fileIds }),
    });
    if (result.kind === "stopped") return;
    if (result.kind === "gone") throw result.error;
    ledger.acknowledge(post.key, message, result.post, clock.now());
  }

  /** A text that may not be edited any more goes on in a new post; a mark that is refused must not stop the text. */
  async function refused(step: Change, error: ChatError): Promise<number | undefined> {
    logger.warn(`Mattermost refuses a post of thread ${place.rootPostId}: ${error.message}`, {
      code: error.code,
    });
    if (step.kind === "remove") removed(step.postId);
    else if (step.kind === "create") ledger.put(step.post.key, { frozen: true });
    else if (step.kind !== "edit") marked(step);
    else return notEdited(step, error);
    return undefined;
  }

  async function notEdited(
    { key, postId }: Extract<Step, { kind: "edit" }>,
    error: ChatError,
  ): Promise<number | undefined> {
    const how = await refusedEdits.judge(postId, error).catch(() => "again" as const);
    if (how === "new-post") ledger.replace(key);
    if (how === "keep") ledger.put(key, { frozen: true });
    if (how !== "again") return undefined;
    blocked = true;
    return retryDelayMs(Math.min(failures++, MAX_BACKOFF), error);
  }

  /** Whether it is somebody else's doing. */
  function compare(post: Post): boolean {
    const { isForeign, extra } = ledger.see(post);
    if (extra) duplicates.add(extra);
    return isForeign;
  }

  return {
    changed: pump,
    adopt(posts) {
      for (const post of posts) compare(post);
    },
    seen(post) {
      if (stopped || post.userId !== me) return;
      sightings.push(post);
      pump();
    },
    posts: ledger,
    lacking: () => lackingKeys(deps.desired(), ledger.entries),
    settled: () =>
      new Promise((resolve) => {
        if (stopped) return resolve();
        waiters.add(resolve);
        pump();
      }),
    stop() {
      stopped = true;
      cancelTimer();
      writer.stop();
      wake();
    },
  };
}
