import { attachmentProps } from "../attachments.ts";
import { wireFile } from "../files.ts";
import { asCount, asRecord, asText, asTexts } from "../parse.ts";
import { threadPage, wholeThread, wireList } from "../post-lists.ts";
import {
  checkNewPost,
  checkText,
  createPost,
  deletePost,
  editPost,
  type NewPost,
  type PostChange,
  viewOwnChannel,
} from "../posts.ts";
import { Refusal, refuse } from "../refusal.ts";
import { type Answer, type Call, ok, type Route, type RouteContext } from "../route.ts";
import type { PostRow, Props, UserRow } from "../rows.ts";
import { wirePost } from "../wire-post.ts";
import type { World } from "../world.ts";

/** Creating, reading, changing and deleting posts. */
export const postRoutes: readonly Route[] = [
  { method: "POST", path: "/posts", run: create },
  { method: "POST", path: "/posts/ephemeral", run: () => refuse.permission() },
  { method: "POST", path: "/posts/ids", run: readMany },
  {
    method: "GET",
    path: "/posts/:post_id",
    run: reading((post, _call, { world }) => {
      return { json: wirePost(world, post, { replyCount: world.generation.replyCountOfOne }) };
    }),
  },
  { method: "GET", path: "/posts/:post_id/thread", run: reading(thread) },
  { method: "PUT", path: "/posts/:post_id/patch", run: changing(patch) },
  { method: "PUT", path: "/posts/:post_id", run: changing(replace) },
  {
    method: "DELETE",
    path: "/posts/:post_id",
    run: changing((post, call, { world }) => {
      deletePost(world, post, call.user.id);
      return ok;
    }),
  },
  { method: "POST", path: "/posts/:post_id/pin", run: reading(pin(true)) },
  { method: "POST", path: "/posts/:post_id/unpin", run: reading(pin(false)) },
  { method: "GET", path: "/posts/:post_id/edit_history", run: reading(history) },
  {
    method: "GET",
    path: "/posts/:post_id/files/info",
    run: reading((post, _call, { world }) => {
      const files = post.fileIds.flatMap((id) => world.files.get(id) ?? []);
      return { json: files.map((file) => wireFile(world, file)) };
    }),
  },
];

type PostRun = (post: PostRow, call: Call, context: RouteContext) => Answer;

/** A call on a post that the caller may read. */
function reading(run: PostRun): Route["run"] {
  return (call, context) => {
    const post = context.world.posts.get(call.param("post_id"));
    if (post === undefined || post.deleteAt > 0) return refuse.noPost();
    if (!mayRead(context.world, post, call.user)) return refuse.permission();
    return run(post, call, context);
  };
}

/** A call that only the post's author may make; a post that is gone is refused alike. */
function changing(run: PostRun): Route["run"] {
  return (call, context) => {
    const post = context.world.posts.get(call.param("post_id"));
    const mine = post?.userId === call.user.id && mayRead(context.world, post, call.user);
    if (post === undefined || post.deleteAt > 0 || !mine) return refuse.permission();
    return run(post, call, context);
  };
}

function mayRead(world: World, post: PostRow, user: UserRow): boolean {
  return world.channels.get(post.channelId)?.members.has(user.id) === true;
}

async function create(call: Call, context: RouteContext): Promise<Answer> {
  const given = readNewPost(call.json);
  if (given === undefined) return refuse.bodyParam("post");
  const { world, deduplication } = context;
  const { pendingPostId } = given;
  if (pendingPostId !== "") {
    const known = deduplication.enter(pendingPostId);
    if (known !== undefined) return again(call, context, known.postId);
  }
  await context.creationDelay();
  const channel = checkNewPost(world, call.user, given);
  if (channel instanceof Refusal) {
    deduplication.failed(pendingPostId);
    return channel;
  }
  const post = createPost(world, call.user, channel, given);
  if (pendingPostId !== "") deduplication.made(pendingPostId, post.id);
  return { status: 201, json: wirePost(world, post, { replyCount: true, pendingPostId }) };
}

function again(call: Call, { world }: RouteContext, postId: string | undefined): Answer {
  const post = postId === undefined ? undefined : world.posts.get(postId);
  const channel = post === undefined ? undefined : world.channels.get(post.channelId);
  if (post === undefined || channel === undefined) return refuse.pending();
  viewOwnChannel(world, channel, call.user, post.rootId);
  const view = { bare: true, replyCount: world.generation.replyCountOfOne };
  return { status: 201, json: wirePost(world, post, view) };
}

