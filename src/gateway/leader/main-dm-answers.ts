import { isRefusal, messageOf } from "../../errors.ts";
import type { Post } from "../../models/chat.ts";
import { readPostMark } from "../../models/post-mark.ts";
import type { ChatPort, Logger } from "../../ports.ts";
import { postTexts } from "../../render/finished-post.ts";
import type { PostWriter } from "../../thread/posting/post-writer.ts";

/** Posts an answer to a post of the owner, once for each post and kind. `mayBeThere`: another process may have posted it. */
export type GiveAnswer = (
  post: Post,
  text: string,
  kind?: string,
  mayBeThere?: boolean,
) => Promise<void>;

/**
 * Answers outside the threads of live processes. One that is too long for a post is cut into several; the last of them has the key
 * that says that the post is answered, so that one that was begun by a process that died is given again. Its posts that are there by
 * then are made to say the same.
 */
export function createMainDmAnswers(deps: {
  readonly chat: ChatPort;
  readonly writer: PostWriter;
  readonly logger: Logger;
  readonly machineId: string;
  readonly maxPostChars: number;
}): GiveAnswer {
  const { chat, writer, logger, machineId } = deps;

  async function write(post: Post, key: string, message: string, mayBeThere: boolean) {
    const result = await writer.write({
      channelId: post.channelId,
      ...(post.rootId && { rootId: post.rootId }),
      mark: { key, session_id: "", machine_id: machineId },
      message,
      urgency: "interactive",
      searchFirst: mayBeThere,
      notBeforeMs: post.createdMs,
    });
    if (result.kind === "stopped") throw new Error("the bridge was stopped before it could answer");
    if (result.kind === "written") return result.post;
    logger.warn(`an answer could not be posted: ${messageOf(result.error)}`);
    return undefined;
  }

  /** Another machine may have answered the same post first, for itself: what is different here is said too. */
  const isOthers = (made: Post, message: string): boolean => {
    const by = readPostMark(made.props)?.machine_id;
    return by !== undefined && by !== machineId && made.message !== message;
  };

  /** A post of an answer that goes on in others. */
  async function begin(post: Post, kind: string, message: string, at: number): Promise<void> {
    const made = await write(post, `${kind}/${post.id}/${at}`, message, true);
    if (!made || made.message === message) return;
    if (isOthers(made, message)) return begin(post, `${kind}/${machineId}`, message, at);
    try {
      await chat.editPost(made.id, message, "interactive");
    } catch (error) {
      if (!isRefusal(error)) throw error;
      logger.info(`an answer that was begun stays as it is: ${messageOf(error)}`);
    }
  }

  return async (post, text, kind = "reply", mayBeThere = false) => {
    const parts = postTexts(text, deps.maxPostChars);
    const last = parts.pop() ?? "";
    for (const [at, part] of parts.entries()) await begin(post, kind, part, at);
    const made = await write(post, `${kind}/${post.id}`, last, mayBeThere);
    if (made && isOthers(made, last)) {
      await write(post, `${kind}/${machineId}/${post.id}`, last, mayBeThere);
    }
  };
}
