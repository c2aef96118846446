import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  type StandIn,
  type StandInUser,
  startStandIn,
} from "../../../src/playground/stand-in/stand-in.ts";

let standIn: StandIn;
let now: number;
let alice: StandInUser;
let bot: StandInUser;
let channelId: string;

beforeEach(async () => {
  now = 1_795_000_000_000;
  // Time moves when a test moves it, and by one for every look at the clock.
  await begin({});
});

afterEach(() => standIn.stop());

async function begin(options: Parameters<typeof startStandIn>[0]): Promise<void> {
  standIn = await startStandIn({ ...options, now: () => ++now });
  alice = standIn.as("alice");
  bot = standIn.as("opencode");
  channelId = await alice.dm();
}

interface List {
  readonly order: readonly string[];
  readonly posts: Readonly<
    Record<string, { readonly message: string; readonly delete_at: number }>
  >;
  readonly next_post_id: string;
  readonly prev_post_id: string;
  readonly has_next: boolean;
}

async function list(path: string): Promise<List> {
  return (await bot.call("GET", path)) as List;
}

async function texts(query: string): Promise<readonly (string | undefined)[]> {
  const { order, posts } = await list(`/channels/${channelId}/posts?${query}`);
  return order.map((id) => posts[id]?.message);
}

async function posted(...messages: readonly string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const message of messages) ids.push(await bot.post(message, { channelId }));
  return ids;
}

test("a message is as long as its code points", async () => {
  await standIn.stop();
  await begin({ maxPostChars: 4 });

  await bot.post("😀😀😀😀", { channelId });

  await expect(bot.post("😀😀😀😀😀", { channelId })).rejects.toThrow("model.post.is_valid.msg");
  await expect(bot.post("12345", { channelId })).rejects.toThrow("model.post.is_valid.msg");
});

test("pages lie at the end, before a post and after one, newest first", async () => {
  const [one = "", , three = ""] = await posted("1", "2", "3", "4", "5");

  expect(await texts("per_page=2")).toEqual(["5", "4"]);
  expect(await texts("per_page=2&page=1")).toEqual(["3", "2"]);
  expect(await texts(`before=${three}&per_page=10`)).toEqual(["2", "1"]);
  expect(await texts(`after=${one}&per_page=2`)).toEqual(["3", "2"]);
  expect(await texts(`after=${one}&per_page=2&page=1`)).toEqual(["5", "4"]);
  expect(await texts(`after=${"b".repeat(26)}`)).toEqual([]);
});

test("a page names its neighbours", async () => {
  const [one = "", two = "", three = "", four = ""] = await posted("1", "2", "3", "4");
  const neighbours = async (query: string) => {
    const page = await list(`/channels/${channelId}/posts?${query}`);
    return { previous: page.prev_post_id, next: page.next_post_id };
  };

  expect(await neighbours("per_page=2")).toEqual({ previous: two, next: "" });
  expect(await neighbours("per_page=1&page=1")).toEqual({ previous: two, next: four });
  expect(await neighbours(`after=${one}&per_page=1`)).toEqual({ previous: one, next: three });
  expect(await neighbours(`before=${four}&per_page=1`)).toEqual({ previous: two, next: four });
});

test("after a deleted post works, after one that never was gives nothing", async () => {
  const [one = ""] = await posted("1", "2");
  await bot.remove(one);

  expect(await texts(`after=${one}`)).toEqual(["2"]);
});

test("since is strict, and tells of edits, deletions and old versions", async () => {
  const [one = "", two = ""] = await posted("1", "2", "3");
  const since = standIn.posts({ channelId })[2]?.createAt ?? 0;
  await bot.edit(one, "1, edited");
  await bot.remove(two);

  const { order, posts } = await list(`/channels/${channelId}/posts?since=${since}`);

  const told = order.map((id) => ({ said: posts[id]?.message, gone: posts[id]?.delete_at !== 0 }));
  expect(told).toContainEqual({ said: "1, edited", gone: false });
  expect(told.filter(({ said, gone }) => said === "" && gone)).toHaveLength(2);
  expect(told).toHaveLength(3);
});

test("edits leave their old versions behind", async () => {
  const [id = ""] = await posted("first");
  await bot.edit(id, "second");
  await bot.edit(id, "third");

  expect(standIn.posts({ channelId }).map((each) => each.message)).toEqual(["third"]);
  const all = standIn.posts({ channelId, includeDeleted: true });
  expect(all.filter((each) => each.originalId === id).map((each) => each.message)).toEqual([
    "first",
    "second",
  ]);
});

