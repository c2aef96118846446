import { newId } from "./ids.ts";
import type { UserRow } from "./rows.ts";
import type { World } from "./world.ts";

/** Adds a user or a bot with a token of its own, and makes it a member of the team's open channels. */
export function addUser(
  world: World,
  username: string,
  isBot: boolean,
): { readonly user: UserRow; readonly token: string } {
  const now = world.now();
  const user: UserRow = {
    id: newId(),
    username,
    isBot,
    createAt: now,
    updateAt: world.now(),
    deleteAt: 0,
    status: "offline",
    lastActivityAt: 0,
    customStatus: undefined,
  };
  const token = newId();
  world.users.set(user.id, user);
  world.usersByName.set(username, user);
  world.tokens.set(token, user);
  for (const channel of world.channels.values()) {
    if (channel.type !== "O") continue;
    channel.members.set(user.id, emptyMember());
    // Joining leaves a message that counts for nothing else.
    channel.lastPostAt = channel.lastRootPostAt = world.now();
  }
  return { user, token };
}

/** A membership in which nothing has been read or counted. */
export function emptyMember() {
  return { msgCount: 0, msgCountRoot: 0, mentionCount: 0, mentionCountRoot: 0, lastViewedAt: 0 };
}

/** Takes the account out of use: its tokens are dead, its posts stay. */
export function deactivateUser(world: World, user: UserRow): void {
  user.deleteAt = user.updateAt = world.now();
  for (const [token, owner] of world.tokens) {
    if (owner === user) world.tokens.delete(token);
  }
  tellUserChanged(world, user);
}

/** Changes the username; the id stays what everything refers to. */
export function renameUser(world: World, user: UserRow, username: string): void {
  world.usersByName.delete(user.username);
  user.username = username;
  user.updateAt = world.now();
  world.usersByName.set(username, user);
  tellUserChanged(world, user);
}

function tellUserChanged(world: World, user: UserRow): void {
  world.publish("user_updated", { user: wireUser(user) }, {});
}

/** The account as others read it. */
export function wireUser(user: UserRow): Record<string, unknown> {
  const wire: Record<string, unknown> = {
    id: user.id,
    create_at: user.createAt,
    update_at: user.updateAt,
    delete_at: user.deleteAt,
    username: user.username,
    auth_data: "",
    auth_service: "",
    email: user.isBot ? `${user.username}@localhost` : `${user.username}@example.test`,
    nickname: "",
    first_name: user.isBot ? botName(user.username) : "",
    last_name: "",
    position: "",
    roles: "system_user",
    locale: "en",
    timezone: { automaticTimezone: "", manualTimezone: "", useAutomaticTimezone: "true" },
    disable_welcome_email: false,
  };
  if (user.isBot) wire["is_bot"] = true;
  if (user.customStatus !== undefined) {
    wire["props"] = {
      customStatus: JSON.stringify({
        ...user.customStatus,
        duration: "",
        expires_at: "0001-01-01T00:00:00Z",
      }),
    };
  }
  return wire;
}

/** The account as its owner reads it. */
export function wireSelf(world: World, user: UserRow): Record<string, unknown> {
  const threads = world.generation.newKeys ? { desktop_threads: "all" } : {};
  const more = world.generation.newKeys ? { email_threads: "all", push_threads: "all" } : {};
  return {
    ...wireUser(user),
    notify_props: {
      channel: "true",
      comments: "never",
      desktop: "mention",
      desktop_sound: "true",
      ...threads,
      email: "true",
      first_name: "false",
      mention_keys: "",
      push: "mention",
      push_status: "away",
      ...more,
    },
    last_password_update: user.createAt,
  };
}

/** The account in lists that name it by id only. */
export function wireUserIdOnly(userId: string): Record<string, unknown> {
  return {
    id: userId,
    delete_at: 0,
    username: "",
    auth_data: "",
    auth_service: "",
    email: "",
    nickname: "",
    first_name: "",
    last_name: "",
    position: "",
    roles: "",
    locale: "",
    timezone: null,
    disable_welcome_email: false,
  };
}

function botName(username: string): string {
  return username === "opencode" ? "OpenCode" : username;
}
