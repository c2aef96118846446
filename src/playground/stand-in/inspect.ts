import type { PostsFilter, StandInPost, StandInReaction } from "./api.ts";
import type { PostRow } from "./rows.ts";
import type { World } from "./world.ts";

/** Copies of the stored posts, oldest first. */
export function storedPosts(world: World, filter: PostsFilter = {}): StandInPost[] {
  const found = candidates(world, filter).filter(
    (row) =>
      (filter.channelId === undefined || row.channelId === filter.channelId) &&
      (filter.rootId === undefined || row.rootId === filter.rootId) &&
      (filter.userId === undefined || row.userId === filter.userId) &&
      (filter.includeDeleted === true || row.deleteAt === 0),
  );
  return found.map(storedPost);
}

function candidates(world: World, filter: PostsFilter): readonly PostRow[] {
  const { rootId, includeDeleted = false } = filter;
  if (rootId !== undefined && rootId !== "" && !includeDeleted) {
    return world.threads.get(rootId)?.replies ?? [];
  }
  const channels = [...world.channels.values()].filter(
    (channel) => filter.channelId === undefined || channel.id === filter.channelId,
  );
  const rows = channels.flatMap((channel) =>
    includeDeleted ? [...channel.timeline, ...channel.versions] : channel.timeline,
  );
  const inOrder = channels.length === 1 && !includeDeleted;
  return inOrder ? rows : rows.sort((a, b) => a.createAt - b.createAt);
}

/** A copy of one stored row. */
export function storedPost(row: PostRow): StandInPost {
  return {
    id: row.id,
    channelId: row.channelId,
    rootId: row.rootId,
    userId: row.userId,
    message: row.message,
    props: row.props,
    type: row.type,
    fileIds: row.fileIds,
    isPinned: row.isPinned,
    createAt: row.createAt,
    updateAt: row.updateAt,
    editAt: row.editAt,
    deleteAt: row.deleteAt,
    originalId: row.originalId,
  };
}

/** The reactions of a post, in the order in which they were added. */
export function storedReactions(world: World, postId: string): StandInReaction[] {
  return (world.reactions.get(postId) ?? []).map((reaction) => ({
    userId: reaction.userId,
    username: world.users.get(reaction.userId)?.username ?? "",
    emoji: reaction.emojiName,
  }));
}

/** The latest posts in a form for people. */
export function describePosts(world: World, count: number): string {
  const lines = storedPosts(world)
    .slice(-count)
    .map((post) => {
      const name = world.users.get(post.userId)?.username ?? "?";
      const place = post.rootId === "" ? "root" : `in ${post.rootId.slice(0, 6)}`;
      const emojis = storedReactions(world, post.id).map((each) => ` :${each.emoji}:`);
      const text = JSON.stringify(post.message.slice(0, 300));
      return `  ${post.id.slice(0, 6)} ${place} ${name}: ${text}${emojis.join("")}`;
    });
  return lines.join("\n");
}
