import type { Post } from "../models/chat.ts";
import type { HostPort } from "../ports.ts";
import {
  filesNotGivenNotice,
  maybeSentNotice,
  notAcceptedNotice,
  overNotice,
  stoppedFirstNotice,
} from "../render/notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { InboundFiles } from "./file-handler.ts";
import type { PendingReplies } from "./pending-replies.ts";
import type { createPromptSender, SendResult } from "./prompt-sender.ts";

/**
 * Gives a reply to the session as a prompt, with its files, unless the session is stopped first. Resolves with what shows that:
 * OpenCode has stored it, or the bot's answer says why not.
 */
export type GivePrompt = (post: Post) => Promise<Given>;

/** `changed`: the owner has edited it meanwhile, and it may be something else now. `dropped`: they have deleted it. */
type Given = "stored" | "answered" | "changed" | "dropped";

export function createGivePrompt(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly pending: PendingReplies;
  readonly sender: Pick<ReturnType<typeof createPromptSender>, "send">;
  /** Brings the files of a post into reach of OpenCode. */
  readonly receive: (post: Post) => Promise<InboundFiles>;
  readonly answer: (post: Post, text: string) => void;
}): GivePrompt {
  const { runtime, pending, sender, answer } = deps;
  const sessionId = runtime.state().session.id;

  function notSentText(sent: Exclude<SendResult, { kind: "accepted" }>): string {
    if (sent.kind === "gone") return overNotice("orphaned", sessionId);
    return sent.kind === "failed" ? notAcceptedNotice(sent.reason) : maybeSentNotice(sent.reason);
  }

  async function send(post: Post, { files, paths }: InboundFiles): Promise<"stored" | "answered"> {
    const isStopped = (): boolean => pending.isStopped(post.id);
    if (isStopped()) {
      answer(post, stoppedFirstNotice());
      return "answered";
    }
    pending.given(post);
    const busy = runtime.state().run.kind !== "idle";
    const content = { text: post.message, postId: post.id, files, paths };
    const sent = await sender.send(content, !busy, () => !isStopped());
    if (sent.kind === "accepted") {
      runtime.mark(post.id, busy ? "inbox_tray" : "eyes");
      return "stored";
    }
    answer(post, isStopped() ? stoppedFirstNotice() : notSentText(sent));
    return "answered";
  }

  return async (post) => {
    runtime.setFace({ used: true });
    const received = await deps.receive(post);
    const now = pending.now(post);
    if (now !== post) return now ? "changed" : "dropped";
    const { problems, files, paths } = received;
    const given = post.message.trim() !== "" || files.length + paths.length > 0;
    if (problems.length > 0) runtime.say(`files/${post.id}`, filesNotGivenNotice(problems, given));
    return given ? send(post, received) : "answered";
  };
}
