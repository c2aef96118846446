import type { ChannelRow, PostRow, ThreadRow } from "./rows.ts";
import { type PostView, wirePost } from "./wire-post.ts";
import type { World } from "./world.ts";

interface Found {
  /** Newest first, unless the endpoint has an order of its own. */
  readonly order: readonly PostRow[];
  /** Posts that come along without a place in the order. */
  readonly beside?: Iterable<PostRow>;
  readonly next?: string;
  readonly previous?: string;
  readonly view: PostView;
}

/** A list of posts as clients read it. */
export function wireList(world: World, found: Found): Record<string, unknown> {
  const posts: Record<string, unknown> = {};
  for (const post of [...found.order, ...(found.beside ?? [])]) {
    posts[post.id] ??= wirePost(world, post, found.view);
  }
  const wire: Record<string, unknown> = {
    order: found.order.map((post) => post.id),
    posts,
    next_post_id: found.next ?? "",
    prev_post_id: found.previous ?? "",
  };
  if (world.generation.newKeys) {
    Object.assign(wire, { has_next: false, first_inaccessible_post_time: 0 });
  }
  return wire;
}

/** Where a page of a channel lies: from its end, or on one side of a post. */
export type PageQuery = {
  readonly page: number;
  readonly perPage: number;
  readonly skipThreads: boolean;
} & ({ readonly side: "end" } | { readonly side: "after" | "before"; readonly postId: string });

/** One page of a channel, newest first, with the whole threads of what is on it. */
export function channelPage(
  world: World,
  channel: ChannelRow,
  query: PageQuery,
): Record<string, unknown> {
  const { timeline } = channel;
  const skip = query.page * query.perPage;
  const forward = query.side === "after";
  const walk = forward
    ? alive(timeline, firstAfter(timeline, anchor(world, channel, query)), 1)
    : alive(timeline, lastBefore(timeline, anchor(world, channel, query)), -1);
  const found: PostRow[] = [];
  let outer = "";
  let nearer = query.side === "end" ? "" : query.postId;
  let seen = 0;
  for (const post of walk) {
    if (found.length === query.perPage) {
      outer = post.id;
      break;
    }
    if (seen >= skip) found.push(post);
    else nearer = post.id;
    seen += 1;
  }
  const order = forward ? found.reverse() : found;
  return wireList(world, {
    order,
    beside: query.skipThreads ? roots(world, order) : wholeThreads(world, order),
    next: forward ? outer : nearer,
    previous: forward ? nearer : outer,
    view: { replyCount: true },
  });
}

/** Where the walk begins; an id that the server no longer has lies after everything. */
function anchor(world: World, channel: ChannelRow, query: PageQuery): number {
  if (query.side === "end") return Number.POSITIVE_INFINITY;
  const post = world.posts.get(query.postId);
  if (post?.channelId === channel.id) return post.createAt;
  return query.side === "after" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

function* alive(timeline: readonly PostRow[], from: number, step: 1 | -1): Generator<PostRow> {
  for (let at = from; at >= 0 && at < timeline.length; at += step) {
    const post = timeline[at];
    if (post !== undefined && post.deleteAt === 0) yield post;
  }
}

function firstAfter(timeline: readonly PostRow[], createAt: number): number {
  let low = 0;
  let high = timeline.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timeline[middle]?.createAt ?? 0) > createAt) high = middle;
    else low = middle + 1;
  }
  return low;
}

function lastBefore(timeline: readonly PostRow[], createAt: number): number {
  let at = firstAfter(timeline, createAt) - 1;
  while (at >= 0 && timeline[at]?.createAt === createAt) at -= 1;
  return at;
}

function roots(world: World, order: readonly PostRow[]): readonly PostRow[] {
  return order.flatMap((post) => world.posts.get(post.rootId) ?? []);
}

function wholeThreads(world: World, order: readonly PostRow[]): readonly PostRow[] {
  const ids = new Set(order.map((post) => (post.rootId === "" ? post.id : post.rootId)));
  return [...ids].flatMap((id) => {
    const root = world.posts.get(id);
    const replies = world.threads.get(id)?.replies ?? [];
    return root === undefined || root.deleteAt > 0 ? replies : [root, ...replies];
  });
}

/** Everything of a channel that changed after `since`: deleted posts and old versions too. */
export function channelSince(
  world: World,
  channel: ChannelRow,
  since: number,
): Record<string, unknown> {
  const changed = new Set<PostRow>();
  for (const rows of [channel.timeline, channel.versions]) {
    for (const post of rows) if (post.updateAt > since) changed.add(post);
  }
  for (const root of roots(world, [...changed])) changed.add(root);
  const byIdInOneMoment = (a: PostRow, b: PostRow) =>
    b.createAt - a.createAt || (a.id < b.id ? -1 : 1);
  const order = [...changed].sort(byIdInOneMoment).slice(0, 1000);
  return wireList(world, { order, view: { blank: world.generation.blanksDeleted } });
}

/** A whole thread: the root, then the replies in no promised order (the one they were written in). */
export function wholeThread(world: World, root: PostRow): Record<string, unknown> {
  const replies = world.threads.get(root.id)?.replies ?? [];
  const written = replies.toSorted((a, b) => a.writtenAs - b.writtenAs);
  const again = world.generation.rootTwice && replies.length > 0 ? [root] : [];
  return wireList(world, { order: [root, ...written, ...again], view: { replyCount: true } });
}

/** A page of a thread's replies, from one end of the thread or from a moment on. */
export interface ThreadQuery {
  readonly perPage: number;
  readonly up: boolean;
  readonly fromCreateAt: number;
  readonly fromPost: string;
}

/** One page of a thread, the root with it, in the asked direction; `has_next` tells of more. */
export function threadPage(
  world: World,
  root: PostRow,
  thread: ThreadRow | undefined,
  query: ThreadQuery,
): Record<string, unknown> {
  const replies = query.up ? (thread?.replies ?? []).toReversed() : (thread?.replies ?? []);
  const beyond = (post: PostRow) => {
    if (query.fromCreateAt === 0) return true;
    if (post.createAt === query.fromCreateAt && query.fromPost !== "") {
      return query.up ? post.id < query.fromPost : post.id > query.fromPost;
    }
    return query.up ? post.createAt < query.fromCreateAt : post.createAt > query.fromCreateAt;
  };
  const found = replies.filter(beyond);
  const page = found.slice(0, query.perPage);
  const wire = wireList(world, { order: [root, ...page], view: { replyCount: true } });
  if (world.generation.newKeys) wire["has_next"] = found.length > page.length;
  return wire;
}
