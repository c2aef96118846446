import { z } from "zod";
import {
  type FileInfo,
  type Post,
  type Reaction,
  type ServerLimits,
  UNREADABLE_PROPS,
  type User,
} from "../../models/chat.ts";
import { asChannelId, asFileId, asPostId, asUserId } from "../../models/ids.ts";

/** What Mattermost sends, as far as it is read here, and what it becomes. Everything else in it is ignored. */

export const WireReaction = z
  .object({
    user_id: z.string(),
    post_id: z.string(),
    emoji_name: z.string(),
    create_at: z.number().catch(0),
  })
  .transform(
    (r): Reaction => ({
      userId: asUserId(r.user_id),
      postId: asPostId(r.post_id),
      emoji: r.emoji_name,
      createdMs: r.create_at,
    }),
  );

export const WireFile = z
  .object({
    id: z.string(),
    name: z.string(),
    mime_type: z.string().default(""),
    size: z.number().default(0),
  })
  .transform(
    (f): FileInfo => ({
      id: asFileId(f.id),
      name: f.name,
      mime: f.mime_type,
      sizeBytes: f.size,
    }),
  );

const Metadata = z.object({
  reactions: z.array(WireReaction).nullish().catch([]),
  files: z.array(WireFile).nullish().catch([]),
});

/** Mattermost's own limit is 65,535 bytes at the most. */
const MOST_MESSAGE_CHARS = 100_000;

export const WirePost = z
  .object({
    id: z.string(),
    channel_id: z.string(),
    user_id: z.string(),
    root_id: z.string().default(""),
    message: z.string().max(MOST_MESSAGE_CHARS),
    type: z.string().default(""),
    create_at: z.number(),
    edit_at: z.number().default(0),
    delete_at: z.number().default(0),
    props: z.record(z.string(), z.unknown()).nullish().catch(UNREADABLE_PROPS),
    metadata: Metadata.nullish().catch(undefined),
  })
  .transform(
    (p): Post => ({
      id: asPostId(p.id),
      channelId: asChannelId(p.channel_id),
      userId: asUserId(p.user_id),
      ...(p.root_id !== "" && { rootId: asPostId(p.root_id) }),
      message: p.message,
      type: p.type,
      createdMs: p.create_at,
      editedMs: p.edit_at,
      deleted: p.delete_at > 0,
      props: p.props ?? {},
      files: p.metadata?.files ?? [],
      reactions: p.metadata?.reactions ?? [],
    }),
  );

export const WirePostList = z
  .object({
    order: z.array(z.string()),
    posts: z.record(z.string(), z.unknown()),
  })
  .transform(({ order, posts }) => ({
    /** In the server's order. */
    listed: order.flatMap((id) => WirePost.safeParse(posts[id]).data ?? []),
    all: Object.values(posts).flatMap((raw) => WirePost.safeParse(raw).data ?? []),
    /** How many the server listed, those that could not be read included: a page is full or it is not. */
    count: order.length,
  }));

export const WireUser = z
  .object({
    id: z.string(),
    username: z.string(),
    is_bot: z.boolean().default(false),
    delete_at: z.number().default(0),
  })
  .transform(
    (u): User => ({
      id: asUserId(u.id),
      username: u.username,
      isBot: u.is_bot,
      deactivated: u.delete_at > 0,
    }),
  );

/** A setting that is empty or missing is no zero. */
const numberOr = (fallback: number) =>
  z.string().trim().min(1).pipe(z.coerce.number()).catch(fallback);

const MAX_POST_CHARS = 16_383;
const MAX_FILE_BYTES = 50 * 1024 * 1024;

/** The client configuration has strings only, and which of them depends on the server's version. */
export const WireConfig = z
  .object({
    Version: z.string().catch(""),
    SiteURL: z.string().catch(""),
    MaxPostSize: numberOr(MAX_POST_CHARS),
    MaxFileSize: numberOr(MAX_FILE_BYTES),
    PostEditTimeLimit: numberOr(-1),
  })
  .transform(
    (c): ServerLimits => ({
      version: c.Version,
      siteUrl: c.SiteURL.replace(/\/+$/, ""),
      maxPostChars: c.MaxPostSize > 0 ? c.MaxPostSize : MAX_POST_CHARS,
      maxFileBytes: c.MaxFileSize > 0 ? c.MaxFileSize : MAX_FILE_BYTES,
      postEditLimitSeconds: c.PostEditTimeLimit,
    }),
  );
