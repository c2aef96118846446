import { asJson, asText, type Post, readPost, readSession, type Session } from "./wire.mts";

/** Mattermost's REST API, as the person at the page. */
export interface ChatApi {
  readonly session: Session;
  /** Every post of the channel. */
  posts(): Promise<readonly Post[]>;
  /** Rejects with the server's reason. */
  send(message: string, rootId: string, files: readonly File[]): Promise<void>;
  react(postId: string, emoji: string): Promise<void>;
  unreact(postId: string, emoji: string): Promise<void>;
  /** What stands beside the bot's name; empty without a status. */
  botStatus(): Promise<{ readonly emoji: string; readonly text: string }>;
  download(fileId: string): Promise<Blob>;
}

const PAGE_POSTS = 200;

export async function connectApi(): Promise<ChatApi> {
  const session = readSession(await (await fetch("session")).json());
  const { me, bot, channelId } = session;

  async function ask(method: string, path: string, body?: BodyInit): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${me.token}` };
    if (typeof body === "string") headers["content-type"] = "application/json";
    const answer = await fetch(`api/v4${path}`, { method, headers, body: body ?? null });
    if (answer.ok) return answer;
    const reason = asText(asJson(await answer.json().catch(() => undefined))["message"]);
    throw new Error(reason || `Mattermost answered ${answer.status}.`);
  }

  async function upload(file: File): Promise<string> {
    const form = new FormData();
    form.set("channel_id", channelId);
    form.set("files", file);
    const infos: unknown = asJson(await (await ask("POST", "/files", form)).json())["file_infos"];
    return Array.isArray(infos) ? asText(asJson(infos[0])["id"]) : "";
  }

  return {
    session,
    async posts() {
      const found: Post[] = [];
      for (let page = 0; ; page += 1) {
        const path = `/channels/${channelId}/posts?page=${page}&per_page=${PAGE_POSTS}`;
        const list = asJson(await (await ask("GET", path)).json());
        found.push(
          ...Object.values(asJson(list["posts"])).flatMap((it) => readPost(asJson(it)) ?? []),
        );
        const { order } = list;
        if (!Array.isArray(order) || order.length < PAGE_POSTS) return found;
      }
    },
    async send(message, rootId, files) {
      const file_ids = await Promise.all(files.map(upload));
      const post = { channel_id: channelId, root_id: rootId, message, file_ids };
      await ask("POST", "/posts", JSON.stringify(post));
    },
    async react(postId, emoji) {
      const reaction = { user_id: me.id, post_id: postId, emoji_name: emoji };
      await ask("POST", "/reactions", JSON.stringify(reaction));
    },
    async unreact(postId, emoji) {
      const name = encodeURIComponent(emoji);
      await ask("DELETE", `/users/me/posts/${postId}/reactions/${name}`);
    },
    async botStatus() {
      const user = asJson(await (await ask("GET", `/users/${bot.id}`)).json());
      const status = asText(asJson(user["props"])["customStatus"]);
      const { emoji, text } = status === "" ? {} : asJson(JSON.parse(status));
      return { emoji: asText(emoji), text: asText(text) };
    },
    async download(fileId) {
      return (await ask("GET", `/files/${fileId}`)).blob();
    },
  };
}
