import { PerhapsDone } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import type { MessageId } from "../models/ids.ts";
import type { ChatPort } from "../ports.ts";
import {
  busyNotice,
  filesLeftNotice,
  nothingToRetryNotice,
  promptGoneNotice,
} from "../render/history-notice.ts";
import { filesNotGivenNotice } from "../render/notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { InboundFiles } from "./file-handler.ts";
import type { GivePrompt } from "./give-prompt.ts";
import type { PendingReplies } from "./pending-replies.ts";
import type { createPromptSender } from "./prompt-sender.ts";
import type { SessionHistory } from "./session-history.ts";
import { isCalledSound } from "./sound-type.ts";
import type { StoredPrompt } from "./stored-prompts.ts";

/** Runs a prompt of the session again, with the files that came with it. */
export interface RunAgain {
  /** The last one, in place of what this post says. Resolves with what to tell the owner; empty where it was given to the session. */
  last(post: Post): Promise<string>;
  /** This one. The thread quotes it, because it stands in no new post. Resolves as above. */
  prompt(id: MessageId, key: string): Promise<string>;
}

export function createRunAgain(deps: {
  readonly runtime: Pick<ThreadRuntime, "state" | "say">;
  readonly chat: Pick<ChatPort, "post">;
  readonly history: SessionHistory;
  readonly pending: PendingReplies;
  readonly give: GivePrompt["give"];
  readonly sender: Pick<ReturnType<typeof createPromptSender>, "send">;
  readonly receive: (post: Post) => Promise<InboundFiles>;
  /** How often the session has been stopped. */
  readonly stops: () => number;
}): RunAgain {
  const { runtime, chat, history, pending } = deps;

  /** What was attached to the prompt's post; files that were attached elsewhere are named, with the key of what asks. */
  async function filesOf(
    { postId, files, isSpoken }: StoredPrompt,
    key: string,
  ): Promise<Post["files"]> {
    const post = postId && (await chat.post(postId).catch(() => undefined));
    const attached = post?.files ?? [];
    const left = files.filter((name) => !attached.some((file) => file.name === name));
    if (left.length > 0) runtime.say(`left/${key}`, filesLeftNotice(left));
    return isSpoken ? attached.filter((file) => !isCalledSound(file)) : attached;
  }

  async function received(prompt: StoredPrompt, key: string): Promise<InboundFiles> {
    const attached = await filesOf(prompt, key);
    const post = attached.length > 0 && prompt.postId && (await chat.post(prompt.postId));
    const given = post ? await deps.receive({ ...post, files: attached }) : NO_FILES;
    const { problems } = given;
    if (problems.length > 0) runtime.say(`files/${key}`, filesNotGivenNotice(problems, true));
    return given;
  }

  return {
    async last(post) {
      if (!(await history.isIdle())) return busyNotice("retry");
      const found = (await history.prompts()).findLast(({ byHand }) => !byHand);
      if (!found) return nothingToRetryNotice();
      const prompt = { ...post, message: found.text, files: await filesOf(found, post.id) };
      pending.add(prompt, true);
      await deps.give(prompt);
      pending.done(post.id);
      return "";
    },
    async prompt(id, key) {
      const stops = deps.stops();
      if (!(await history.isIdle())) return busyNotice("tap");
      const found = (await history.prompts()).find((prompt) => prompt.id === id && !prompt.byHand);
      if (!found) return promptGoneNotice();
      const { files, paths, problems } = await received(found, key);
      const content = { text: found.text, origin: "again", files, paths } as const;
      const isWanted = (): boolean => deps.stops() === stops;
      const sent = await deps.sender.send({ ...content, missing: problems }, true, isWanted);
      if (sent.kind === "accepted") return "";
      if (sent.kind === "gone") throw new Error("OpenCode does not have the session any more");
      throw sent.kind === "unsure" ? new PerhapsDone(sent.reason) : new Error(sent.reason);
    },
  };
}

const NO_FILES: InboundFiles = { files: [], paths: [], heard: [], problems: [] };
