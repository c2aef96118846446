import { newId } from "./ids.ts";
import type { ChannelMember, ChannelRow, UserRow } from "./rows.ts";
import { emptyMember } from "./users.ts";
import type { World } from "./world.ts";

type NewChannel = Pick<ChannelRow, "type" | "name" | "displayName" | "creatorId"> & {
  readonly teamId?: string;
  readonly memberIds: Iterable<string>;
};

/** Adds a channel with its members; tells nobody. */
export function addChannel(world: World, given: NewChannel): ChannelRow {
  const now = world.now();
  const open = given.type === "O";
  const members = new Map<string, ChannelMember>();
  for (const id of given.memberIds) members.set(id, emptyMember());
  const channel: ChannelRow = {
    id: newId(),
    type: given.type,
    name: given.name,
    displayName: given.displayName,
    teamId: given.teamId ?? "",
    creatorId: given.creatorId,
    createAt: now,
    updateAt: now,
    header: "",
    lastPostAt: open ? now : 0,
    lastRootPostAt: open ? now : 0,
    totalMsgCount: 0,
    totalMsgCountRoot: 0,
    members,
    timeline: [],
    versions: [],
  };
  world.channels.set(channel.id, channel);
  return channel;
}

/** The direct channel of two users, made on first use; both are told of a new one. */
export function directChannel(world: World, creator: UserRow, other: UserRow): ChannelRow {
  const name = [creator.id, other.id].sort().join("__");
  const known = world.directChannels.get(name);
  if (known !== undefined) return known;
  const channel = addChannel(world, {
    type: "D",
    name,
    displayName: "",
    creatorId: creator.id,
    memberIds: [creator.id, other.id],
  });
  world.directChannels.set(name, channel);
  world.publish(
    "direct_added",
    { creator_id: creator.id, teammate_id: other.id },
    { channelId: channel.id },
  );
  return channel;
}

/** The group channel of three to eight users, made on first use; all are told of a new one. */
export function groupChannel(world: World, users: readonly UserRow[]): ChannelRow {
  const ids = users.map((user) => user.id).sort();
  const name = new Bun.CryptoHasher("sha1").update(ids.join("")).digest("hex");
  const known = world.directChannels.get(name);
  if (known !== undefined) return known;
  const channel = addChannel(world, {
    type: "G",
    name,
    displayName: users
      .map((user) => user.username)
      .sort()
      .join(", "),
    creatorId: "",
    memberIds: ids,
  });
  world.directChannels.set(name, channel);
  world.publish("group_added", { teammate_ids: JSON.stringify(ids) }, { channelId: channel.id });
  return channel;
}

/** Notes that the user has read the channel up to now, and tells that user's sockets. */
export function markViewed(world: World, channel: ChannelRow, userId: string): void {
  const member = channel.members.get(userId);
  if (member === undefined) return;
  const now = world.now();
  Object.assign(member, {
    msgCount: channel.totalMsgCount,
    msgCountRoot: channel.totalMsgCountRoot,
    mentionCount: 0,
    mentionCountRoot: 0,
    lastViewedAt: now,
  });
  if (world.generation.collapsedThreads) {
    world.publish("multiple_channels_viewed", { channel_times: { [channel.id]: now } }, { userId });
  } else {
    world.publish("channel_viewed", { channel_id: channel.id }, { userId });
  }
}

/** The channel as clients read it. */
export function wireChannel(world: World, channel: ChannelRow): Record<string, unknown> {
  const wire: Record<string, unknown> = {
    id: channel.id,
    create_at: channel.createAt,
    update_at: channel.updateAt,
    delete_at: 0,
    team_id: channel.teamId,
    type: channel.type,
    display_name: channel.displayName,
    name: channel.name,
    header: channel.header,
    purpose: "",
    last_post_at: channel.lastPostAt,
    total_msg_count: channel.totalMsgCount,
    extra_update_at: 0,
    creator_id: channel.creatorId,
    scheme_id: null,
    props: null,
    group_constrained: null,
    shared: channel.type === "O" ? null : false,
    total_msg_count_root: channel.totalMsgCountRoot,
    policy_id: null,
  };
  if (world.generation.newKeys) wire["last_root_post_at"] = channel.lastRootPostAt;
  return wire;
}
