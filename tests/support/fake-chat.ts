import type {
  ChatEvent,
  FileInfo,
  NewPost,
  Post,
  ServerLimits,
  User,
} from "../../src/models/chat.ts";
import {
  asChannelId,
  asFileId,
  asPostId,
  asUserId,
  type ChannelId,
  type FileId,
  type PostId,
  type UserId,
} from "../../src/models/ids.ts";
import { textOf } from "../../src/models/post-text.ts";
import type { ChatPort, Clock } from "../../src/ports.ts";
import { systemClock } from "../../src/timing/system-clock.ts";
import { type ChatCall, type ChatFaults, createChatFaults, refused } from "./fake-chat-faults.ts";
import { watched } from "./watched-chat.ts";

export { limited, noAnswer, refused, refusedToken, unreachable } from "./fake-chat-faults.ts";

const PENDING_FOR_MS = 30_000;
const PAGE = 200;

/** A call of the bot's, as it came. */
export interface SeenCall {
  readonly call: ChatCall;
  readonly args: readonly unknown[];
}

/** A Mattermost server in memory, and the bot's way into it. Faults and `calls` concern the bot only. */
export interface FakeChat extends ChatPort {
  readonly bot: User;
  /** By username; `alice` and `mallory` by default. */
  readonly people: Readonly<Record<string, User>>;
  /** The direct channel of the bot and the first person. */
  readonly dm: ChannelId;
  readonly faults: ChatFaults;
  readonly calls: readonly SeenCall[];
  /** Acts as a person: `as("alice").createPost(…)`. */
  as(username: string): ChatPort;
  /** The first person writes; into the main conversation, or into a thread. */
  say(message: string, rootId?: PostId, files?: readonly FileId[], type?: string): Promise<Post>;
  /** Everything that was ever posted, in that order, deleted posts too. */
  posts(): readonly Post[];
  customStatus(id: UserId): { readonly emoji: string; readonly text: string } | undefined;
  /** Hears of every change, after the call that made it has taken effect; the returned function ends that. */
  listen(listener: (event: ChatEvent) => void): () => void;
}