function readNewPost(json: unknown): NewPost | undefined {
  const body = asRecord(json);
  if (body === undefined) return undefined;
  return {
    channelId: asText(body["channel_id"]) ?? "",
    rootId: asText(body["root_id"]) ?? "",
    message: asText(body["message"]) ?? "",
    props: attachmentProps(asRecord(body["props"]) ?? {}),
    fileIds: asTexts(body["file_ids"]) ?? [],
    pendingPostId: asText(body["pending_post_id"]) ?? "",
  };
}

function readMany(call: Call, { world }: RouteContext): Answer {
  const ids = asTexts(call.json);
  if (ids === undefined || ids.length === 0) return refuse.bodyParam("post_ids");
  const posts = ids.flatMap((id) => world.posts.get(id) ?? []);
  const shown = posts.filter((post) => post.deleteAt === 0 && mayRead(world, post, call.user));
  return { json: shown.map((post) => wirePost(world, post)) };
}

function thread(post: PostRow, call: Call, { world }: RouteContext): Answer {
  const root = world.posts.get(post.rootId) ?? post;
  const perPage = asCount(call.query.get("perPage"), 0);
  if (perPage === 0) return { json: wholeThread(world, root) };
  const query = {
    perPage,
    up: call.query.get("direction") === "up",
    fromCreateAt: asCount(call.query.get("fromCreateAt"), 0),
    fromPost: call.query.get("fromPost") ?? "",
  };
  return { json: threadPage(world, root, world.threads.get(root.id), query) };
}

function patch(post: PostRow, call: Call, { world }: RouteContext): Answer {
  const body = asRecord(call.json);
  if (body === undefined) return refuse.bodyParam("post");
  const message = asText(body["message"]);
  const props = asRecord(body["props"]);
  const fileIds = asTexts(body["file_ids"]);
  return change(world, post, {
    ...(message === undefined ? {} : { message }),
    ...(props === undefined ? {} : { props: attachmentProps(props) }),
    ...(typeof body["is_pinned"] === "boolean" ? { isPinned: body["is_pinned"] } : {}),
    ...(fileIds === undefined ? {} : { fileIds }),
    ...(typeof body["has_reactions"] === "boolean" ? { hasReactions: body["has_reactions"] } : {}),
  });
}

function replace(post: PostRow, call: Call, { world }: RouteContext): Answer {
  const body = asRecord(call.json);
  if (body === undefined) return refuse.bodyParam("post");
  if (body["id"] !== post.id) return refuse.bodyParam("id");
  const props: Props = attachmentProps(asRecord(body["props"]) ?? {});
  return change(world, post, {
    message: asText(body["message"]) ?? "",
    props,
    isPinned: body["is_pinned"] === true,
    fileIds: asTexts(body["file_ids"]) ?? [],
    hasReactions: body["has_reactions"] === true,
  });
}

function change(world: World, post: PostRow, given: PostChange): Answer {
  const limit = world.limits.postEditSeconds;
  const rewords = given.message !== undefined && given.message !== post.message;
  if (limit !== -1 && rewords && world.now() > post.createAt + limit * 1000) {
    return refuse.editTime(limit);
  }
  const refused = checkText(world, given.message ?? "", given.props ?? {});
  if (refused !== undefined) return refused;
  editPost(world, post, given);
  return { json: wirePost(world, post, { replyCount: true }) };
}

function pin(isPinned: boolean): PostRun {
  return (post, _call, { world }) => {
    if (post.isPinned !== isPinned) editPost(world, post, { isPinned });
    return ok;
  };
}

function history(post: PostRow, _call: Call, { world }: RouteContext): Answer {
  const versions = world.channels.get(post.channelId)?.versions ?? [];
  const mine = versions.filter((version) => version.originalId === post.id);
  mine.sort((a, b) => b.editAt - a.editAt || a.writtenAs - b.writtenAs);
  return { json: mine.map((version) => wirePost(world, version, { bare: true })) };
}

/** The pinned posts of a channel, newest first. */
export const pinnedRoute: Route = {
  method: "GET",
  path: "/channels/:channel_id/pinned",
  run(call, { world }) {
    const channel = world.channels.get(call.param("channel_id"));
    if (channel?.members.has(call.user.id) !== true) return refuse.permission();
    const order = channel.timeline.filter((post) => post.isPinned && post.deleteAt === 0);
    return { json: wireList(world, { order: order.reverse(), view: { replyCount: true } }) };
  },
};
