import { PERHAPS_MORE_POSTS, type Post } from "../../models/chat.ts";
import type { Gate } from "../../models/gate.ts";
import { mayPost } from "../../models/gate.ts";
import type { PostId } from "../../models/ids.ts";
import { readPostMark } from "../../models/post-mark.ts";
import type { ChatPort, MappingStore } from "../../ports.ts";
import { isMarked } from "../../thread/unanswered-replies.ts";
import { isOpenStart } from "./session-starts.ts";

/** Without a cursor nobody knows what was seen: older posts are history. */
const WITHOUT_CURSOR_MS = 15 * 60_000;
/** A channel that grew by more since is not read to its end. */
const MOST_READS = 5;
/** Kinds of posts that say what became of one of the owner's. */
const ANSWERS = ["reply", "waits", "start"];

/**
 * The owner's posts since the newest one that a leader has acted on, those that have been answered left out; oldest first.
 * Without a cursor only what is young counts as missed; with one that the server has lost, the newest page.
 */
export async function unansweredInChannel(
  deps: {
    readonly chat: ChatPort;
    readonly store: MappingStore;
    readonly gate: Gate;
    readonly machineId: string;
  },
  now: number,
): Promise<readonly Post[]> {
  const { chat, store, gate } = deps;
  const cursor = await store.cursor(gate.channelId);
  const posts = cursor
    ? await since(chat, gate, cursor)
    : (await newestPage(chat, gate)).filter((post) => now - post.createdMs < WITHOUT_CURSOR_MS);
  const answered = new Set(
    posts
      .filter((post) => post.userId === gate.me && !isOpenStart(post, deps.machineId))
      .flatMap((post) => readPostMark(post.props)?.key ?? []),
  );
  const isDealtWith = (post: Post): boolean =>
    isMarked(post, gate.me) || ANSWERS.some((kind) => answered.has(`${kind}/${post.id}`));
  return posts.filter((post) => mayPost(gate, post) && !isDealtWith(post));
}

async function since(chat: ChatPort, gate: Gate, cursor: PostId): Promise<readonly Post[]> {
  const after: Post[] = [];
  for (let from: PostId | undefined = cursor, reads = 0; from && reads < MOST_READS; reads++) {
    const posts: readonly Post[] = await chat.postsAfter(gate.channelId, from);
    after.push(...posts);
    from = posts.length >= PERHAPS_MORE_POSTS ? posts.at(-1)?.id : undefined;
  }
  if (after.length > 0 || (await chat.post(cursor))) return after;
  // The server gives nothing after a post that it no longer has: the newest page is all that can be looked at.
  return newestPage(chat, gate);
}

const newestPage = async (chat: ChatPort, gate: Gate): Promise<readonly Post[]> =>
  [...(await chat.recentPosts(gate.channelId))].reverse();
