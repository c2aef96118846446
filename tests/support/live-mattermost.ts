import { z } from "zod";

const Env = z.object({
  MATTERMOST_TEST_URL: z.url(),
  MATTERMOST_TEST_BOT_TOKEN: z.string().min(1),
  MATTERMOST_TEST_USER_TOKEN: z.string().min(1),
});

const Me = z.object({ id: z.string(), username: z.string() });
const Post = z.object({
  id: z.string(),
  root_id: z.string(),
  user_id: z.string(),
  message: z.string(),
  create_at: z.number(),
  /** Old versions of edited posts come as deleted posts. */
  delete_at: z.number(),
  props: z.record(z.string(), z.unknown()).nullish(),
});
const PostList = z.object({ posts: z.record(z.string(), Post) });
export type LivePost = z.infer<typeof Post>;

/** A real Mattermost server, as the owner sees it. */
export interface LiveMattermost {
  readonly url: string;
  readonly botToken: string;
  readonly owner: string;
  readonly version: string;
  say(message: string, rootId?: string): Promise<string>;
  react(postId: string, emoji: string): Promise<void>;
  /** The posts of the channel made since this object was, oldest first. */
  posts(): Promise<readonly LivePost[]>;
  until<T>(what: string, probe: (posts: readonly LivePost[]) => T | undefined): Promise<T>;
}

export async function openLiveMattermost(): Promise<LiveMattermost> {
  const env = Env.safeParse(process.env);
  if (!env.success) {
    throw new Error(
      "Set MATTERMOST_TEST_URL, MATTERMOST_TEST_BOT_TOKEN and MATTERMOST_TEST_USER_TOKEN to a Mattermost server that is there for tests.",
    );
  }
  const { MATTERMOST_TEST_URL: url, MATTERMOST_TEST_BOT_TOKEN: botToken } = env.data;
  const call = async (method: string, path: string, body?: unknown, token?: string) => {
    const answer = await fetch(`${url}/api/v4${path}`, {
      method,
      headers: { Authorization: `Bearer ${token ?? env.data.MATTERMOST_TEST_USER_TOKEN}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const owner = Me.parse(await call("GET", "/users/me"));
  const bot = Me.parse(await call("GET", "/users/me", undefined, botToken));
  const channel = z
    .object({ id: z.string() })
    .parse(await call("POST", "/channels/direct", [owner.id, bot.id]));
  const config = z
    .object({ Version: z.string() })
    .parse(await call("GET", "/config/client?format=old"));
  const first = Post.parse(
    await call("POST", "/posts", { channel_id: channel.id, message: "!status" }),
  );

  const posts = async (): Promise<readonly LivePost[]> => {
    const path = `/channels/${channel.id}/posts?since=${first.create_at - 1}`;
    const list = PostList.parse(await call("GET", path));
    const there = Object.values(list.posts).filter((post) => post.delete_at === 0);
    return there.sort((a, b) => a.create_at - b.create_at);
  };

  return {
    url,
    botToken,
    owner: owner.username,
    version: config.Version,
    posts,
    async say(message, rootId = "") {
      const body = { channel_id: channel.id, root_id: rootId, message };
      return Post.parse(await call("POST", "/posts", body)).id;
    },
    async react(postId, emoji) {
      await call("POST", "/reactions", {
        user_id: owner.id,
        post_id: postId,
        emoji_name: emoji,
      });
    },
    async until(what, probe) {
      const deadline = Date.now() + 30_000;
      for (;;) {
        const all = await posts();
        const found = probe(all);
        if (found !== undefined) return found;
        if (Date.now() > deadline) {
          const there = all.map((post) => `${post.root_id ? "  " : ""}${post.message}`).join("\n");
          throw new Error(`Waited 30 s for ${what}. There is:\n${there}`);
        }
        await Bun.sleep(50);
      }
    },
  };
}
