import type { PostRow, ThreadMember, ThreadRow } from "./rows.ts";
import { wireUser, wireUserIdOnly } from "./users.ts";
import { wirePost } from "./wire-post.ts";
import type { World } from "./world.ts";

interface Unread {
  readonly replies: number;
  readonly mentions: number;
}

/** The thread of a root post, made on its first reply. */
export function openThread(world: World, root: PostRow): ThreadRow {
  const known = world.threads.get(root.id);
  if (known !== undefined) return known;
  const thread: ThreadRow = {
    rootId: root.id,
    replies: [],
    lastReplyAt: 0,
    participants: [],
    members: new Map(),
  };
  follow(thread, root.userId);
  world.threads.set(root.id, thread);
  return thread;
}

/** The membership of a user, made if there is none. */
export function follow(thread: ThreadRow, userId: string): ThreadMember {
  const known = thread.members.get(userId);
  if (known !== undefined) return known;
  const member = { lastViewedAt: 0, unreadReplies: 0, unreadMentions: 0, following: true };
  thread.members.set(userId, member);
  return member;
}

/** Counts a new reply for everyone who follows; returns what is to be told after `posted`. */
export function countReply(
  world: World,
  thread: ThreadRow,
  reply: PostRow,
  mentioned: readonly string[],
): () => void {
  thread.replies.push(reply);
  thread.lastReplyAt = reply.createAt;
  thread.participants = thread.participants.filter((id) => id !== reply.userId);
  thread.participants.push(reply.userId);
  const author = follow(thread, reply.userId);
  for (const id of mentioned) follow(thread, id);

  const told: (() => void)[] = [];
  for (const [userId, member] of thread.members) {
    if (!member.following) continue;
    const before = { replies: member.unreadReplies, mentions: member.unreadMentions };
    if (member === author) {
      member.unreadReplies = member.unreadMentions = 0;
    } else {
      member.unreadReplies += 1;
      if (mentioned.includes(userId)) member.unreadMentions += 1;
    }
    told.push(() => tellThread(world, thread, userId, before));
  }
  return () => {
    for (const tell of told) tell();
    author.lastViewedAt = world.now();
  };
}

/** Takes a deleted reply out of the counts, and tells those who had not read it. */
export function uncountReply(world: World, reply: PostRow, mentioned: readonly string[]): void {
  const thread = world.threads.get(reply.rootId);
  if (thread === undefined) return;
  thread.replies = thread.replies.filter((post) => post !== reply);
  if (!thread.replies.some((post) => post.userId === reply.userId)) {
    thread.participants = thread.participants.filter((id) => id !== reply.userId);
  }
  for (const [userId, member] of thread.members) {
    const unread = member.lastViewedAt < reply.createAt && member.unreadReplies > 0;
    if (!member.following || userId === reply.userId || !unread) continue;
    member.unreadReplies -= 1;
    if (mentioned.includes(userId) && member.unreadMentions > 0) member.unreadMentions -= 1;
    tellThread(world, thread, userId, { replies: 0, mentions: 0 });
  }
}

function tellThread(world: World, thread: ThreadRow, userId: string, before: Unread): void {
  if (!world.generation.collapsedThreads) return;
  const wire = wireThread(world, thread, userId, true);
  if (wire === undefined) return;
  world.publish(
    "thread_updated",
    {
      previous_unread_mentions: before.mentions,
      previous_unread_replies: before.replies,
      thread: JSON.stringify(wire),
    },
    { userId },
  );
}

/** A thread as one of its followers reads it; `extended` names the participants in full. */
export function wireThread(
  world: World,
  thread: ThreadRow,
  userId: string,
  extended: boolean,
  listed = false,
): Record<string, unknown> | undefined {
  const root = world.posts.get(thread.rootId);
  const member = thread.members.get(userId);
  if (root === undefined || member === undefined) return undefined;
  const post = wirePost(world, root, { bare: true });
  if (listed) post["remote_id"] = "";
  return {
    id: thread.rootId,
    reply_count: thread.replies.length,
    last_reply_at: thread.lastReplyAt,
    last_viewed_at: member.lastViewedAt,
    participants: thread.participants.flatMap((id) => {
      const user = world.users.get(id);
      if (user === undefined) return [];
      return [extended ? wireUser(user) : wireUserIdOnly(id)];
    }),
    post,
    unread_replies: member.unreadReplies,
    unread_mentions: member.unreadMentions,
    is_urgent: false,
    delete_at: 0,
  };
}

/** Notes that the user has read the thread up to `at`. */
export function markThreadRead(
  world: World,
  thread: ThreadRow,
  userId: string,
  at: number,
  mentionedBy: (post: PostRow) => readonly string[],
): void {
  const member = follow(thread, userId);
  const before = { replies: member.unreadReplies, mentions: member.unreadMentions };
  const unread = thread.replies.filter((post) => post.createAt > at && post.userId !== userId);
  member.lastViewedAt = at;
  member.unreadReplies = unread.length;
  member.unreadMentions = unread.filter((post) => mentionedBy(post).includes(userId)).length;
  if (!world.generation.collapsedThreads) return;
  world.publish(
    "thread_read_changed",
    {
      thread_id: thread.rootId,
      timestamp: at,
      unread_mentions: member.unreadMentions,
      unread_replies: member.unreadReplies,
      previous_unread_mentions: before.mentions,
      previous_unread_replies: before.replies,
    },
    { userId },
  );
}
