import { asRecord, asText, asTexts } from "../parse.ts";
import { refuse } from "../refusal.ts";
import { type Answer, type Call, ok, type Route, type RouteContext } from "../route.ts";
import type { CustomStatus, UserRow } from "../rows.ts";
import { showTyping } from "../socket-session.ts";
import { setOnline, setStatus, wireStatus } from "../statuses.ts";
import { wireSelf, wireUser } from "../users.ts";
import type { World } from "../world.ts";

/** Accounts, their status, who is typing. */
export const userRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/users/username/:username",
    run(call, { world }) {
      const user = world.usersByName.get(call.param("username").toLowerCase());
      return user === undefined ? refuse.username() : { json: shown(world, user, call.user) };
    },
  },
  {
    method: "GET",
    path: "/users/:user_id",
    run(call, { world }) {
      const user = world.users.get(call.param("user_id"));
      return user === undefined ? refuse.user() : { json: shown(world, user, call.user) };
    },
  },
  { method: "POST", path: "/users/ids", run: listBy("users") },
  { method: "POST", path: "/users/usernames", run: listBy("usersByName") },
  {
    method: "GET",
    path: "/users/:user_id/status",
    run(call, { world }) {
      const user = world.users.get(call.param("user_id"));
      return user === undefined ? refuse.user() : { json: wireStatus(user) };
    },
  },
  {
    method: "POST",
    path: "/users/status/ids",
    run(call, { world }) {
      const users = (asTexts(call.json) ?? []).flatMap((id) => world.users.get(id) ?? []);
      return { json: users.map(wireStatus) };
    },
  },
  { method: "PUT", path: "/users/:user_id/status", run: own(putStatus) },
  {
    method: "PUT",
    path: "/users/:user_id/status/custom",
    run: own((call) => {
      const status = readCustomStatus(call.json);
      if (status === undefined) return refuse.bodyParam("custom_status");
      call.user.customStatus = status;
      return ok;
    }),
  },
  {
    method: "DELETE",
    path: "/users/:user_id/status/custom",
    run: own((call) => {
      call.user.customStatus = undefined;
      return ok;
    }),
  },
  {
    method: "POST",
    path: "/users/:user_id/typing",
    run: own((call, context) => {
      const body = asRecord(call.json) ?? {};
      const channelId = asText(body["channel_id"]) ?? "";
      showTyping(context, call.user.id, channelId, asText(body["parent_id"]) ?? "");
      return ok;
    }),
  },
];

function shown(world: World, user: UserRow, asker: UserRow): Record<string, unknown> {
  return user === asker ? wireSelf(world, user) : wireUser(user);
}

function own(run: (call: Call, context: RouteContext) => Answer): Route["run"] {
  return (call, context) => {
    if (call.param("user_id") !== call.user.id) return refuse.permission();
    return run(call, context);
  };
}

function listBy(index: "users" | "usersByName"): Route["run"] {
  return (call, { world }) => {
    const keys = asTexts(call.json);
    if (keys === undefined || keys.length === 0) return refuse.bodyParam("user_ids");
    return { json: keys.flatMap((key) => world[index].get(key) ?? []).map(wireUser) };
  };
}

function putStatus(call: Call, { world }: RouteContext): Answer {
  const body = asRecord(call.json) ?? {};
  const status = body["status"];
  if (body["user_id"] !== call.user.id) return refuse.bodyParam("user_id");
  if (status === "online") setOnline(world, call.user);
  if (status === "online" || status === "away" || status === "dnd" || status === "offline") {
    setStatus(world, call.user, status);
    return { json: wireStatus(call.user) };
  }
  return refuse.bodyParam("status");
}

function readCustomStatus(json: unknown): CustomStatus | undefined {
  const body = asRecord(json) ?? {};
  const emoji = asText(body["emoji"]) ?? "";
  const text = [...(asText(body["text"]) ?? "")].slice(0, 100).join("");
  if (emoji === "" && text === "") return undefined;
  return { emoji: emoji === "" ? "speech_balloon" : emoji, text };
}
