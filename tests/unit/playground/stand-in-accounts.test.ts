import { afterEach, beforeEach, expect, test } from "bun:test";
import { type StandIn, startStandIn } from "../../../src/playground/stand-in/stand-in.ts";

let standIn: StandIn;

beforeEach(async () => {
  standIn = await startStandIn();
});

afterEach(() => standIn.stop());

test("nobody reads or writes in a channel of others", async () => {
  const id = await standIn.as("alice").post("private");
  const channelId = await standIn.as("alice").dm();
  const mallory = standIn.as("mallory");

  await expect(mallory.call("GET", `/posts/${id}`)).rejects.toThrow("answered 403");
  await expect(mallory.call("GET", `/channels/${channelId}/posts`)).rejects.toThrow("403");
  await expect(mallory.post("hi", { channelId })).rejects.toThrow("answered 403");
  await expect(mallory.react(id, "eyes")).rejects.toThrow("answered 403");
});

test("a group has a channel of its own kind", async () => {
  const ids = ["alice", "mallory"].map((name) => standIn.users[name]?.id);

  const channel = await standIn.as("opencode").call("POST", "/channels/group", ids);

  expect(channel).toMatchObject({ type: "G", display_name: "alice, mallory, opencode" });
});

test("users and bots can join later", async () => {
  standIn.addUser("bob");
  const other = standIn.addUser("otherbot", "bot");

  const seen = await standIn.as("bob").call("GET", "/users/username/otherbot");

  expect(seen).toMatchObject({ id: other.id, is_bot: true });
  expect(() => standIn.addUser("bob")).toThrow("bob already");
});

test("a deactivated user is known, and can do nothing", async () => {
  const alice = standIn.users["alice"];
  standIn.deactivate(alice?.id ?? "");

  await expect(standIn.as("alice").dm()).rejects.toThrow("answered 401");
  const seen = await standIn.as("mallory").call("GET", `/users/${alice?.id}`);
  expect(seen).toMatchObject({ username: "alice" });
  expect(seen).not.toMatchObject({ delete_at: 0 });
});

test("a renamed user keeps its id", async () => {
  const alice = standIn.users["alice"];
  standIn.rename(alice?.id ?? "", "alicia");

  const seen = await standIn.as("mallory").call("GET", "/users/username/alicia");

  expect(seen).toMatchObject({ id: alice?.id });
  await expect(standIn.as("mallory").call("GET", "/users/username/alice")).rejects.toThrow(
    "get_by_username",
  );
});

test("a further token works beside the first, until it is revoked", async () => {
  const token = standIn.issue(standIn.bot.id);
  const status = async (with_: string) => {
    const headers = { authorization: `Bearer ${with_}` };
    return (await fetch(`${standIn.url}/api/v4/users/me`, { headers })).status;
  };

  expect(await status(token)).toBe(200);
  standIn.revoke(token);

  expect([await status(token), await status(standIn.bot.token)]).toEqual([401, 200]);
});

test("a custom status is set and taken back", async () => {
  const bot = standIn.as("opencode");
  await bot.call("PUT", "/users/me/status/custom", { emoji: "gear", text: "working" });
  expect(standIn.customStatus(standIn.bot.id)).toEqual({ emoji: "gear", text: "working" });

  await bot.call("DELETE", "/users/me/status/custom");

  expect(standIn.customStatus(standIn.bot.id)).toBeUndefined();
});

test("the configuration tells its limits to those who are signed in", async () => {
  const path = "/config/client?format=old";
  const config = await standIn.as("opencode").call("GET", path);

  const open = await (await fetch(`${standIn.url}/api/v4${path}`)).json();

  expect(config).toMatchObject({ MaxPostSize: "16383", PostEditTimeLimit: "-1" });
  expect(config).toMatchObject({ SiteURL: standIn.url });
  expect(open).toMatchObject({ Version: "9.9.0" });
  expect(open).not.toHaveProperty("MaxPostSize");
});

test("requests are remembered with who made them, what was sent and how it ended", async () => {
  await standIn.as("alice").call("POST", "/users/ids", [standIn.bot.id]);

  const { at: _at, ...seen } = standIn.requests().at(-1) ?? { at: 0 };
  expect(seen).toEqual({
    user: "alice",
    method: "POST",
    path: "/users/ids",
    status: 200,
    body: [standIn.bot.id],
  });
});

test("reading a thread takes its unread counts away", async () => {
  const alice = standIn.as("alice");
  const rootId = await standIn.as("opencode").post("root", { channelId: await alice.dm() });
  await standIn.as("opencode").post("reply", { channelId: await alice.dm(), rootId });
  const [team] = (await alice.call("GET", "/users/me/teams")) as { readonly id: string }[];
  const threads = `/users/me/teams/${team?.id}/threads`;

  expect(await alice.call("GET", threads)).toMatchObject({ total_unread_mentions: 1 });
  await alice.call("PUT", `${threads}/${rootId}/read/${Date.now() + 1}`);

  expect(await alice.call("GET", threads)).toMatchObject({ total_unread_threads: 0 });
});
