import { type ChatError, certainlyNotDone, isRefusal, messageOf } from "../../errors.ts";
import type { DesiredPost } from "../../models/desired-post.ts";
import type { PostId, UserId } from "../../models/ids.ts";
import type { ThreadPlace } from "../../models/thread-place.ts";
import type { ChatPort, Clock, Logger } from "../../ports.ts";
import { withoutPictures } from "../../render/markdown/safe-markdown.ts";
import { noFileNotice } from "../../render/notice.ts";
import { retryDelayMs } from "../../timing/retry.ts";
import type { PostLedger } from "./post-ledger.ts";
import { createPostWriter } from "./post-writer.ts";
import { createRefusedEdits } from "./refused-edits.ts";
import type { Step } from "./streamer-plan.ts";
import { uploadFiles } from "./upload-files.ts";

/** A server that answers again is noticed within 4 s. */
const MAX_BACKOFF = 3;

/** A step that changes something in the thread. */
export type Change = Exclude<Step, { kind: "done" | "wait" }>;

/** Carries the steps of a thread's plan out, one call each, and notes in the ledger what came of them. */
export interface StepApplier {
  /** Never rejects. Resolves with how long to wait before the next try, in milliseconds; `undefined` where it is settled. */
  apply(step: Change): Promise<number | undefined>;
  /** A create that waits for its next try ends. */
  stop(): void;
}

export function createStepApplier(deps: {
  readonly chat: ChatPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly me: UserId;
  readonly place: ThreadPlace;
  readonly ledger: PostLedger;
  /** A step as it is when its request is sent: that may have waited for its turn. */
  readonly newest: <S extends Extract<Step, { kind: "create" | "edit" }>>(step: S) => S;
  /** A post that was to be removed is gone, or cannot be removed. */
  readonly onRemoved: (postId: PostId) => void;
  /** The server refuses a post: the thread may be gone. */
  readonly onRefused: () => void;
}): StepApplier {
  const { chat, clock, logger, me, place, ledger } = deps;
  const writer = createPostWriter({ chat, clock, logger, me });
  const refusedEdits = createRefusedEdits(chat, place.rootPostId);
  let failures = 0;

  const backOff = (error: unknown): number =>
    retryDelayMs(Math.min(failures++, MAX_BACKOFF), error);

  async function perform(step: Change): Promise<void> {
    switch (step.kind) {
      case "create":
        return create(step);
      case "edit": {
        let { message } = step;
        const newest = (): string => {
          message = deps.newest(step).message;
          return message;
        };
        const post = await chat.editPost(step.postId, newest, step.urgency);
        ledger.acknowledge(step.key, message, post, clock.now());
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
        deps.onRemoved(step.postId);
    }
  }

  function marked({ kind, key, present, emoji }: Extract<Step, { kind: "mark" | "unmark" }>): void {
    const others = present.filter((other) => other !== emoji);
    ledger.put(key, { marks: kind === "mark" ? [...others, emoji] : others });
  }

  async function create(step: Extract<Step, { kind: "create" }>): Promise<void> {
    const { post } = step;
    const { files = [] } = post;
    const { channelId, rootPostId, sessionId, machineId, instanceId } = place;
    const key = ledger.markKey(post.key);
    const fileIds = await uploadFiles({ chat, logger, channelId }, files);
    const isLacking = fileIds.length < files.length;
    const firstOf = (now: DesiredPost): string => now.firstMessage ?? now.message;
    const asShown = (first: string): string =>
      withoutPictures(isLacking ? `${first}\n${noFileNotice()}` : first);
    let message = firstOf(post);
    const newest = (): string => {
      message = firstOf(deps.newest(step).post);
      return asShown(message);
    };
    const result = await writer.write({
      channelId,
      rootId: rootPostId,
      mark: { key, session_id: sessionId, machine_id: machineId, instance_id: instanceId },
      message: newest,
      urgency: post.urgency === "cosmetic" ? "normal" : post.urgency,
      ...(fileIds.length > 0 && { fileIds }),
    });
    if (result.kind === "stopped") return;
    if (result.kind === "gone") throw result.error;
    ledger.acknowledge(post.key, message, result.post, clock.now());
    // Another process may have made it a moment ago, with a text of its own.
    if (result.post.message !== asShown(message)) ledger.put(post.key, { message: undefined });
  }

  /** A text that may not be edited any more goes on in a new post; a mark that is refused must not stop the text. */
  async function refused(step: Change, error: ChatError): Promise<number | undefined> {
    logger.warn(`Mattermost refuses a post of thread ${place.rootPostId}: ${error.message}`, {
      code: error.code,
    });
    deps.onRefused();
    if (step.kind === "remove") deps.onRemoved(step.postId);
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
    return how === "again" ? backOff(error) : undefined;
  }

  return {
    async apply(step) {
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
        return backOff(error);
      }
    },
    stop: writer.stop,
  };
}
