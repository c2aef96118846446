import { type ReactionAction, readReaction } from "../commands/reaction-handler.ts";
import { countsAsTap } from "../commands/while-locked.ts";
import { messageOf } from "../errors.ts";
import type { Reaction } from "../models/chat.ts";
import type { ChatPort, Clock, KillSwitch } from "../ports.ts";
import { lockedTapNotice, notDoneNotice } from "../render/notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { Choices } from "./choices.ts";
import type { LateReplies } from "./late-replies.ts";
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
  "run-late": "in-turn",
};

export function createTaps(deps: {
  readonly runtime: ThreadRuntime;
  readonly clock: Clock;
  readonly chat: Pick<ChatPort, "now">;
  readonly lock: Pick<KillSwitch, "period">;
  readonly requests: ThreadRequests;
  readonly late: LateReplies;
  readonly stop: Stops["stop"];
  readonly choices: Choices;
}): Taps {
  const { runtime, clock, lock, requests, late } = deps;

  async function act(action: ReactionAction | undefined, added: boolean, atMs: number) {
    if (action?.type === "permission" || action?.type === "question") {
      await requests.reaction(action, added);
    } else if (added && action?.type === "stop") {
      await deps.stop(atMs);
    } else if (added && action?.type === "run-late") {
      await late.run(action.key);
    } else if (added && action?.type === "choose") {
      await deps.choices.tapped(action.key, action.number);
    }
  }

  /** Whether a reaction under the post with this key would do something now. */
  function isMeant(action: ReactionAction): boolean {
    if (action.type === "stop") return runtime.state().run.kind !== "idle";
    if (action.type === "choose") return true;
    return action.type === "run-late" ? late.waits(action.key) : requests.isAnswer(action);
  }

  function refuse(key: string | undefined, { postId, emoji, createdMs }: Reaction): void {
    const action = readReaction(key, emoji);
    if (!action || !isMeant(action)) return;
    runtime.say(`locked/${postId}/${emoji}/${createdMs}`, lockedTapNotice(emoji));
  }

  return {
    laneOf({ postId, emoji }) {
      const action = readReaction(runtime.keyOf(postId), emoji);
      return action ? LANES[action.type] : "at-once";
    },
    refuse: (reaction) => refuse(runtime.keyOf(reaction.postId), reaction),
    async reaction(reaction, added) {
      const { postId, emoji, createdMs } = reaction;
      const key = runtime.keyOf(postId);
      if (added && !countsAsTap(reaction, lock)) return refuse(key, reaction);
      try {
        await act(readReaction(key, emoji), added, createdMs || deps.chat.now());
      } catch (error) {
        // Each time anew: it may be given again and fail again.
        const failure = `failed/${postId}/${emoji}/${clock.now()}`;
        runtime.say(failure, notDoneNotice(messageOf(error)));
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
