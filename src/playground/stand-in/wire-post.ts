import { wireFile } from "./files.ts";
import { wireReaction } from "./reactions.ts";
import type { PostRow } from "./rows.ts";
import type { World } from "./world.ts";

/** How a post is shown at one place. */
export interface PostView {
  /** Tell the thread's reply count; else 0 stands there. */
  readonly replyCount?: boolean;
  /** Leave `metadata` out. */
  readonly bare?: boolean;
  /** Told back to the creator, and in `posted`, only. */
  readonly pendingPostId?: string;
  /** Blank what a deleted row said. */
  readonly blank?: boolean;
}

/** A post as clients read it; what differs between the server's endpoints is in `view`. */
export function wirePost(
  world: World,
  post: PostRow,
  view: PostView = {},
): Record<string, unknown> {
  const blank = view.blank === true && post.deleteAt > 0;
  const wire: Record<string, unknown> = {
    id: post.id,
    create_at: post.createAt,
    update_at: post.updateAt,
    edit_at: post.editAt,
    delete_at: post.deleteAt,
    is_pinned: post.isPinned,
    user_id: post.userId,
    channel_id: post.channelId,
    root_id: post.rootId,
  };
  if (world.generation.parentId) wire["parent_id"] = post.rootId;
  wire["original_id"] = post.originalId;
  wire["message"] = blank ? "" : post.message;
  wire["type"] = post.type;
  wire["props"] = post.props;
  wire["hashtags"] = "";
  if (post.fileIds.length > 0 && !blank) wire["file_ids"] = post.fileIds;
  wire["pending_post_id"] = view.pendingPostId ?? "";
  if (post.hasReactions) wire["has_reactions"] = true;
  wire["reply_count"] = view.replyCount === true ? replyCount(world, post) : 0;
  wire["last_reply_at"] = 0;
  wire["participants"] = null;
  if (view.bare !== true) wire["metadata"] = blank ? {} : metadata(world, post);
  return wire;
}

function replyCount(world: World, post: PostRow): number {
  return world.threads.get(post.rootId === "" ? post.id : post.rootId)?.replies.length ?? 0;
}

function metadata(world: World, post: PostRow): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  if (Array.isArray(post.props["attachments"])) {
    result["embeds"] = [{ type: "message_attachment" }];
  }
  const files = post.fileIds.flatMap((id) => world.files.get(id) ?? []);
  if (files.length > 0) result["files"] = files.map((file) => wireFile(world, file));
  if (post.hasReactions) {
    const reactions = world.reactions.get(post.id) ?? [];
    result["reactions"] = reactions.map((reaction) => wireReaction(world, reaction));
  }
  return result;
}
