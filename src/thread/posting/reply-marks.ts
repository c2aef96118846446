import { isRefusal, messageOf } from "../../errors.ts";
import type { Post } from "../../models/chat.ts";
import type { PostId, UserId } from "../../models/ids.ts";
import type { ChatPort, Clock, Logger } from "../../ports.ts";
import { retryDelayMs } from "../../timing/retry.ts";

/** Some hours of failures in a row: nobody looks for that mark any more. */
const MAX_TRIES = 500;
/** OpenCode prepares then what it asks the model: nobody waits for a mark so much that it should be held up. */
const AFTER_MS = 150;
/** More than a thread has open prompts; older marks stay as they are. */
const REMEMBERED = 200;

/** Emoji names under the owner's own posts: what became of a prompt. */
export type PromptMark = "eyes" | "inbox_tray" | "wastebasket";

/** Keeps one mark of the bot under each post of the owner: the newest wish wins. Cosmetic: given up after hours. */
export interface ReplyMarks {
  /** Takes over the marks that an earlier process left and that are to change: those of prompts that waited. */
  adopt(posts: readonly Post[]): void;
  want(postId: PostId, mark: PromptMark | undefined): void;
}

export function createReplyMarks(deps: {
  readonly chat: ChatPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly me: UserId;
}): ReplyMarks {
  const { chat, clock, logger, me } = deps;
  const wanted = new Map<PostId, PromptMark | undefined>();
  const shown = new Map<PostId, PromptMark>();
  let working = false;

  async function settle(postId: PostId): Promise<void> {
    const [mark, before] = [wanted.get(postId), shown.get(postId)];
    // An answer says the same, and more.
    const put = (emoji: PromptMark) => chat.react(me, postId, emoji, "cosmetic");
    if (mark && mark !== before) await unlessRefused(() => put(mark));
    if (before && before !== mark) await unlessRefused(() => chat.unreact(postId, before));
    shown.delete(postId);
    if (mark) shown.set(postId, mark);
    const [oldest] = shown.keys();
    if (shown.size > REMEMBERED && oldest) shown.delete(oldest);
    if (wanted.get(postId) === mark) wanted.delete(postId);
  }

  /** A post that was deleted takes no mark, and must not keep the other posts from theirs. */
  async function unlessRefused(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      if (!isRefusal(error)) throw error;
      logger.debug(`a mark was refused: ${messageOf(error)}`);
    }
  }

  async function work(tries: number): Promise<void> {
    working = true;
    const [first] = wanted;
    if (!first) {
      working = false;
      return;
    }
    try {
      await settle(first[0]);
      void work(0);
    } catch (error) {
      logger.debug(`a mark could not be set: ${messageOf(error)}`);
      putOff(first[0], tries);
      clock.schedule(retryDelayMs(tries, error), () => void work(tries + 1));
    }
  }

  /** The others come first. */
  function putOff(postId: PostId, tries: number): void {
    const mark = wanted.get(postId);
    if (tries >= MAX_TRIES) wanted.clear();
    else if (wanted.delete(postId)) wanted.set(postId, mark);
  }

  return {
    adopt(posts) {
      for (const { id, reactions } of posts) {
        const waits = reactions.some((r) => r.userId === me && r.emoji === "inbox_tray");
        if (waits) shown.set(id, "inbox_tray");
      }
    },
    want(postId, mark) {
      if (shown.get(postId) === mark && !wanted.has(postId)) return;
      wanted.set(postId, mark);
      const [oldest] = wanted.keys();
      if (wanted.size > REMEMBERED && oldest) wanted.delete(oldest);
      if (working) return;
      working = true;
      clock.schedule(AFTER_MS, () => void work(0));
    },
  };
}
