import type { Account, PostExtras, StandInUser } from "./api.ts";
import { actingHeader, apiPrefix } from "./http-api.ts";
import { asRecord, asText } from "./parse.ts";

/** A client for one account; `url` leads to the server past the relay. */
export function actAs(account: Account, botId: string, url: string): StandInUser {
  let dmId: string | undefined;

  const send = async (method: string, path: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${account.token}`);
    headers.set(actingHeader, account.username);
    const response = await fetch(`${url}${apiPrefix}${path}`, { ...init, method, headers });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw new Error(
      `${account.username}: ${method} ${path} was answered ${response.status}: ${text}`,
    );
  };
  const call: StandInUser["call"] = (method, path, body) => {
    if (body === undefined) return send(method, path);
    const headers = { "content-type": "application/json" };
    return send(method, path, { headers, body: JSON.stringify(body) });
  };
  const id = (answer: unknown) => asText(asRecord(answer)?.["id"]) ?? "";
  const dm = async () => {
    dmId ??= id(await call("POST", "/channels/direct", [account.id, botId]));
    return dmId;
  };

  return {
    account,
    dm,
    call,
    async post(message: string, extras: PostExtras = {}) {
      const { channelId, rootId = "", fileIds = [], props } = extras;
      const body = {
        channel_id: channelId ?? (await dm()),
        root_id: rootId,
        message,
        file_ids: fileIds,
        ...(props === undefined ? {} : { props }),
      };
      return id(await call("POST", "/posts", body));
    },
    async react(postId, emoji) {
      const reaction = { user_id: account.id, post_id: postId, emoji_name: emoji };
      await call("POST", "/reactions", reaction);
    },
    async unreact(postId, emoji) {
      const name = encodeURIComponent(emoji);
      await call("DELETE", `/users/me/posts/${postId}/reactions/${name}`);
    },
    async edit(postId, message) {
      await call("PUT", `/posts/${postId}/patch`, { message });
    },
    async remove(postId) {
      await call("DELETE", `/posts/${postId}`);
    },
    async upload(name, bytes, channelId) {
      const form = new FormData();
      form.set("channel_id", channelId ?? (await dm()));
      form.set(
        "files",
        new File([typeof bytes === "string" ? bytes : new Uint8Array(bytes)], name),
      );
      const infos = asRecord(await send("POST", "/files", { body: form }))?.["file_infos"];
      return id(Array.isArray(infos) ? infos[0] : undefined);
    },
    async typing(parentId = "") {
      await call("POST", "/users/me/typing", { channel_id: await dm(), parent_id: parentId });
    },
  };
}
