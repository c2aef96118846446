import { createRing } from "../ring.ts";
import { actAs } from "./acting-user.ts";
import type { Account, SeenRequest, SeenTyping, StandIn, StandInOptions } from "./api.ts";
import { addChannel } from "./channels.ts";
import { createControl } from "./control.ts";
import { createDeduplication } from "./deduplication.ts";
import { createFaults, type FaultPlan } from "./faults.ts";
import { generations } from "./generation.ts";
import { createHttpApi } from "./http-api.ts";
import { createHub } from "./hub.ts";
import { newId } from "./ids.ts";
import { describePosts, storedPost, storedPosts, storedReactions } from "./inspect.ts";
import { openRelay, type Relay } from "./relay.ts";
import { createRouter, type RouteContext } from "./route.ts";
import { routes } from "./routes/index.ts";
import type { UserRow } from "./rows.ts";
import { startServer } from "./server.ts";
import { addUser, deactivateUser, renameUser } from "./users.ts";
import { createWatch } from "./watch.ts";
import { createWorld, type World } from "./world.ts";

export type { StandIn, StandInOptions, StandInPost, StandInUser } from "./api.ts";

/**
 * Starts a Mattermost server in this process, on 127.0.0.1: it answers as the real one was
 * recorded to answer. Resolves when it listens.
 */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const now = options.now ?? Date.now;
  const requests = createRing<SeenRequest>(10_000);
  const typing = createRing<SeenTyping>(1_000);
  const accounts: Record<string, Account> = {};
  const watch = createWatch(() => dump(world, requests.all()));

  const hub = createHub(() => world);
  const world: World = createWorld({
    generation: generations[options.version ?? "9.9"],
    limits: {
      postChars: options.maxPostChars ?? 16_383,
      fileBytes: options.maxFileBytes ?? 104_857_600,
      postEditSeconds: options.postEditTimeLimitSeconds ?? -1,
      botAccounts: options.botAccounts ?? true,
    },
    now,
    siteUrl: () => url,
    publish(event, data, audience) {
      hub.publish(event, data, audience);
      watch.changed();
    },
  });
  for (const [name, displayName] of [
    ["town-square", "Town Square"],
    ["off-topic", "Off-Topic"],
  ] as const) {
    const common = { type: "O", creatorId: "", teamId: world.team.id, memberIds: [] } as const;
    addChannel(world, { ...common, name, displayName });
  }

  const deduplication = createDeduplication(now);
  const onTyping = (seen: SeenTyping) => {
    typing.push(seen);
    watch.changed();
  };
  const plan: FaultPlan = createFaults({
    hub,
    relay: () => relay,
    deduplication,
    sockets: () => server.sockets(),
    userId: (username) => world.usersByName.get(username)?.id,
    now,
  });
  const context: RouteContext = {
    world,
    deduplication,
    onTyping,
    creationDelay: () => plan.creationDelay(),
  };
  const server = startServer({
    world,
    hub,
    onTyping,
    authTimeoutMs: options.authTimeoutMs ?? 5_000,
    plan: () => plan,
    changed: watch.changed,
    reset: (port) => relay.reset(port),
    elsewhere: options.control === true ? createControl(plan.faults) : async () => undefined,
    api: createHttpApi({
      context,
      router: createRouter(routes),
      plan,
      seen(request) {
        requests.push(request);
        watch.changed();
      },
      reset: (port) => relay.reset(port),
      changed: watch.changed,
    }),
  });
  const relay: Relay = openRelay(options.port ?? 0, server.port);
  const url = `http://127.0.0.1:${relay.port}`;

  const enroll = (username: string, kind: "user" | "bot"): Account => {
    if (world.usersByName.has(username)) throw new Error(`There is a user ${username} already.`);
    const { user, token } = addUser(world, username, kind === "bot");
    const account = { id: user.id, username, token };
    accounts[username] = account;
    return account;
  };
  const known = (userId: string): UserRow => {
    const user = world.users.get(userId);
    if (user === undefined) throw new Error(`There is no user with the id ${userId}.`);
    return user;
  };
  const bot = enroll(options.bot ?? "opencode", "bot");
  for (const username of options.users ?? ["alice", "mallory"]) enroll(username, "user");

  return {
    url,
    bot,
    users: accounts,
    faults: plan.faults,
    addUser: (username, kind = "user") => enroll(username, kind),
    revoke: (token) => void world.tokens.delete(token),
    issue(userId) {
      const token = newId();
      world.tokens.set(token, known(userId));
      return token;
    },
    deactivate: (userId) => deactivateUser(world, known(userId)),
    rename: (userId, username) => renameUser(world, known(userId), username),
    posts: (filter) => storedPosts(world, filter),
    post(postId) {
      const row = world.posts.get(postId);
      return row === undefined ? undefined : storedPost(row);
    },
    reactions: (postId) => storedReactions(world, postId),
    file: (fileId) => world.files.get(fileId),
    customStatus: (userId) => world.users.get(userId)?.customStatus,
    requests: requests.all,
    typing: typing.all,
    sockets: () => hub.open().map((user) => user.username),
    until: (what, probe, timeoutMs = 60_000) => watch.until(what, probe, timeoutMs),
    as(username) {
      const account = accounts[username];
      if (account === undefined) throw new Error(`There is no user ${username} to act as.`);
      return actAs(account, bot.id, server.url);
    },
    async stop() {
      plan.end();
      relay.close();
      relay.cutAll();
      hub.restart();
      watch.stop();
      await server.stop();
    },
  };
}

function dump(world: World, requests: readonly SeenRequest[]): string {
  const asked = requests.slice(-15).map((seen) => {
    return `  ${seen.user} ${seen.method} ${seen.path} -> ${seen.status}`;
  });
  return `Posts:\n${describePosts(world, 30)}\nRequests:\n${asked.join("\n")}`;
}
