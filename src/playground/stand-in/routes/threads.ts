import { mentionedIn } from "../mentions.ts";
import { asCount } from "../parse.ts";
import { refuse } from "../refusal.ts";
import { type Answer, type Call, ok, type Route, type RouteContext } from "../route.ts";
import type { PostRow, ThreadRow } from "../rows.ts";
import { follow, markThreadRead, openThread, wireThread } from "../threads.ts";
import type { World } from "../world.ts";

const threads = "/users/:user_id/teams/:team_id/threads";

/** The threads that a user follows, and what is unread in them. */
export const threadRoutes: readonly Route[] = [
  { method: "GET", path: threads, run: mine(list) },
  {
    method: "GET",
    path: `${threads}/:thread_id`,
    run: mine((call, { world }) => {
      const thread = world.threads.get(call.param("thread_id"));
      const extended = call.query.get("extended") === "true";
      const wire =
        thread === undefined ? undefined : wireThread(world, thread, call.user.id, extended, true);
      return wire === undefined ? refuse.noPost() : { json: wire };
    }),
  },
  {
    method: "PUT",
    path: `${threads}/:thread_id/read/:timestamp`,
    run: mine((call, { world }) => {
      const thread = world.threads.get(call.param("thread_id"));
      if (thread === undefined) return refuse.noPost();
      const at = asCount(call.param("timestamp"), 0);
      markThreadRead(world, thread, call.user.id, at, (post) => mentioned(world, post));
      return { json: wireThread(world, thread, call.user.id, false, true) };
    }),
  },
  { method: "PUT", path: `${threads}/:thread_id/following`, run: mine(setFollowing(true)) },
  { method: "DELETE", path: `${threads}/:thread_id/following`, run: mine(setFollowing(false)) },
];

function mine(run: (call: Call, context: RouteContext) => Answer): Route["run"] {
  return (call, context) => {
    if (call.param("user_id") !== call.user.id) return refuse.permission();
    return run(call, context);
  };
}

function mentioned(world: World, post: PostRow): readonly string[] {
  const channel = world.channels.get(post.channelId);
  return channel === undefined ? [] : mentionedIn(world, channel, post);
}

function list(call: Call, { world }: RouteContext): Answer {
  const userId = call.user.id;
  const followed = [...world.threads.values()].filter(
    (thread) => thread.members.get(userId)?.following === true,
  );
  const unread = followed.filter((thread) => unreadReplies(thread, userId) > 0);
  const asked = call.query.get("unread") === "true" ? unread : followed;
  const perPage = asCount(call.query.get("per_page"), 30);
  const start = asCount(call.query.get("page"), 0) * perPage;
  const page = asked
    .toSorted((a, b) => b.lastReplyAt - a.lastReplyAt)
    .slice(start, start + perPage);
  const extended = call.query.get("extended") === "true";
  return {
    json: {
      total: followed.length,
      total_unread_threads: unread.length,
      total_unread_mentions: followed.reduce(
        (sum, thread) => sum + (thread.members.get(userId)?.unreadMentions ?? 0),
        0,
      ),
      total_unread_urgent_mentions: 0,
      threads: page.map((thread) => wireThread(world, thread, userId, extended, true)),
    },
  };
}

function unreadReplies(thread: ThreadRow, userId: string): number {
  return thread.members.get(userId)?.unreadReplies ?? 0;
}

function setFollowing(state: boolean): (call: Call, context: RouteContext) => Answer {
  return (call, { world }) => {
    const root = world.posts.get(call.param("thread_id"));
    if (root === undefined || root.rootId !== "") return refuse.noPost();
    const thread = openThread(world, root);
    follow(thread, call.user.id).following = state;
    world.publish(
      "thread_follow_changed",
      { thread_id: root.id, state, reply_count: thread.replies.length },
      { userId: call.user.id },
    );
    return ok;
  };
}