test("an edit after the time limit is refused", async () => {
  await standIn.stop();
  await begin({ postEditTimeLimitSeconds: 60 });
  const [id = ""] = await posted("first");
  await bot.edit(id, "second");
  now += 61_000;

  await expect(bot.edit(id, "third")).rejects.toThrow("permissions_time_limit");
  expect(standIn.post(id)?.message).toBe("second");
});

test("a pending post id is remembered for 30 seconds", async () => {
  const create = () =>
    bot.call("POST", "/posts", { channel_id: channelId, message: "x", pending_post_id: "p" });
  await create();
  now += 29_000;
  await create();
  expect(standIn.posts({ channelId })).toHaveLength(1);
  now += 2_000;
  await create();

  expect(standIn.posts({ channelId })).toHaveLength(2);
});

test("a root takes its thread along", async () => {
  const [root = ""] = await posted("root");
  await alice.post("reply", { rootId: root });
  await bot.remove(root);

  expect(standIn.posts({ channelId })).toEqual([]);
  await expect(alice.post("late", { rootId: root })).rejects.toThrow("root_id.app_error");
});

test("a thread is read in pages", async () => {
  const [root = ""] = await posted("root");
  const replies: string[] = [];
  for (const text of ["1", "2", "3"]) replies.push(await alice.post(text, { rootId: root }));
  const second = standIn.post(replies[1] ?? "")?.createAt;

  const down = await list(`/posts/${root}/thread?perPage=2&direction=down`);
  const rest = await list(
    `/posts/${root}/thread?perPage=2&direction=down&fromCreateAt=${second}&fromPost=${replies[1]}`,
  );

  expect(down.order).toEqual([root, ...replies.slice(0, 2)]);
  expect(down.has_next).toBe(true);
  expect(rest.order).toEqual([root, ...replies.slice(2)]);
  expect(rest.has_next).toBe(false);
});

test("only the author changes a post", async () => {
  const [id = ""] = await posted("mine");

  await expect(alice.edit(id, "hers")).rejects.toThrow("answered 403");
  await expect(alice.remove(id)).rejects.toThrow("answered 403");
  await bot.remove(id);
  await expect(bot.edit(id, "gone")).rejects.toThrow("answered 403");
});

test("a file is uploaded, attached once, and downloaded as it was", async () => {
  const bytes = new Uint8Array([0, 255, 10, 13, 128]);
  const fileId = await alice.upload("odd name.bin", bytes);
  const first = await alice.post("with a file", { fileIds: [fileId] });
  const second = await alice.post("the same again", { fileIds: [fileId] });
  const headers = { authorization: `Bearer ${standIn.bot.token}` };

  const answer = await fetch(`${standIn.url}/api/v4/files/${fileId}`, { headers });

  expect(await answer.bytes()).toEqual(bytes);
  expect(standIn.file(fileId)?.bytes).toEqual(bytes);
  expect(standIn.post(first)?.fileIds).toEqual([fileId]);
  expect(standIn.post(second)?.fileIds).toEqual([]);
});

test("an empty file in a form is taken, with its name", async () => {
  const form = new FormData();
  form.append("channel_id", channelId);
  for (const name of ["empty.txt", "full.txt"]) {
    form.append("files", new Blob([name === "full.txt" ? "text" : ""]), name);
  }
  const headers = { authorization: `Bearer ${standIn.bot.token}` };
  const answer = await fetch(`${standIn.url}/api/v4/files`, {
    method: "POST",
    headers,
    body: form,
  });
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({
    file_infos: [
      { name: "empty.txt", size: 0 },
      { name: "full.txt", size: 4 },
    ],
  });
});

test("a file over the limit is refused", async () => {
  await standIn.stop();
  await begin({ maxFileBytes: 3 });

  await expect(alice.upload("big.txt", "1234")).rejects.toThrow("too_large");
});

test("a reaction is there once, and goes once", async () => {
  const [id = ""] = await posted("react to me");
  await alice.react(id, "+1_medium_skin_tone");
  await alice.react(id, "+1_medium_skin_tone");
  expect(standIn.reactions(id)).toEqual([
    { userId: alice.account.id, username: "alice", emoji: "+1_medium_skin_tone" },
  ]);

  await alice.unreact(id, "+1_medium_skin_tone");

  expect(standIn.reactions(id)).toEqual([]);
});
