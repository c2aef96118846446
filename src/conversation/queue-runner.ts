import { messageOf } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import { baseEmoji } from "../models/emoji.ts";
import { asPostId, type MessageId, type PostId, type UserId } from "../models/ids.ts";
import type { QueuedPost } from "../models/thread-mapping.ts";
import type { ChatPort, Clock, HostPort, KillSwitch, Logger } from "../ports.ts";
import { queueCommandNotice, queueEmptyNotice, type WhyHeld } from "../render/queue-notice.ts";
import { isAtRest } from "../state/at-rest.ts";
import type { ThreadOwnership } from "../thread/ownership.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import { isTooOld } from "../thread/unanswered-replies.ts";
import { untilDone } from "../timing/retry.ts";
import type { GivePrompt } from "./give-prompt.ts";
import type { PendingReplies } from "./pending-replies.ts";
import { otherCommand, type PromptQueue, queuedText } from "./prompt-queue.ts";

/** Something that it needs was not to be had: Mattermost, the disk, or the process that had the thread before. */
const LOOK_AGAIN_MS = 5_000;
/** The turn of a prompt shows well within this time, or it is not heard of any more. */
const SHOWS_WITHIN_MS = 30_000;

/** Runs what is queued, one after the other, each when the session is at rest. */
export interface QueueRunner {
  /** Until then nothing is run: it is not known yet what happened before. */
  begin(): void;
  /** Something may have changed: the queue, the session, the kill switch. Returns at once. */
  look(): void;
  /** OpenCode has stored a prompt from this post: until its turn shows the session is not at rest. */
  gave(id: PostId): void;
  /** The session is being stopped: what is queued waits for the owner's word. */
  stopping(): void;
  stop(): void;
}

export function createQueueRunner(deps: {
  readonly runtime: ThreadRuntime;
  readonly ownership: Pick<ThreadOwnership, "take">;
  readonly host: Pick<HostPort, "status">;
  readonly chat: Pick<ChatPort, "now" | "post">;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lock: Pick<KillSwitch, "isOn">;
  readonly owner: UserId;
  readonly queue: PromptQueue;
  readonly pending: PendingReplies;
  readonly give: GivePrompt["give"];
  /** Whether OpenCode has stored it as a prompt. */
  readonly wasStored: (post: Post) => Promise<boolean>;
  readonly answer: (post: Post, text: string) => void;
  /** It is acted on now, as it stands. */
  readonly acting: (post: Post) => void;
}): QueueRunner {
  const { runtime, queue, pending, clock, logger } = deps;
  let isBegun = false;
  let stopped = false;
  /** A look waits for its turn in the thread's lane. */
  let isLooking = false;
  /** The owner stops the session just now: that is on its way to the disk. */
  let isStopping = false;
  /** OpenCode has it, and its turn has not been seen yet. */
  let awaited: PostId | undefined;
  /** The newest turn whose end has been looked at. */
  let seen: MessageId | undefined;

  const mayRun = (): boolean =>
    isBegun && !stopped && !isStopping && !queue.isHeld() && queue.posts().length > 0 && isIdle();

  const isIdle = (): boolean =>
    isAtRest(runtime.state()) && awaited === undefined && !deps.lock.isOn();

  function look(): void {
    if (isLooking || !mayRun()) return;
    isLooking = true;
    void runtime.inLane("the queue", async () => {
      isLooking = false;
      try {
        if (mayRun()) await runNext();
      } catch (error) {
        logger.warn(`a queued prompt could not be run yet: ${messageOf(error)}`);
        lookLater();
      }
    });
  }

  function lookLater(): void {
    clock.schedule(LOOK_AGAIN_MS, look);
  }

  async function runNext(): Promise<void> {
    const [first] = queue.posts();
    if (!first) return;
    const { id } = runtime.state().session;
    if ((await deps.host.status(id)).kind !== "idle") return lookLater();
    const taken = await deps.ownership.take(asPostId(`${first.post}/queued`));
    if (taken === "not-mine") return;
    if (taken === "held") return lookLater();
    const post = await deps.chat.post(first.post);
    if (!mayRun()) return;
    if (!post || isCrossedOut(post)) await queue.remove(first.post, "dropped");
    else await run(post, taken);
    look();
  }

  const isCrossedOut = (post: Post): boolean =>
    post.reactions.some(({ userId, emoji }) => userId === deps.owner && baseEmoji(emoji) === "x");

  async function run(post: Post, taken: "first" | "again"): Promise<void> {
    if (taken === "again" && (await deps.wasStored(post))) {
      runtime.mark(post.id, "eyes");
      return queue.remove(post.id, "run");
    }
    const command = otherCommand(post);
    if (command !== undefined) {
      deps.answer(post, queueCommandNotice(command));
      return queue.remove(post.id, "dropped");
    }
    const prompt = { ...post, message: queuedText(post) };
    if (prompt.message.trim() === "" && post.files.length === 0) {
      deps.answer(post, queueEmptyNotice());
      return queue.remove(post.id, "dropped");
    }
    deps.acting(post);
    pending.add(prompt, true);
    const given = await deps.give(prompt);
    pending.done(post.id);
    // What it says now is read anew.
    if (given === "changed") return;
    await queue.remove(post.id, given === "dropped" ? "dropped" : "run");
  }

  const isTurnSeen = (id: PostId): boolean =>
    runtime.state().turns.some(({ prompt }) => prompt.postId === id);

  /** What ended otherwise than by itself is for the owner to look at first. */
  function lookAtEnd(): void {
    const newest = runtime.state().turns.at(-1);
    if (!newest || newest.endedMs === undefined || newest.id === seen) return;
    seen = newest.id;
    const kind = newest.outcome?.kind;
    const why =
      kind === "failed"
        ? "failed"
        : kind === "stopped" || kind === "skipped"
          ? "stopped"
          : undefined;
    if (why && isBegun) hold(why);
  }

  /** Nothing is run until the word is kept. */
  function hold(why: WhyHeld): void {
    if (queue.isHeld() || queue.posts().length === 0) return;
    isStopping = true;
    const retry = { clock, logger, stopped: () => stopped };
    void untilDone("holding the queue", retry, () => queue.hold(why)).then(() => {
      isStopping = false;
    });
  }

  const isOld = ({ atMs }: QueuedPost): boolean => isTooOld({ createdMs: atMs }, deps.chat.now());

  return {
    begin() {
      isBegun = true;
      seen = runtime.state().turns.findLast(({ endedMs }) => endedMs !== undefined)?.id;
      const retry = { clock, logger, stopped: () => stopped };
      void untilDone("saying what is queued", retry, queue.sayIfHeld);
      if (queue.posts().some(isOld)) hold("old");
      else look();
    },
    look() {
      if (awaited && isTurnSeen(awaited)) awaited = undefined;
      lookAtEnd();
      look();
    },
    gave(id) {
      if (isTurnSeen(id)) return;
      awaited = id;
      clock.schedule(SHOWS_WITHIN_MS, () => {
        if (awaited === id) awaited = undefined;
        look();
      });
    },
    stopping: () => hold("stopped"),
    stop() {
      stopped = true;
    },
  };
}
