import { ChatError } from "../../src/errors.ts";
import type { ChatEvent, NewPost, Post, User } from "../../src/models/chat.ts";
import {
  asChannelId,
  asFileId,
  asPostId,
  asUserId,
  type ChannelId,
  type PostId,
} from "../../src/models/ids.ts";
import { textOf } from "../../src/models/post-text.ts";
import type { ChatPort, Clock } from "../../src/ports.ts";

/** A Mattermost in memory that forgets: what it holds does not grow, so that a leak of the bridge shows. */
export interface SmallChat extends ChatPort {
  readonly bot: User;
  readonly owner: User;
  readonly dm: ChannelId;
  /** Nobody answers. */
  down: boolean;
  /** Calls since the beginning. */
  readonly counts: { created: number; edited: number; all: number };
  /** The posts that are remembered, oldest first. */
  posts(): readonly Post[];
  say(message: string, rootId?: PostId): Post;
  listen(listener: (event: ChatEvent) => void): void;
}

export function createSmallChat(clock: Clock, postsKept = Number.POSITIVE_INFINITY): SmallChat {
  const posts = new Map<PostId, Post>();
  const pending = new Map<string, PostId>();
  const counts = { created: 0, edited: 0, all: 0 };
  const user = (username: string, isBot: boolean): User => ({
    id: asUserId(username.padEnd(26, "0")),
    username,
    isBot,
    deactivated: false,
  });
  const [bot, owner] = [user("opencode", true), user("alice", false)];
  const dm = asChannelId("dm".padEnd(26, "0"));
  let listener: (event: ChatEvent) => void = () => undefined;
  const tell = (event: ChatEvent): void => queueMicrotask(() => listener(event));

  function put(post: Post): Post {
    posts.set(post.id, post);
    if (posts.size > postsKept) {
      const old = [...posts.values()].find((p) => p.rootId !== undefined);
      if (old) posts.delete(old.id);
    }
    return post;
  }

  function make(by: User, wanted: Omit<NewPost, "channelId">): Post {
    const known = posts.get(pending.get(wanted.pendingPostId) ?? asPostId(""));
    if (known) return known;
    const post = put({
      id: asPostId(`p${String(++counts.created).padStart(25, "0")}`),
      channelId: dm,
      userId: by.id,
      ...(wanted.rootId && { rootId: wanted.rootId }),
      message: textOf(wanted.message),
      type: "",
      createdMs: clock.now(),
      editedMs: 0,
      deleted: false,
      props: wanted.props,
      files: [],
      reactions: [],
    });
    pending.set(wanted.pendingPostId, post.id);
    const [oldest] = pending.keys();
    if (pending.size > 100 && oldest !== undefined) pending.delete(oldest);
    tell({ type: "posted", post, channelType: "D" });
    return post;
  }

  /** Every call of the bot's goes through here. */
  async function meet<T>(effect: () => T): Promise<T> {
    counts.all++;
    await Promise.resolve();
    if (down) throw new ChatError("nobody answers", { kind: "unreachable", code: "ECONNREFUSED" });
    return effect();
  }
  let down = false;
  const alive = (id: PostId): Post => {
    const post = posts.get(id);
    if (post) return post;
    throw new ChatError("no such post", { kind: "refused", status: 404 });
  };
  const all = (): readonly Post[] => [...posts.values()];
  const mark = (id: PostId, emoji: string, wanted: boolean): void => {
    const post = alive(id);
    const others = post.reactions.filter((r) => r.userId !== bot.id || r.emoji !== emoji);
    const own = { postId: id, userId: bot.id, emoji, createdMs: clock.now() };
    put({ ...post, reactions: wanted ? [...others, own] : others });
  };

  return {
    bot,
    owner,
    dm,
    get down() {
      return down;
    },
    set down(value) {
      down = value;
    },
    counts,
    posts: all,
    say: (message, rootId) =>
      make(owner, {
        message,
        props: {},
        pendingPostId: crypto.randomUUID(),
        ...(rootId && { rootId }),
      }),
    listen(on) {
      listener = on;
    },
    now: clock.now,
    me: () => meet(() => bot),
    user: (id) => meet(() => [bot, owner].find((one) => one.id === id)),
    userByName: (name) => meet(() => [bot, owner].find((one) => one.username === name)),
    directChannel: () => meet(() => dm),
    limits: () =>
      meet(() => ({
        version: "9.9.0",
        siteUrl: "http://chat.test",
        maxPostChars: 16_383,
        maxFileBytes: 1_000_000,
        postEditLimitSeconds: -1,
      })),
    createPost: (post) => meet(() => make(bot, post)),
    editPost: (id, text) =>
      meet(() => {
        counts.edited++;
        const message = textOf(text);
        const post = put({ ...alive(id), message, editedMs: clock.now() });
        tell({ type: "edited", post });
        return post;
      }),
    deletePost: (id) => meet(() => void posts.delete(id)),
    post: (id) => meet(() => posts.get(id)),
    thread: (id) => meet(() => all().filter((post) => post.id === id || post.rootId === id)),
    recentPosts: (_channel, beforeId) =>
      meet(() => {
        const known = all();
        const end = beforeId ? known.findIndex((post) => post.id === beforeId) : known.length;
        return known.slice(Math.max(0, end - 200), Math.max(0, end)).reverse();
      }),
    postsAfter: (_channel, afterId) =>
      meet(() => {
        const at = all().findIndex((post) => post.id === afterId);
        return at < 0 ? [] : all().slice(at + 1);
      }),
    reactions: (id) => meet(() => alive(id).reactions),
    react: (_me, id, emoji) => meet(() => mark(id, emoji, true)),
    unreact: (id, emoji) => meet(() => mark(id, emoji, false)),
    upload: () => meet(() => asFileId("file")),
    download: () => meet(() => new Uint8Array()),
    setCustomStatus: () => meet(() => undefined),
  };
}
