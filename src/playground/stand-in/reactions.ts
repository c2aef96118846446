import { type Refusal, refuse } from "./refusal.ts";
import type { PostRow, ReactionRow } from "./rows.ts";
import type { World } from "./world.ts";

/** A reaction as clients read it. */
export function wireReaction(world: World, reaction: ReactionRow): Record<string, unknown> {
  const wire: Record<string, unknown> = {
    user_id: reaction.userId,
    post_id: reaction.postId,
    emoji_name: reaction.emojiName,
    create_at: reaction.createAt,
    update_at: reaction.updateAt,
    delete_at: 0,
    remote_id: "",
  };
  if (world.generation.reactionChannelId) wire["channel_id"] = reaction.channelId;
  return wire;
}

/**
 * Whether the server knows an emoji of this name. No table is kept: every well-formed name is
 * known, with or without a skin tone, except those that begin with `no_such_emoji`.
 */
function isEmoji(name: string): boolean {
  return /^[a-zA-Z0-9_+-]{1,64}$/.test(name) && !name.startsWith("no_such_emoji");
}

/** Adds the user's reaction, or touches the same one if it is there; all members are told. */
export function addReaction(
  world: World,
  post: PostRow,
  userId: string,
  emojiName: string,
): ReactionRow | Refusal {
  if (!/^[a-zA-Z0-9_+-]{1,64}$/.test(emojiName)) return refuse.reaction();
  if (world.generation.unknownEmojiRefused && !isEmoji(emojiName)) return refuse.emoji();
  const now = world.now();
  const list = world.reactions.get(post.id) ?? [];
  world.reactions.set(post.id, list);
  let reaction = list.find((each) => each.userId === userId && each.emojiName === emojiName);
  if (reaction === undefined) {
    reaction = {
      userId,
      postId: post.id,
      emojiName,
      createAt: now,
      updateAt: now,
      channelId: post.channelId,
    };
    list.push(reaction);
  } else {
    reaction.updateAt = now;
  }
  touch(world, post, now);
  tell(world, "reaction_added", post, wireReaction(world, reaction));
  return reaction;
}

/** Removes the user's reaction if it is there; all members are told either way. */
export function removeReaction(
  world: World,
  post: PostRow,
  userId: string,
  emojiName: string,
): void {
  const now = world.now();
  const list = world.reactions.get(post.id) ?? [];
  world.reactions.set(
    post.id,
    list.filter((each) => each.userId !== userId || each.emojiName !== emojiName),
  );
  touch(world, post, now);
  const gone = { userId, postId: post.id, emojiName, createAt: 0, updateAt: now, channelId: "" };
  tell(world, "reaction_removed", post, wireReaction(world, gone));
}

function touch(world: World, post: PostRow, now: number): void {
  post.hasReactions = (world.reactions.get(post.id) ?? []).length > 0;
  post.updateAt = now;
  post.writtenAs = world.nextWrite();
}

function tell(world: World, event: string, post: PostRow, reaction: unknown): void {
  world.publish(event, { reaction: JSON.stringify(reaction) }, { channelId: post.channelId });
}
