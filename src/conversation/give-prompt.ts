import type { Post } from "../models/chat.ts";
import type { PostId } from "../models/ids.ts";
import type { Clock } from "../ports.ts";
import {
  arrivedNotice,
  filesNotGivenNotice,
  givenByPathNotice,
  maybeSentNotice,
  notAcceptedNotice,
  overNotice,
  refusedNotice,
  stoppedFirstNotice,
} from "../render/notice.ts";
import { promptStanding } from "../state/waiting.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import { type InboundFiles, withHeard } from "./file-handler.ts";
import type { PendingReplies } from "./pending-replies.ts";
import type { createPromptSender, SendResult } from "./prompt-sender.ts";

/** Gives replies to the session as prompts. */
export interface GivePrompt {
  /**
   * Gives a reply with its files, unless the session is stopped first. Resolves with what shows that: OpenCode has stored it, or the
   * bot's answer says why not.
   */
  give(post: Post): Promise<Given>;
  /** The thread's state has changed: what became of a prompt that was not known to be sent may show. */
  changed(): void;
}

/** `changed`: the owner has edited it meanwhile, and it may be something else now. `dropped`: they have deleted it. */
type Given = "stored" | "answered" | "changed" | "dropped";

export function createGivePrompt(deps: {
  readonly runtime: ThreadRuntime;
  readonly clock: Clock;
  readonly pending: PendingReplies;
  readonly sender: Pick<ReturnType<typeof createPromptSender>, "send">;
  /** Brings the files of a post into reach of OpenCode. */
  readonly receive: (post: Post) => Promise<InboundFiles>;
  readonly answer: (post: Post, text: string) => void;
}): GivePrompt {
  const { runtime, clock, pending, sender, answer } = deps;
  const sessionId = runtime.state().session.id;
  /** Since when it is not known of a reply whether OpenCode has it. */
  const unsure = new Map<PostId, number>();

  function notSentText(sent: Exclude<SendResult, { kind: "accepted" }>): string {
    switch (sent.kind) {
      case "gone":
        return overNotice("orphaned", sessionId);
      case "refused":
        return refusedNotice(sent.reason);
      case "failed":
        return notAcceptedNotice(sent.reason);
      case "unsure":
        return maybeSentNotice(sent.reason);
    }
  }

  /** What the model cannot be shown it can look for, and what was written is not lost with it. */
  async function sendContent(post: Post, given: InboundFiles): Promise<SendResult> {
    const { files, paths, problems } = given;
    const isIdle = runtime.state().run.kind === "idle";
    const isWanted = (): boolean => !pending.isStopped(post.id);
    const content = {
      text: withHeard(post.message, given),
      postId: post.id,
      ...(given.heard.length > 0 && { origin: "voice" as const }),
      files,
      paths,
      missing: problems,
    };
    const sent = await sender.send(content, isIdle, isWanted);
    if (sent.kind !== "refused" || files.length === 0) return sent;
    const byPath = { ...content, files: [], paths: [...paths, ...files.map(({ path }) => path)] };
    const again = await sender.send(byPath, isIdle, isWanted);
    if (again.kind === "refused") return sent;
    const names = files.map(({ name }) => name);
    if (again.kind === "accepted") {
      runtime.say(`by-path/${post.id}`, givenByPathNotice(names, sent.reason));
    }
    return again;
  }

  async function send(post: Post, given: InboundFiles): Promise<"stored" | "answered"> {
    const isStopped = (): boolean => pending.isStopped(post.id);
    if (isStopped()) {
      answer(post, stoppedFirstNotice());
      return "answered";
    }
    pending.given(post);
    const busy = runtime.state().run.kind !== "idle";
    const sent = await sendContent(post, given);
    if (sent.kind === "accepted") {
      // The model may have read it before OpenCode could say that it has it.
      const isRead = promptStanding(runtime.state(), post.id) === "over";
      runtime.mark(post.id, busy && !isRead ? "inbox_tray" : "eyes");
      return "stored";
    }
    if (sent.kind === "unsure") unsure.set(post.id, clock.now());
    answer(post, isStopped() ? stoppedFirstNotice() : notSentText(sent));
    return "answered";
  }

  async function give(post: Post): Promise<Given> {
    runtime.setFace({ used: true });
    // What is still to be fetched or heard holds up neither the word that it was stopped, nor what was written after it.
    const received = await Promise.race([deps.receive(post), pending.untilStopped(post.id)]);
    if (!received) {
      answer(post, stoppedFirstNotice());
      return "answered";
    }
    const now = pending.now(post);
    if (now !== post) return now ? "changed" : "dropped";
    const { problems } = received;
    const isAnything = hasContent(post, received);
    if (problems.length > 0) {
      runtime.say(`files/${post.id}`, filesNotGivenNotice(problems, isAnything));
    }
    return isAnything ? send(post, received) : "answered";
  }

  const tellAnew = (id: PostId, text: string): void => {
    unsure.delete(id);
    runtime.sayAnew(`reply/${id}`, text);
  };

  return {
    give,
    changed() {
      if (unsure.size === 0) return;
      const { turns, refusal } = runtime.state();
      for (const { prompt } of turns) {
        if (prompt.postId && unsure.has(prompt.postId)) tellAnew(prompt.postId, arrivedNotice());
      }
      const [oldest] = unsure;
      if (!oldest || !refusal || refusal.atMs < oldest[1]) return;
      tellAnew(oldest[0], refusedNotice(refusal.reason));
    },
  };
}

const hasContent = ({ message }: Post, { files, paths, heard }: InboundFiles): boolean =>
  message.trim() !== "" || files.length + paths.length + heard.length > 0;
