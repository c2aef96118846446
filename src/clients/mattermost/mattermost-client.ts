import { z } from "zod";
import { ChatError, isRefusal } from "../../errors.ts";
import type { Post } from "../../models/chat.ts";
import { asChannelId, asFileId, type PostId } from "../../models/ids.ts";
import { textOf } from "../../models/post-text.ts";
import type { Redactor } from "../../models/redaction.ts";
import { storable } from "../../models/storable.ts";
import type { ChatPort, Urgency } from "../../ports.ts";
import { createHttp, type HttpRequest } from "./http.ts";
import { WireConfig, WirePost, WirePostList, WireReaction, WireUser } from "./mattermost-wire.ts";
import { oldestFirst, postsAfter } from "./posts-after.ts";
import type { RateBudget } from "./rate-budget.ts";
import { createServerClock } from "./server-clock.ts";

const PAGE = 200;
/** So many times a request is sent where each time the answer is "not now" (429). */
const LIMITED_TRIES = 3;
/** Told to wait longer than this, the caller is told so too. */
const LIMITED_WAIT_MS = 60_000;

/** Mattermost's REST API, version 4, as the bot. */
export function createMattermostClient(options: {
  /** The server's address, with the sub-path that it may live under. */
  readonly baseUrl: string;
  readonly token: string;
  readonly budget: RateBudget;
  /** How long a request may take, in milliseconds; 15,000 by default. */
  readonly withinMs?: number;
  /** What must not leave beside the token; without it the token alone. */
  readonly redactor?: Redactor;
}): ChatPort {
  const { budget } = options;
  const baseUrl = `${options.baseUrl.replace(/\/+$/, "")}/api/v4`;
  const time = createServerClock(Date.now);
  const http = createHttp({ ...options, baseUrl, onDate: time.dated });

  async function limited<T>(
    urgency: Urgency,
    send: () => Promise<T>,
    beforeMs?: number,
  ): Promise<T> {
    for (let tries = 1; ; tries++) {
      await budget.take(urgency, beforeMs);
      try {
        return await send();
      } catch (error) {
        if (!(error instanceof ChatError) || error.kind !== "limited") throw error;
        const { retryAfterMs = 1_000 } = error;
        budget.pause(retryAfterMs);
        if (tries >= LIMITED_TRIES || retryAfterMs > LIMITED_WAIT_MS) throw error;
      }
    }
  }

  async function ask<T>(
    schema: z.ZodType<T>,
    asked: HttpRequest | (() => HttpRequest),
    urgency: Urgency = "normal",
    beforeMs?: number,
  ): Promise<T> {
    let what = "";
    const send = (): Promise<unknown> => {
      const request = typeof asked === "function" ? asked() : asked;
      what = `${request.method} ${request.path}`;
      return http.json(request);
    };
    const answer = schema.safeParse(await limited(urgency, send, beforeMs));
    if (answer.success) return answer.data;
    throw new ChatError(`${what}: the answer is not Mattermost's`, { kind: "unknown" });
  }

  const get = <T>(schema: z.ZodType<T>, path: string, urgency?: Urgency): Promise<T> =>
    ask(schema, { method: "GET", path }, urgency);

  /** Without `skipFetchThreads` the whole threads of all listed posts come along. */
  const list = (channelId: string, query: string) =>
    get(WirePostList, `/channels/${channelId}/posts?${query}&skipFetchThreads=true`);

  const post = async (id: PostId): Promise<Post | undefined> => {
    const found = await ifFound(get(WirePost, `/posts/${id}`));
    return found?.deleted ? undefined : found;
  };

  /** What is done to a post that is gone is refused as if it were somebody else's. */
  async function unlessGone(id: PostId, change: Promise<unknown>): Promise<void> {
    try {
      await ifFound(change);
    } catch (error) {
      const gone = isStatus(error, 403) && (await post(id)) === undefined;
      if (!gone) throw error;
    }
  }

  return {
    now: time.now,
    me: () => get(WireUser, "/users/me"),
    user: (id) => ifFound(get(WireUser, `/users/${id}`)),
    userByName: (name) => ifFound(get(WireUser, `/users/username/${encodeURIComponent(name)}`)),
    async directChannel(me, other) {
      const channel = z.object({ id: z.string() });
      const request = { method: "POST", path: "/channels/direct", body: [me, other] } as const;
      return asChannelId((await ask(channel, request, "interactive")).id);
    },
    limits: () => get(WireConfig, "/config/client?format=old"),
    async createPost(post, urgency, beforeMs) {
      const body = () => ({
        channel_id: post.channelId,
        root_id: post.rootId ?? "",
        message: storable(textOf(post.message)),
        props: post.props,
        pending_post_id: post.pendingPostId,
        ...(post.fileIds && { file_ids: post.fileIds }),
      });
      const request = () => ({ method: "POST", path: "/posts", body: body() }) as const;
      const sentMs = Date.now();
      const made = await ask(WirePost, request, urgency, beforeMs);
      time.made(made.createdMs, sentMs);
      return made;
    },
    editPost: (id, message, urgency) =>
      ask(
        WirePost,
        () => ({
          method: "PUT",
          path: `/posts/${id}/patch`,
          body: { message: storable(textOf(message)) },
        }),
        urgency,
      ),
    deletePost: (id) => unlessGone(id, ask(Done, { method: "DELETE", path: `/posts/${id}` })),
    post,
    // Not in pages: only a request without `perPage` gets the whole thread from every version of the server.
    async thread(rootId) {
      const found = await ifFound(get(WirePostList, `/posts/${rootId}/thread`));
      return oldestFirst(found?.all.filter((each) => !each.deleted) ?? []);
    },
    async recentPosts(channelId, beforeId) {
      const before = beforeId === undefined ? "" : `&before=${beforeId}`;
      return (await list(channelId, `per_page=${PAGE}${before}`)).listed;
    },
    postsAfter: (channelId, afterId) =>
      postsAfter(
        afterId,
        (query) => list(channelId, query),
        async () => (await post(afterId)) !== undefined,
      ),
    async reactions(id) {
      const all = await get(z.array(WireReaction).nullable(), `/posts/${id}/reactions`);
      return all ?? [];
    },
    async react(me, id, emoji, urgency) {
      const body = { user_id: me, post_id: id, emoji_name: emoji };
      await ask(Done, { method: "POST", path: "/reactions", body }, urgency);
    },
    async unreact(id, emoji) {
      const path = `/users/me/posts/${id}/reactions/${encodeURIComponent(emoji)}`;
      await unlessGone(id, ask(Done, { method: "DELETE", path }));
    },
    // Not as a form: under Bun axios never finishes sending a large one (70 KB arrive, 3 MB do not).
    async upload(channelId, name, bytes) {
      const path = `/files?channel_id=${channelId}&filename=${encodeURIComponent(plainName(name))}`;
      const { file_infos } = await ask(Uploaded, { method: "POST", path, body: bytes });
      return asFileId(file_infos[0].id);
    },
    download: (id, maxBytes) => limited("normal", () => http.bytes(`/files/${id}`, maxBytes)),
    async setCustomStatus(me, status) {
      const path = `/users/${me}/status/custom`;
      if (status) await ask(Done, { method: "PUT", path, body: status }, "cosmetic");
      else await ifFound(ask(Done, { method: "DELETE", path }, "cosmetic"));
    },
  };
}

/** Without what shows nothing or turns the rest around: `report` U+202E `fdp.exe` would read as `reportexe.pdf`. */
const plainName = (name: string): string =>
  name.replace(/[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Cc}\p{Zl}\p{Zp}]/gu, "") ||
  "file";

/** Any answer of Mattermost's. A page that something on the way there answers with is none. */
const Done = z.looseObject({});
const Uploaded = z.object({ file_infos: z.tuple([z.object({ id: z.string() })], z.unknown()) });

/** Only where Mattermost itself says so: a proxy's 404 says nothing about a post. */
const isStatus = (error: unknown, status: number): boolean =>
  isRefusal(error) && error.status === status;

/** A thing that is not there is a value, not an error. */
async function ifFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}
