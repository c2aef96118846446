import { parseCommand } from "../commands/message-router.ts";
import { type PromptTap, readPromptTap, readTurnTap } from "../commands/reaction-handler.ts";
import type { Reaction } from "../models/chat.ts";
import { asPostId, type MessageId, type PostId } from "../models/ids.ts";
import type { ChatPort } from "../ports.ts";
import { promptGoneNotice } from "../render/history-notice.ts";
import type { ThreadOwnership } from "../thread/ownership.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { PromptQueue } from "./prompt-queue.ts";
import type { RunAgain } from "./run-again.ts";
import type { Fork } from "./session-forks.ts";
import type { SessionHistory } from "./session-history.ts";

/** The owner's reactions on prompts: their own posts, and those of the bot that quote a prompt or answer one. */
export interface PromptTaps {
  /** `undefined` where the reaction is for no prompt. */
  read(reaction: Pick<Reaction, "postId" | "emoji">): PromptTap | undefined;
  act(reaction: Reaction): Promise<void>;
  /** Whether it would do something now. */
  isMeant(reaction: Pick<Reaction, "postId" | "emoji">): boolean;
}

export function createPromptTaps(deps: {
  readonly runtime: Pick<ThreadRuntime, "keyOf" | "postId" | "say" | "state">;
  readonly ownership: Pick<ThreadOwnership, "take">;
  /** It has been acted on. */
  readonly done: (key: PostId) => Promise<void>;
  readonly chat: Pick<ChatPort, "post">;
  readonly queue: PromptQueue;
  readonly history: SessionHistory;
  readonly fork: Fork;
  readonly again: RunAgain;
}): PromptTaps {
  const { runtime, ownership, chat, queue, history } = deps;

  /** The owner's own posts have no key. */
  function read({ postId, emoji }: Pick<Reaction, "postId" | "emoji">): PromptTap | undefined {
    const key = runtime.keyOf(postId);
    return key === undefined ? readPromptTap(emoji) : readTurnTap(key, emoji)?.tap;
  }

  /** The newest that the post brought, by what it says or by a command in it, also in a session that is older than this process. */
  async function promptOfPost(postId: PostId): Promise<MessageId | undefined> {
    const { asked = {} } = runtime.state();
    const prompts = await history.prompts();
    return prompts.findLast((prompt) => prompt.postId === postId || asked[prompt.id] === postId)
      ?.id;
  }

  /** A prompt that stands in a post of the owner's goes by that post; its answer can be asked for again all the same. */
  async function promptOfTurn(key: string, emoji: string): Promise<MessageId | undefined> {
    const { turn, tap, isFirst } = readTurnTap(key, emoji) ?? {};
    const found = (await history.prompts()).find(({ id }) => id === turn);
    const isQuote = isFirst || runtime.postId(`${turn}/0`) === undefined;
    const isFor = tap === "again" || (isQuote && found?.postId === undefined);
    return isFor ? found?.id : undefined;
  }

  /** Of what is no prompt nothing is said. */
  async function wasPrompt(postId: PostId): Promise<boolean> {
    const post = await chat.post(postId);
    return post !== undefined && parseCommand(post.message) === undefined;
  }

  /** The prompt that is meant; `undefined` where there is none, which is said where there was one. */
  async function meant({ postId, emoji }: Reaction, asked: PostId): Promise<MessageId | undefined> {
    const key = runtime.keyOf(postId);
    if (key !== undefined) return promptOfTurn(key, emoji);
    const found = await promptOfPost(postId);
    if (found === undefined && (await wasPrompt(postId))) {
      runtime.say(`tap/${asked}`, promptGoneNotice());
    }
    return found;
  }

  /** Once for each tap, however often it is delivered. */
  async function actOnce(tap: Exclude<PromptTap, "unqueue">, reaction: Reaction): Promise<void> {
    const asked = asPostId(`${reaction.postId}/${tap}/${reaction.createdMs}`);
    const id = await meant(reaction, asked);
    const taken = id && (await ownership.take(asked));
    if (!id || taken === "not-mine" || taken === "held") return;
    if (taken === "again" && tap === "again") throw new Error(NOT_NOTED);
    const text = await perform(tap, id, asked);
    if (text !== "") runtime.say(`tap/${asked}`, text);
    await deps.done(asked);
  }

  async function perform(
    tap: Exclude<PromptTap, "unqueue">,
    id: MessageId,
    asked: PostId,
  ): Promise<string> {
    if (tap === "undo") return history.undo(asked, id);
    if (tap === "fork") return deps.fork(asked, { before: id });
    return deps.again.prompt(id, asked);
  }

  return {
    read,
    isMeant({ postId, emoji }) {
      const tap = read({ postId, emoji });
      return tap === "unqueue" ? queue.has(postId) : tap !== undefined;
    },
    async act(reaction) {
      const tap = read(reaction);
      if (tap === undefined) return;
      if (tap !== "unqueue") await actOnce(tap, reaction);
      else if (queue.has(reaction.postId)) await queue.remove(reaction.postId, "dropped");
    },
  };
}

const NOT_NOTED = "it may have been done before, and is not done twice";