export function createFakeChat(
  options: {
    readonly clock?: Clock;
    readonly people?: readonly string[];
    readonly limits?: Partial<ServerLimits>;
    /** How far the server's clock is ahead of the other one; below 0 it is behind. */
    readonly aheadMs?: number;
  } = {},
): FakeChat {
  const { clock: local = systemClock, people = ["alice", "mallory"], aheadMs = 0 } = options;
  const clock = { now: () => local.now() + aheadMs };
  const limits: ServerLimits = {
    version: "9.9.0",
    siteUrl: "http://chat.test",
    maxPostChars: 16_383,
    maxFileBytes: 100 * 1024 * 1024,
    postEditLimitSeconds: -1,
    ...options.limits,
  };
  let made = 0;
  const newId = (kind: string): string =>
    `${kind}${String(++made).padStart(26 - kind.length, "0")}`;
  const newUser = (username: string, isBot: boolean): User => ({
    id: asUserId(newId("user")),
    username,
    isBot,
    deactivated: false,
  });
  const users = new Map<UserId, User>();
  for (const name of ["opencode", ...people]) {
    const user = newUser(name, name === "opencode");
    users.set(user.id, user);
  }
  const posts = new Map<PostId, Post>();
  const channels = new Map<string, ChannelId>();
  const files = new Map<FileId, { readonly info: FileInfo; readonly bytes: Uint8Array }>();
  const statuses = new Map<UserId, { readonly emoji: string; readonly text: string }>();
  const pending = new Map<string, { readonly id: PostId; readonly untilMs: number }>();
  const listeners = new Set<(event: ChatEvent) => void>();
  const calls: SeenCall[] = [];
  const { faults, meet } = createChatFaults();

  const tell = (event: ChatEvent): void =>
    queueMicrotask(() => {
      for (const listener of listeners) listener(event);
    });

  const alive = (id: PostId): Post => {
    const post = posts.get(id);
    if (!post || post.deleted) throw refused("api.context.permissions.app_error", 403);
    return post;
  };
  const put = (post: Post): Post => {
    posts.set(post.id, post);
    return post;
  };
  const inChannel = (id: ChannelId): readonly Post[] =>
    [...posts.values()].filter((post) => post.channelId === id);
  const present = (all: readonly Post[]): readonly Post[] => all.filter((post) => !post.deleted);
  const checkMessage = (message: string): void => {
    if ([...message].length > limits.maxPostChars)
      throw refused("model.post.is_valid.msg.app_error");
  };
  const ownPost = (id: PostId, by: UserId): Post => {
    const post = alive(id);
    if (post.userId !== by) throw refused("api.context.permissions.app_error", 403);
    return post;
  };
  const openChannel = (one: UserId, other: UserId): ChannelId => {
    const key = [one, other].sort().join("__");
    const id = channels.get(key) ?? asChannelId(newId("channel"));
    channels.set(key, id);
    return id;
  };

  function create(by: UserId, wanted: NewPost, type = ""): Post {
    const key = `${by} ${wanted.pendingPostId}`;
    const before = pending.get(key);
    const earlier = before && before.untilMs > clock.now() ? posts.get(before.id) : undefined;
    if (earlier && wanted.pendingPostId !== "") return earlier;
    const message = textOf(wanted.message);
    checkMessage(message);
    const root = wanted.rootId && posts.get(wanted.rootId);
    if (wanted.rootId && (!root || root.rootId || root.deleted)) {
      throw refused("api.post.create_post.root_id.app_error");
    }
    const post = put({
      id: asPostId(newId("post")),
      channelId: wanted.channelId,
      userId: by,
      ...(wanted.rootId && { rootId: wanted.rootId }),
      message,
      type,
      createdMs: clock.now(),
      editedMs: 0,
      deleted: false,
      props: { ...wanted.props },
      files: (wanted.fileIds ?? []).flatMap((id) => files.get(id)?.info ?? []),
      reactions: [],
    });
    pending.set(key, { id: post.id, untilMs: clock.now() + PENDING_FOR_MS });
    tell({ type: "posted", post, channelType: "D" });
    return post;
  }

  function edit(by: UserId, id: PostId, message: string): Post {
    const post = ownPost(id, by);
    const limitMs = limits.postEditLimitSeconds * 1000;
    if (limitMs >= 0 && clock.now() > post.createdMs + limitMs) {
      throw refused("api.post.update_post.permissions_time_limit.app_error");
    }
    checkMessage(message);
    if (post.message === message) return post;
    const edited = put({ ...post, message, editedMs: clock.now() });
    tell({ type: "edited", post: edited });
    return edited;
  }

  function remove(by: UserId, id: PostId): void {
    const post = posts.get(id);
    if (!post || post.deleted) return;
    ownPost(id, by);
    for (const other of posts.values()) {
      if (other.id === id || other.rootId === id) put({ ...other, deleted: true });
    }
    tell({ type: "post-deleted", post: { ...post, deleted: true } });
  }

  function react(by: UserId, id: PostId, emoji: string, wanted: boolean): void {
    const post = alive(id);
    const has = post.reactions.some((r) => r.userId === by && r.emoji === emoji);
    if (has === wanted) return;
    const reaction = { postId: id, userId: by, emoji, createdMs: clock.now() };
    const others = post.reactions.filter((r) => r.userId !== by || r.emoji !== emoji);
    put({ ...post, reactions: wanted ? [...others, reaction] : others });
    tell({ type: wanted ? "reaction-added" : "reaction-removed", reaction });
  }

  const portOf = (by: User): ChatPort => ({
    now: clock.now,
    me: async () => by,
    user: async (id) => users.get(id),
    userByName: async (name) => [...users.values()].find((user) => user.username === name),
    directChannel: async (me, other) => openChannel(me, other),
    limits: async () => limits,
    createPost: async (post) => create(by.id, post),
    editPost: async (id, message) => edit(by.id, id, textOf(message)),
    deletePost: async (id) => remove(by.id, id),
    post: async (id) => present([posts.get(id)].filter((post) => post !== undefined))[0],
    thread: async (rootId) => {
      const all = present([...posts.values()]);
      return all.some((post) => post.id === rootId)
        ? all.filter((post) => post.id === rootId || post.rootId === rootId)
        : [];
    },
    recentPosts: async (channelId, beforeId) => {
      const all = inChannel(channelId);
      const end = beforeId ? all.findIndex((post) => post.id === beforeId) : all.length;
      return present(all.slice(0, Math.max(end, 0)))
        .slice(-PAGE)
        .reverse();
    },
    postsAfter: async (channelId, afterId) => {
      const all = inChannel(channelId);
      const at = all.findIndex((post) => post.id === afterId);
      return at < 0 ? [] : present(all.slice(at + 1));
    },
    reactions: async (id) => alive(id).reactions,
    react: async (me, id, emoji) => react(me, id, emoji, true),
    unreact: async (id, emoji) => {
      if (posts.get(id)?.deleted === false) react(by.id, id, emoji, false);
    },
    upload: async (_channelId, name, bytes) => {
      const id = asFileId(newId("file"));
      files.set(id, { info: { id, name, mime: "", sizeBytes: bytes.length }, bytes });
      return id;
    },
    download: async (id, maxBytes) => {
      const file = files.get(id);
      if (!file) throw refused("app.file_info.get.app_error", 404);
      if (file.bytes.length > maxBytes) throw refused("opencode_mattermost.answer_too_large");
      return file.bytes;
    },
    setCustomStatus: async (me, status) => {
      if (status) statuses.set(me, status);
      else statuses.delete(me);
    },
  });

  const named = (username: string): User => {
    const user = [...users.values()].find((u) => u.username === username);
    if (!user) throw new Error(`There is no user ${username}.`);
    return user;
  };
  const bot = named("opencode");
  const first = named(people[0] ?? "opencode");
  const dm = openChannel(bot.id, first.id);

  return {
    ...watched(portOf(bot), (call, args, effect) => {
      calls.push({ call, args });
      return meet(call, args, effect);
    }),
    now: clock.now,
    bot,
    people: Object.fromEntries(people.map((name) => [name, named(name)])),
    dm,
    faults,
    calls,
    as: (username) => portOf(named(username)),
    say: async (message, rootId, fileIds, type) => {
      const where = { channelId: dm, ...(rootId && { rootId }), ...(fileIds && { fileIds }) };
      return create(first.id, { ...where, message, props: {}, pendingPostId: newId("said") }, type);
    },
    posts: () => [...posts.values()],
    customStatus: (id) => statuses.get(id),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
