import { markViewed } from "./channels.ts";
import { attachable } from "./files.ts";
import { newId } from "./ids.ts";
import { mentionedIn } from "./mentions.ts";
import { postedData } from "./posted.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { ChannelRow, FileRow, PostRow, Props, UserRow } from "./rows.ts";
import { setOnline } from "./statuses.ts";
import { countReply, openThread, uncountReply } from "./threads.ts";
import { wirePost } from "./wire-post.ts";
import type { World } from "./world.ts";

export interface NewPost {
  readonly channelId: string;
  readonly rootId: string;
  readonly message: string;
  readonly props: Props;
  readonly fileIds: readonly string[];
  readonly pendingPostId: string;
  readonly type?: string;
}

/** Checks a post that a user wants to make. */
export function checkNewPost(world: World, user: UserRow, given: NewPost): ChannelRow | Refusal {
  const channel = world.channels.get(given.channelId);
  if (channel?.members.has(user.id) !== true) return refuse.permission();
  if (given.rootId !== "") {
    const root = world.posts.get(given.rootId);
    if (root === undefined || root.deleteAt > 0 || root.rootId !== "") return refuse.rootId();
    if (root.channelId !== channel.id) return refuse.rootChannel();
  }
  if (given.fileIds.length > 10) return refuse.fileIds();
  return checkText(world, given.message, given.props) ?? channel;
}

/** Checks what a post may say. */
export function checkText(world: World, message: string, props: Props): Refusal | undefined {
  const limit = world.limits.postChars;
  // The server counts code points; text of few UTF-16 units needs no counting.
  if (message.length > limit && [...message].length > limit) return refuse.message();
  if (JSON.stringify(props).length > world.generation.maxPropsChars) return refuse.props();
  return undefined;
}

/** Stores a checked post and tells everyone whom it concerns. */
export function createPost(
  world: World,
  user: UserRow,
  channel: ChannelRow,
  given: NewPost,
): PostRow {
  const now = world.now();
  const files = attachable(world, given.fileIds, { userId: user.id, channelId: channel.id });
  const post: PostRow = {
    id: newId(),
    createAt: now,
    updateAt: now,
    editAt: 0,
    deleteAt: 0,
    isPinned: false,
    userId: user.id,
    channelId: channel.id,
    rootId: given.rootId,
    originalId: "",
    message: given.message,
    type: given.type ?? "",
    props: user.isBot ? { ...given.props, from_bot: "true" } : given.props,
    fileIds: files.map((file) => file.id),
    hasReactions: false,
    writtenAs: world.nextWrite(),
  };
  for (const file of files) file.postId = post.id;
  world.posts.set(post.id, post);
  insert(channel.timeline, post);
  const mentioned = mentionedIn(world, channel, post);
  countInChannel(channel, post, mentioned);
  announce(world, { user, channel, post, files, mentioned, pendingPostId: given.pendingPostId });
  if (!user.isBot && post.props["from_webhook"] !== "true") {
    viewOwnChannel(world, channel, user, post.rootId);
  }
  return post;
}

/** The author of a post has seen its channel; with collapsed threads a reply does not say so. */
export function viewOwnChannel(
  world: World,
  channel: ChannelRow,
  user: UserRow,
  rootId: string,
): void {
  if (!world.generation.collapsedThreads || rootId === "") markViewed(world, channel, user.id);
}

interface Announced {
  readonly user: UserRow;
  readonly channel: ChannelRow;
  readonly post: PostRow;
  readonly files: readonly FileRow[];
  readonly mentioned: readonly string[];
  readonly pendingPostId: string;
}

function announce(world: World, told: Announced): void {
  const { user, channel, post, mentioned } = told;
  setOnline(world, user);
  const root = world.posts.get(post.rootId);
  const thread = root === undefined ? undefined : openThread(world, root);
  const tellFollowers =
    thread === undefined ? undefined : countReply(world, thread, post, mentioned);
  if (root !== undefined) {
    root.updateAt = Math.max(root.updateAt, post.createAt);
    root.writtenAs = world.nextWrite();
  }
  const wire = wirePost(world, post, { replyCount: true, pendingPostId: told.pendingPostId });
  const { data, own } = postedData(world, { ...told, thread, wire });
  world.publish("posted", data, { channelId: channel.id, own });
  tellFollowers?.();
}

function countInChannel(channel: ChannelRow, post: PostRow, mentioned: readonly string[]): void {
  const isRoot = post.rootId === "";
  channel.totalMsgCount += 1;
  channel.lastPostAt = post.createAt;
  if (isRoot) {
    channel.totalMsgCountRoot += 1;
    channel.lastRootPostAt = post.createAt;
  }
  for (const id of mentioned) {
    const member = channel.members.get(id);
    if (member === undefined) continue;
    member.mentionCount += 1;
    if (isRoot) member.mentionCountRoot += 1;
  }
}

/** What an edit may change; a key that is absent stays as it is. */
export interface PostChange {
  readonly message?: string;
  readonly props?: Props;
  readonly isPinned?: boolean;
  readonly fileIds?: readonly string[];
  readonly hasReactions?: boolean;
}

/** Changes a post, keeps the old version as a row of its own, and tells the members. */
export function editPost(world: World, post: PostRow, change: PostChange): void {
  const now = world.now();
  const channel = world.channels.get(post.channelId);
  channel?.versions.push({
    ...post,
    id: newId(),
    originalId: post.id,
    updateAt: now,
    deleteAt: now,
    writtenAs: world.nextWrite(),
  });
  const before = { ...post };
  Object.assign(post, change);
  const attachments = (props: Props) => JSON.stringify(props["attachments"] ?? null);
  const reads =
    before.message !== post.message ||
    attachments(before.props) !== attachments(post.props) ||
    before.fileIds.join() !== post.fileIds.join();
  if (reads) post.editAt = now;
  post.updateAt = now;
  post.writtenAs = world.nextWrite();
  const root = world.posts.get(post.rootId);
  if (root !== undefined) {
    root.updateAt = now;
    root.writtenAs = world.nextWrite();
  }
  world.publish(
    "post_edited",
    { post: JSON.stringify(wirePost(world, post, { replyCount: true })) },
    { channelId: post.channelId },
  );
}

/** Deletes a post, with a root its whole thread, and tells the members. */
export function deletePost(world: World, post: PostRow, byUserId: string): void {
  const channel = world.channels.get(post.channelId);
  if (channel === undefined) return;
  const { sanitizedDeletion } = world.generation;
  const shown = wirePost(world, post, { bare: sanitizedDeletion, replyCount: sanitizedDeletion });
  const now = world.now();
  for (const gone of [post, ...(world.threads.get(post.id)?.replies ?? [])]) {
    gone.deleteAt = gone.updateAt = now;
    gone.props = { ...gone.props, deleteBy: byUserId };
    gone.writtenAs = world.nextWrite();
    for (const id of gone.fileIds) world.files.delete(id);
  }
  const marks = sanitizedDeletion ? { contains_sanitized_data: true } : {};
  world.publish(
    "post_deleted",
    { post: JSON.stringify(shown) },
    { channelId: post.channelId, marks },
  );
  if (post.rootId === "") world.threads.delete(post.id);
  else uncountReply(world, post, mentionedIn(world, channel, post));
}

function insert(timeline: PostRow[], post: PostRow): void {
  let at = timeline.length;
  while (at > 0 && (timeline[at - 1]?.createAt ?? 0) > post.createAt) at -= 1;
  timeline.splice(at, 0, post);
}
