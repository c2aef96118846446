import { asRecord, asText, asTexts } from "../parse.ts";
import { addReaction, removeReaction, wireReaction } from "../reactions.ts";
import { Refusal, refuse } from "../refusal.ts";
import { type Call, ok, type Route, type RouteContext } from "../route.ts";
import type { PostRow } from "../rows.ts";

/** Adding, removing and listing reactions. */
export const reactionRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/reactions",
    run(call, context) {
      const body = asRecord(call.json);
      if (body === undefined) return refuse.bodyParam("reaction");
      if (body["user_id"] !== call.user.id) return refuse.permission();
      const post = readable(call, context, asText(body["post_id"]) ?? "");
      if (post === undefined) return refuse.permission();
      const emoji = asText(body["emoji_name"]) ?? "";
      const made = addReaction(context.world, post, call.user.id, emoji);
      return made instanceof Refusal ? made : { json: wireReaction(context.world, made) };
    },
  },
  {
    method: "DELETE",
    path: "/users/:user_id/posts/:post_id/reactions/:emoji_name",
    run(call, context) {
      const post = readable(call, context, call.param("post_id"));
      if (post === undefined || call.param("user_id") !== call.user.id) return refuse.permission();
      removeReaction(context.world, post, call.user.id, call.param("emoji_name"));
      return ok;
    },
  },
  {
    method: "GET",
    path: "/posts/:post_id/reactions",
    run(call, context) {
      const post = readable(call, context, call.param("post_id"));
      if (post === undefined) return refuse.permission();
      return { json: list(context, post.id) };
    },
  },
  {
    method: "POST",
    path: "/posts/ids/reactions",
    run(call, context) {
      const ids = asTexts(call.json);
      if (ids === undefined) return refuse.bodyParam("post_ids");
      if (ids.some((id) => readable(call, context, id) === undefined)) return refuse.permission();
      return { json: Object.fromEntries(ids.map((id) => [id, list(context, id)])) };
    },
  },
];

function readable(call: Call, { world }: RouteContext, postId: string): PostRow | undefined {
  const post = world.posts.get(postId);
  if (post === undefined || post.deleteAt > 0) return undefined;
  return world.channels.get(post.channelId)?.members.has(call.user.id) === true ? post : undefined;
}

function list({ world }: RouteContext, postId: string): readonly unknown[] {
  return (world.reactions.get(postId) ?? []).map((reaction) => wireReaction(world, reaction));
}
