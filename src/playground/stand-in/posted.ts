import { hasPicture } from "./files.ts";
import type { ChannelRow, FileRow, PostRow, ThreadRow, UserRow } from "./rows.ts";
import type { World } from "./world.ts";

interface Posted {
  readonly user: UserRow;
  readonly channel: ChannelRow;
  readonly post: PostRow;
  readonly files: readonly FileRow[];
  readonly mentioned: readonly string[];
  readonly thread: ThreadRow | undefined;
  readonly wire: Record<string, unknown>;
}

/** What a `posted` frame says: to all, and beside it to each recipient on its own. */
export function postedData(
  world: World,
  posted: Posted,
): {
  readonly data: Record<string, unknown>;
  readonly own: (userId: string) => Record<string, unknown>;
} {
  const { user, channel, post, files, mentioned, thread } = posted;
  const data: Record<string, unknown> = {
    channel_display_name: channel.type === "D" ? `@${user.username}` : channel.displayName,
    channel_name: channel.name,
    channel_type: channel.type,
    post: JSON.stringify(posted.wire),
    sender_name: post.type.startsWith("system_") ? "System" : `@${user.username}`,
    set_online: true,
    team_id: channel.teamId,
  };
  if (files.length > 0) data["otherFile"] = "true";
  if (hasPicture(files)) data["image"] = "true";
  if (!world.generation.mentionsAreOwn) {
    if (mentioned.length > 0) data["mentions"] = JSON.stringify(mentioned);
    return { data, own: () => ({}) };
  }
  const own = (userId: string): Record<string, unknown> => {
    const keys: Record<string, unknown> = {};
    const follows = thread?.members.get(userId)?.following === true;
    if (follows && userId !== user.id) keys["followers"] = JSON.stringify([userId]);
    if (mentioned.includes(userId)) keys["mentions"] = JSON.stringify([userId]);
    return keys;
  };
  return { data, own };
}
