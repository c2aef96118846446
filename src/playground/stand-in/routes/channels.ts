import { directChannel, groupChannel, markViewed, wireChannel } from "../channels.ts";
import { asCount, asRecord, asText, asTexts } from "../parse.ts";
import { channelPage, channelSince, type PageQuery } from "../post-lists.ts";
import { createPost } from "../posts.ts";
import { refuse } from "../refusal.ts";
import type { Answer, Call, Route, RouteContext } from "../route.ts";
import type { ChannelMember, ChannelRow, UserRow } from "../rows.ts";
import type { World } from "../world.ts";

/** Channels, their posts, and what is unread in them. */
export const channelRoutes: readonly Route[] = [
  { method: "POST", path: "/channels/direct", run: openDirect },
  { method: "POST", path: "/channels/group", run: openGroup },
  {
    method: "GET",
    path: "/channels/:channel_id",
    run: inChannel((channel, _call, { world }) => ({ json: wireChannel(world, channel) })),
  },
  { method: "PUT", path: "/channels/:channel_id/patch", run: inChannel(patch) },
  { method: "GET", path: "/channels/:channel_id/posts", run: inChannel(posts) },
  {
    method: "GET",
    path: "/channels/:channel_id/members",
    run: inChannel((channel) => ({
      json: [...channel.members].map(([id, member]) => wireMember(channel, id, member)),
    })),
  },
  {
    method: "GET",
    path: "/channels/:channel_id/members/:user_id",
    run: inChannel((channel, call) => {
      const id = call.param("user_id");
      const member = channel.members.get(id);
      return member === undefined ? refuse.user() : { json: wireMember(channel, id, member) };
    }),
  },
  {
    method: "POST",
    path: "/channels/members/:user_id/view",
    run(call, { world }) {
      const channel = world.channels.get(asText(asRecord(call.json)?.["channel_id"]) ?? "");
      if (call.param("user_id") !== call.user.id) return refuse.permission();
      if (channel !== undefined) markViewed(world, channel, call.user.id);
      return { json: { status: "OK", last_viewed_at_times: {} } };
    },
  },
  { method: "GET", path: "/users/:user_id/channels/:channel_id/unread", run: inChannel(unread) },
  {
    method: "GET",
    path: "/users/:user_id/channels",
    run(call, context) {
      if (!context.world.generation.channelsOfUser) {
        return refuse.route("/api/v4/users/me/channels");
      }
      return channelsOf(call, context);
    },
  },
  { method: "GET", path: "/users/:user_id/teams/:team_id/channels", run: channelsOf },
];

type ChannelRun = (channel: ChannelRow, call: Call, context: RouteContext) => Answer;

function inChannel(run: ChannelRun): Route["run"] {
  return (call, context) => {
    const channel = context.world.channels.get(call.param("channel_id"));
    if (channel === undefined) return refuse.channel();
    if (!channel.members.has(call.user.id)) return refuse.permission();
    return run(channel, call, context);
  };
}

function openDirect(call: Call, { world }: RouteContext): Answer {
  const users = named(world, call.json);
  const [first, second] = users ?? [];
  if (users?.length !== 2 || first === undefined || second === undefined) {
    return refuse.bodyParam("user_ids");
  }
  if (!users.includes(call.user)) return refuse.permission();
  const other = first === call.user ? second : first;
  return { status: 201, json: wireChannel(world, directChannel(world, call.user, other)) };
}

function openGroup(call: Call, { world }: RouteContext): Answer {
  const users = named(world, call.json);
  if (users === undefined) return refuse.bodyParam("user_ids");
  const all = [...new Set([call.user, ...users])];
  if (all.length < 3 || all.length > 8) return refuse.bodyParam("user_ids");
  return { status: 201, json: wireChannel(world, groupChannel(world, all)) };
}

function named(world: World, json: unknown): readonly UserRow[] | undefined {
  const ids = asTexts(json);
  const users = ids?.flatMap((id) => world.users.get(id) ?? []);
  return users?.length === ids?.length ? users : undefined;
}

function patch(channel: ChannelRow, call: Call, { world }: RouteContext): Answer {
  const header = asText(asRecord(call.json)?.["header"]);
  if (header === undefined) return refuse.bodyParam("channel");
  const old = channel.header;
  channel.header = header;
  channel.updateAt = world.now();
  const wire = wireChannel(world, channel);
  world.publish("channel_updated", { channel: JSON.stringify(wire) }, { channelId: channel.id });
  if (old !== header) announceHeader(world, channel, call.user, old);
  return { json: wire };
}

function announceHeader(world: World, channel: ChannelRow, user: UserRow, old: string): void {
  const { username } = user;
  createPost(world, user, channel, {
    channelId: channel.id,
    rootId: "",
    message: `${username} updated the channel header to: ${channel.header}`,
    type: "system_header_change",
    props: { new_header: channel.header, old_header: old, username },
    fileIds: [],
    pendingPostId: "",
  });
}

function posts(channel: ChannelRow, call: Call, { world }: RouteContext): Answer {
  const { query } = call;
  const since = asCount(query.get("since"), 0);
  if (since > 0) return { json: channelSince(world, channel, since) };
  const common = {
    page: asCount(query.get("page"), 0),
    perPage: Math.min(asCount(query.get("per_page"), 60), 200),
    skipThreads: query.get("skipFetchThreads") === "true",
  };
  return { json: channelPage(world, channel, { ...common, ...side(query) }) };
}

function side(query: URLSearchParams): Pick<PageQuery, "side"> & { readonly postId: string } {
  const after = query.get("after") ?? "";
  const before = query.get("before") ?? "";
  if (after !== "") return { side: "after", postId: after };
  if (before !== "") return { side: "before", postId: before };
  return { side: "end", postId: "" };
}

function unread(channel: ChannelRow, call: Call, { world }: RouteContext): Answer {
  const member = channel.members.get(call.param("user_id"));
  if (member === undefined || call.param("user_id") !== call.user.id) return refuse.permission();
  const wire: Record<string, unknown> = {
    team_id: channel.teamId,
    channel_id: channel.id,
    msg_count: channel.totalMsgCount - member.msgCount,
    mention_count: member.mentionCount,
    mention_count_root: member.mentionCountRoot,
    msg_count_root: channel.totalMsgCountRoot - member.msgCountRoot,
  };
  if (world.generation.newKeys) wire["urgent_mention_count"] = 0;
  return { json: wire };
}

function channelsOf(call: Call, { world }: RouteContext): Answer {
  if (call.param("user_id") !== call.user.id) return refuse.permission();
  const mine = [...world.channels.values()].filter((each) => each.members.has(call.user.id));
  mine.sort((a, b) => (a.id < b.id ? -1 : 1));
  return { json: mine.map((channel) => wireChannel(world, channel)) };
}

function wireMember(
  channel: ChannelRow,
  userId: string,
  member: ChannelMember,
): Record<string, unknown> {
  return {
    channel_id: channel.id,
    user_id: userId,
    roles: "channel_user",
    last_viewed_at: member.lastViewedAt,
    msg_count: member.msgCount,
    mention_count: member.mentionCount,
    mention_count_root: member.mentionCountRoot,
    msg_count_root: member.msgCountRoot,
    last_update_at: member.lastViewedAt,
    scheme_guest: false,
    scheme_user: true,
    scheme_admin: false,
    explicit_roles: "",
  };
}
