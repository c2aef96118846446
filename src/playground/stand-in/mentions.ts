import type { ChannelRow, PostRow } from "./rows.ts";
import type { World } from "./world.ts";

/**
 * Whom a post notifies: in direct and group channels everybody else, in others who is named.
 */
export function mentionedIn(world: World, channel: ChannelRow, post: PostRow): readonly string[] {
  const others = [...channel.members.keys()].filter((id) => id !== post.userId);
  if (channel.type !== "O") return others;
  const named = new Set(
    Array.from(post.message.matchAll(/@([a-z0-9._-]+)/gi), (match) => match[1]?.toLowerCase()),
  );
  if (named.has("all") || named.has("channel")) return others;
  return others.filter((id) => named.has(world.users.get(id)?.username));
}
