import type { ChatApi } from "./chat-api.mts";
import { listenToChat } from "./chat-socket.mts";
import type { ReadMarks } from "./read-marks.mts";
import { asText, inner, type Post, readPost, readReaction } from "./wire.mts";

/** What is known of the channel, kept true by the socket. */
export interface ChatStore {
  /** The posts of a thread, its root first; of the channel itself for an empty id. Oldest first. */
  posts(rootId: string): readonly Post[];
  post(id: string): Post | undefined;
  /** What this user has written, wherever. */
  by(userId: string): readonly Post[];
  /** How many replies a root has, and how many of them the person has not seen. For an empty id: the channel's own posts. */
  replies(rootId: string): { readonly count: number; readonly unread: number };
  /** The person is looking at this thread. */
  seen(rootId: string): void;
  /** Whether the bot is shown as typing there. */
  isTyping(rootId: string): boolean;
  isConnected(): boolean;
  onChange(run: () => void): void;
  /** A post that has just come. */
  onPost(run: (post: Post) => void): void;
}

const TYPING_MS = 5_000;

export function openStore(api: ChatApi, marks: ReadMarks): ChatStore {
  const { me, bot } = api.session;
  const posts = new Map<string, Post>();
  const typingUntil = new Map<string, number>();
  const listeners: (() => void)[] = [];
  const postListeners: ((post: Post) => void)[] = [];
  let connected = false;
  const changed = (): void => {
    for (const run of listeners) run();
  };

  function put(post: Post | undefined): void {
    if (post === undefined) return;
    const known = posts.get(post.id);
    if (known === undefined || known.updateAt <= post.updateAt) posts.set(post.id, post);
    if (known === undefined && post.userId === bot.id) typingUntil.delete(post.rootId);
  }

  function remove(id: string): void {
    posts.delete(id);
    for (const post of posts.values()) if (post.rootId === id) posts.delete(post.id);
  }

  function changeReaction(data: unknown, isThere: boolean): void {
    const { postId, userId, emoji } = readReaction(inner(data));
    const post = posts.get(postId);
    if (post === undefined) return;
    const others = post.reactions.filter((it) => it.userId !== userId || it.emoji !== emoji);
    const known = post.reactions.length > others.length;
    if (isThere && known) return;
    posts.set(postId, {
      ...post,
      reactions: isThere ? [...others, { userId, emoji }] : others,
    });
  }

  const events: Readonly<Record<string, (data: Readonly<Record<string, unknown>>) => void>> = {
    posted({ post: text }) {
      const post = readPost(inner(text));
      put(post);
      if (post !== undefined) for (const run of postListeners) run(post);
    },
    post_edited: ({ post }) => put(readPost(inner(post))),
    post_deleted: ({ post }) => remove(asText(inner(post)["id"])),
    reaction_added: ({ reaction }) => changeReaction(reaction, true),
    reaction_removed: ({ reaction }) => changeReaction(reaction, false),
    typing({ parent_id, user_id }) {
      if (user_id !== bot.id) return;
      typingUntil.set(asText(parent_id), Date.now() + TYPING_MS);
      setTimeout(changed, TYPING_MS + 50);
    },
  };

  async function catchUp(): Promise<void> {
    const found = await api.posts();
    const there = new Set(found.map(({ id }) => id));
    for (const post of posts.values()) if (!there.has(post.id)) posts.delete(post.id);
    for (const post of found) put(post);
    marks.begin(Math.max(...found.map(({ createAt }) => createAt), 1));
    connected = true;
    changed();
  }

  listenToChat(me.token, {
    connected: () => void catchUp(),
    disconnected() {
      connected = false;
      changed();
    },
    event(name, data) {
      events[name]?.(data);
      changed();
    },
  });

  const isIn = (post: Post, rootId: string): boolean =>
    post.rootId === rootId || (rootId !== "" && post.id === rootId);
  return {
    posts: (rootId) =>
      [...posts.values()]
        .filter((post) => isIn(post, rootId))
        .sort((a, b) => a.createAt - b.createAt || (a.id < b.id ? -1 : 1)),
    post: (id) => posts.get(id),
    by: (userId) => [...posts.values()].filter((post) => post.userId === userId),
    replies(rootId) {
      const all = [...posts.values()].filter((post) => post.rootId === rootId);
      const since = marks.seenUpTo(rootId);
      const unread = all.filter((post) => post.userId !== me.id && post.createAt > since);
      return { count: all.length, unread: unread.length };
    },
    seen(rootId) {
      const latest = Math.max(
        0,
        ...[...posts.values()].map((post) => (isIn(post, rootId) ? post.createAt : 0)),
      );
      marks.seen(rootId, latest);
    },
    isTyping: (rootId) => (typingUntil.get(rootId) ?? 0) > Date.now(),
    isConnected: () => connected,
    onChange: (run) => void listeners.push(run),
    onPost: (run) => void postListeners.push(run),
  };
}
