import { ChatError, messageOf } from "./errors.ts";
import type { Post } from "./models/chat.ts";
import type { DesiredPost } from "./models/desired-post.ts";
import type { ChannelId, FileId, PostId, SessionId, UserId } from "./models/ids.ts";
import { readPostMark } from "./models/post-key.ts";
import type { ChatPort, Clock, Logger } from "./ports.ts";
import { createPostWriter, retryDelayMs } from "./post-writer.ts";
import { lackingKeys, nextStep, type Step } from "./streamer-plan.ts";

/** Edits of older posts are switched off on this server: the text goes on in a new post. */
const EDIT_TIME_LIMIT = "api.post.update_post.permissions_time_limit.app_error";

/** So many posts of a thread are known by their key; more than a person scrolls back. */
const LEDGER_KEPT = 1_000;

/** Where a thread's posts go, and what is written into their props. */
export interface ThreadPlace {
  readonly channelId: ChannelId;
  readonly rootPostId: PostId;
  readonly sessionId: SessionId;
  readonly machineId: string;
}

/** What is known of a post that is in the thread. */
export interface LedgerEntry {
  /** Absent where the server refused to make it. */
  readonly postId?: PostId;
  /** The text that was last sent and acknowledged. */
  readonly message: string;
  /** The text as the server stored it, and when, by its clock. */
  readonly stored: string;
  readonly storedMs: number;
  readonly marks: readonly string[];
  /** When the last edit was acknowledged, by our clock. */
  readonly editedMs: number;
  /** The server refuses to change it: nothing is tried any more. */
  readonly frozen: boolean;
}

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
  /** The post for a key, once it is in the thread. */
  postId(key: string): PostId | undefined;
  keyOf(postId: PostId): string | undefined;
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
  /** The shortest time between two edits of a live post, in milliseconds. */
  readonly editIntervalMs: (post: DesiredPost) => number;
  readonly onWritten?: (key: string, post: Post) => void;
}): ResponseStreamer {
  const { chat, clock, logger, me, place } = deps;
  const ledger = new Map<string, LedgerEntry>();
  const writer = createPostWriter({ chat, clock, logger, me });
  const waiters = new Set<() => void>();
  let running = false;
  let stopped = false;
  let failures = 0;
  let cancelTimer = (): void => undefined;

  /** Posts of ours as the socket showed them, not compared with the ledger yet. */
  const sightings: Post[] = [];

  const put = (key: string, entry: Partial<LedgerEntry>): void => {
    const blank = {
      message: "",
      stored: "",
      storedMs: 0,
      marks: [],
      editedMs: 0,
      frozen: false,
    };
    ledger.set(key, { ...blank, ...ledger.get(key), ...entry });
  };

  const acknowledge = (key: string, message: string, post: Post): void =>
    put(key, {
      postId: post.id,
      message,
      stored: post.message,
      storedMs: Math.max(post.createdMs, post.editedMs),
      editedMs: clock.now(),
    });

  const later = (delayMs: number): void => {
    cancelTimer();
    cancelTimer = clock.schedule(delayMs, pump);
  };

  function pump(): void {
    if (running || stopped) return;
    running = true;
    cancelTimer();
    void work()
      .catch((error) => logger.error(`the streamer failed: ${messageOf(error)}`))
      .finally(() => {
        running = false;
      });
  }

  async function work(): Promise<void> {
    while (!stopped) {
      const pauseMs = await round();
      if (pauseMs === "done") {
        forgetTexts();
        return wake();
      }
      if (pauseMs !== undefined) return later(pauseMs);
    }
  }

  /** Takes one step; tells how long to wait before the next. */
  async function round(): Promise<number | "done" | undefined> {
    for (const post of sightings.splice(0)) compare(post);
    const step = nextStep(deps.desired(), ledger, clock.now(), deps.editIntervalMs);
    if (step.kind === "done") return "done";
    if (step.kind === "wait") return step.delayMs;
    return attempt(step);
  }

  /** Posts that are not desired any more stay as they are: of them only the place is remembered. */
  function forgetTexts(): void {
    if (ledger.size < LEDGER_KEPT / 2) return;
    const wanted = new Set(deps.desired().map((post) => post.key));
    for (const [key, entry] of ledger) {
      if (wanted.has(key)) continue;
      if (ledger.size > LEDGER_KEPT) ledger.delete(key);
      else if (!entry.frozen) put(key, { message: "", stored: "", frozen: true });
    }
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
      return undefined;
    } catch (error) {
      if (isFinalRefusal(error)) {
        refused(step, error);
        return undefined;
      }
      logger.debug(`a post could not be changed yet: ${messageOf(error)}`);
      return retryDelayMs(failures++, error);
    }
  }

  async function perform(step: Change): Promise<void> {
    switch (step.kind) {
      case "create":
        return create(step.post);
      case "edit": {
        const post = await chat.editPost(step.postId, step.message, step.urgency);
        return acknowledge(step.key, step.message, post);
      }
      case "mark":
        await chat.react(me, step.postId, step.emoji);
        return put(step.key, { marks: [...step.present, step.emoji] });
      case "unmark":
        await chat.unreact(step.postId, step.emoji);
        return put(step.key, { marks: step.present.filter((emoji) => emoji !== step.emoji) });
    }
  }

  async function create(post: DesiredPost): Promise<void> {
    const message = post.firstMessage ?? post.message;
    const fileIds: FileId[] = [];
    for (const { name, text } of post.files ?? []) {
      fileIds.push(await chat.upload(place.channelId, name, new TextEncoder().encode(text)));
    }
    const result = await writer.write({
      channelId: place.channelId,
      rootId: place.rootPostId,
      mark: { key: post.key, session_id: place.sessionId, machine_id: place.machineId },
      message,
      urgency: post.urgency === "cosmetic" ? "normal" : post.urgency,
      ...(fileIds.length > 0 && { fileIds }),
    });
    if (result.kind === "stopped") return;
    if (result.kind === "gone") throw result.error;
    acknowledge(post.key, message, result.post);
    deps.onWritten?.(post.key, result.post);
  }

  function refused(step: Change, error: ChatError): void {
    logger.warn(`Mattermost refuses a post of thread ${place.rootPostId}: ${error.message}`, {
      code: error.code,
    });
    const key = step.kind === "create" ? step.post.key : step.key;
    if (error.code === EDIT_TIME_LIMIT) ledger.delete(key);
    else put(key, { frozen: true });
  }

  /** An old edit that reached the server late shows here: the text is not what was acknowledged last. */
  function compare(post: Post): void {
    const mark = readPostMark(post.props);
    const entry = mark && ledger.get(mark.key);
    if (!mark || !entry?.postId || entry.frozen) return;
    if (entry.postId !== post.id) {
      if (post.createdMs < entry.storedMs) return;
      logger.warn("a post was made twice by a request that came late; the second is removed");
      void chat.deletePost(post.id).catch(() => sightings.push(post));
    } else if (post.editedMs > entry.storedMs && post.message !== entry.stored) {
      put(mark.key, { message: post.message, stored: post.message, storedMs: post.editedMs });
    }
  }

  return {
    changed: pump,
    adopt(posts) {
      for (const post of posts) {
        const mark = readPostMark(post.props);
        if (post.userId !== me || mark?.session_id !== place.sessionId) continue;
        const marks = post.reactions.filter((r) => r.userId === me).map((r) => r.emoji);
        const { id: postId, message, editedMs, createdMs } = post;
        const storedMs = Math.max(createdMs, editedMs);
        put(mark.key, { postId, message, stored: message, storedMs, marks });
      }
    },
    seen(post) {
      if (post.userId !== me || readPostMark(post.props)?.session_id !== place.sessionId) return;
      sightings.push(post);
      pump();
    },
    postId: (key) => ledger.get(key)?.postId,
    lacking: () => lackingKeys(deps.desired(), ledger),
    keyOf: (postId) => [...ledger].find(([, entry]) => entry.postId === postId)?.[0],
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

/** The server will not do it however often it is asked. A refused token may be accepted again, so it is not that. */
const isFinalRefusal = (error: unknown): error is ChatError =>
  error instanceof ChatError && error.kind === "refused";
