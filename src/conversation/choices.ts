import type { Answer } from "../commands/command.ts";
import type { Post } from "../models/chat.ts";
import type { PostId } from "../models/ids.ts";
import { readPostMark } from "../models/post-mark.ts";
import type { ChatPort } from "../ports.ts";
import { countChoices, readChoice } from "../render/choices.ts";
import { outOfRangeNotice } from "../render/command-notice.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";

const NUMBER = /^\s*#?(\d{1,3})[.)]?\s*$/;
/** Of the answer to a command that lists what can be chosen: it ends in the command's name. */
const LIST = /^reply\/[^/]+\/([a-z]+)$/;

/** The command whose list of choices a post is. */
const listOf = (key: string): string | undefined => LIST.exec(key)?.[1];

/** Choosing from a list that a command has answered with, by its number. Which that is stands in the list itself. */
export interface Choices {
  /** A number was tapped on the list with this key. */
  tapped(key: string, number: number): Promise<void>;
  /** A reply that is nothing but a number, while the list is the newest post before it. `false` where it is not for a list. */
  typed(post: Post): Promise<boolean>;
}

export function createChoices(deps: {
  readonly runtime: Pick<ThreadRuntime, "postId" | "amend" | "say">;
  readonly chat: Pick<ChatPort, "post" | "thread">;
  /** Runs a command with what was chosen. */
  readonly run: (
    name: string,
    value: string,
    list: Post,
  ) => Promise<Answer & { readonly failed?: boolean }>;
}): Choices {
  const { runtime, chat, run } = deps;

  /** What came of it stands where the list stood. */
  async function choose(key: string, list: Post, number: number): Promise<boolean> {
    const name = listOf(key);
    const value = readChoice(list.message, number);
    if (name === undefined || value === undefined) return false;
    const { text, failed } = await run(name, value, list);
    if (failed) throw new Error(text);
    runtime.amend(key, text);
    return true;
  }

  return {
    async tapped(key, number) {
      const list = runtime.postId(key);
      const post = list && (await chat.post(list));
      if (post) await choose(key, post, number);
    },
    async typed(post) {
      const [, digits] = NUMBER.exec(post.message) ?? [];
      if (digits === undefined || !post.rootId || post.files.length > 0) return false;
      const before = newestBefore(await chat.thread(post.rootId), post.id);
      const key = before && readPostMark(before.props)?.key;
      const count = before ? countChoices(before.message) : 0;
      if (!before || !key || listOf(key) === undefined || count === 0) return false;
      if (!(await choose(key, before, Number(digits)))) {
        runtime.say(`reply/${post.id}`, outOfRangeNotice(count));
      }
      return true;
    },
  };
}

function newestBefore(thread: readonly Post[], id: PostId): Post | undefined {
  const at = thread.findIndex((post) => post.id === id);
  return at > 0 ? thread[at - 1] : undefined;
}
