import { type ReactionAction, readReaction } from "../commands/reaction-handler.ts";
import { countsAsTap } from "../commands/while-locked.ts";
import { messageOf, PerhapsDone } from "../errors.ts";
import type { Reaction } from "../models/chat.ts";
import type { ChatPort, Clock, KillSwitch } from "../ports.ts";
import { askedElsewhereNotice } from "../render/gone-request.ts";
import { lockedTapNotice, notDoneNotice, perhapsDoneTapNotice } from "../render/notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { AskedElsewhere } from "./asked-elsewhere.ts";
import type { Choices } from "./choices.ts";
import type { LateReplies } from "./late-replies.ts";
import type { PromptQueue } from "./prompt-queue.ts";
import type { PromptTaps } from "./prompt-taps.ts";
import type { QueueRunner } from "./queue-runner.ts";
import type { ThreadRequests } from "./requests.ts";
import type { Stops } from "./stops.ts";

/** The owner's reactions in one thread, and what they do. */
export interface Taps {
  /** Where a tap has its turn: at once, after other commands, or after the prompts that were written before it. */
  laneOf(reaction: Pick<Reaction, "postId" | "emoji">): TapLane;
  reaction(reaction: Reaction, added: boolean): Promise<void>;
  /** A tap that came while everything is switched off. It is told so where it would have done something. */
  refuse(reaction: Reaction): void;
  /** The owner's reactions under a post that waits, as they are after nobody listened for a while. */
  recheck(key: string, reactions: readonly Reaction[]): Promise<void>;
}

type TapLane = "at-once" | "aside" | "in-turn";

const LANES: Readonly<Record<ReactionAction["type"], TapLane>> = {
  stop: "at-once",
  permission: "at-once",
  question: "at-once",
  choose: "aside",
  "run-queue": "aside",
  "drop-queue": "aside",
  "run-late": "in-turn",
};

export function createTaps(deps: {
  readonly runtime: ThreadRuntime;
  readonly clock: Clock;
  readonly chat: Pick<ChatPort, "now">;
  readonly lock: Pick<KillSwitch, "period">;
  readonly requests: ThreadRequests;
  readonly elsewhere: AskedElsewhere;
  readonly late: LateReplies;
  readonly stop: Stops["stop"];
  readonly choices: Choices;
  readonly queue: PromptQueue;
  readonly prompts: PromptTaps;
  readonly runner: Pick<QueueRunner, "look">;
}): Taps {
  const { runtime, clock, lock, requests, late, queue, prompts } = deps;

  async function act(action: ReactionAction, added: boolean, reaction: Reaction): Promise<void> {
    if (action.type === "permission" || action.type === "question") {
      await requests.reaction(action, added);
    } else if (added) {
      await tapped(action, reaction);
    }
  }

  async function tapped(
    action: Exclude<ReactionAction, { type: "permission" | "question" }>,
    { createdMs }: Reaction,
  ): Promise<void> {
    switch (action.type) {
      case "stop":
        await deps.stop(createdMs || deps.chat.now());
        return;
      case "run-late":
        return late.run(action.key);
      case "choose":
        return deps.choices.tapped(action.key, action.number);
      case "drop-queue":
        return queue.drop(action.key);
      case "run-queue":
        await queue.release(action.key);
        deps.runner.look();
    }
  }

  /** Whether a reaction under the post with this key would do something now. */
  function isMeant(action: ReactionAction): boolean {
    switch (action.type) {
      case "stop":
        return runtime.state().run.kind !== "idle";
      case "choose":
        return true;
      case "run-queue":
      case "drop-queue":
        return queue.isHeld();
      case "run-late":
        return late.waits(action.key);
      default:
        return requests.isAnswer(action);
    }
  }

  function refuse(key: string | undefined, { postId, emoji, createdMs }: Reaction): void {
    const action = readReaction(key, emoji);
    const isFor = action ? isMeant(action) : prompts.isMeant({ postId, emoji });
    if (!isFor) return;
    runtime.say(`locked/${postId}/${emoji}/${createdMs}`, lockedTapNotice(emoji));
  }

  return {
    laneOf({ postId, emoji }) {
      const action = readReaction(runtime.keyOf(postId), emoji);
      if (action) return LANES[action.type];
      return (prompts.read({ postId, emoji }) ?? "unqueue") === "unqueue" ? "aside" : "in-turn";
    },
    refuse: (reaction) => refuse(runtime.keyOf(reaction.postId), reaction),
    async reaction(reaction, added) {
      const { postId, emoji, createdMs } = reaction;
      const key = runtime.keyOf(postId);
      if (added && !countsAsTap(reaction, lock)) return refuse(key, reaction);
      if (added && key !== undefined && deps.elsewhere.has(key) && readReaction(key, emoji)) {
        return runtime.say(`elsewhere/${postId}/${emoji}/${createdMs}`, askedElsewhereNotice());
      }
      try {
        const action = readReaction(key, emoji);
        if (action) await act(action, added, reaction);
        else if (added) await prompts.act(reaction);
      } catch (error) {
        // Each time anew: it may be given again and fail again.
        const failure = `failed/${postId}/${emoji}/${clock.now()}`;
        const say = error instanceof PerhapsDone ? perhapsDoneTapNotice : notDoneNotice;
        runtime.say(failure, say(messageOf(error)));
        throw error;
      }
    },
    async recheck(key, reactions) {
      const counts = (reaction: Reaction): boolean => countsAsTap(reaction, lock);
      for (const reaction of reactions) if (!counts(reaction)) refuse(key, reaction);
      await requests.recheck(key, reactions, counts);
      for (const { emoji } of reactions.filter(counts)) {
        const action = readReaction(key, emoji);
        if (action?.type === "run-late") await late.run(action.key);
      }
    },
  };
}
