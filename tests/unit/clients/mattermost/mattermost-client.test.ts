import { describe, expect, test } from "bun:test";
import { createMattermostClient } from "../../../../src/clients/mattermost/mattermost-client.ts";
import { createRateBudget } from "../../../../src/clients/mattermost/rate-budget.ts";
import { asChannelId, asPostId, asUserId } from "../../../../src/models/ids.ts";
import { failure } from "../../../contract/chat-port-guests.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { until } from "../../../support/until.ts";

const USER = { id: "u1", username: "opencode", is_bot: true, delete_at: 0 };
const POST = asPostId("p1");

function serve(answer: (request: Request) => Response | Promise<Response>, path = "") {
  const seen: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname } = new URL(request.url);
      seen.push(`${request.method} ${pathname}`);
      return answer(request);
    },
  });
  const clock = createManualClock();
  const budget = createRateBudget({ clock, perSecond: 100, burst: 100 });
  const chat = createMattermostClient({
    baseUrl: `http://127.0.0.1:${server.port}${path}`,
    token: "tokentokentokentokentoken1",
    budget,
    withinMs: 5_000,
  });
  return { chat, clock, budget, seen, [Symbol.dispose]: () => void server.stop(true) };
}

const tooMany = (seconds: number): Response =>
  new Response("limit exceeded", { status: 429, headers: { "Retry-After": String(seconds) } });

describe("where the server says not now", () => {
  test("everybody waits as told, then it is asked again", async () => {
    let answers = 0;
    using server = serve(() => (answers++ === 0 ? tooMany(7) : Response.json(USER)));
    const { chat, clock, seen } = server;
    const first = chat.me();
    await until("the pause", () => clock.pending() > 0);
    const second = chat.me();
    await clock.advance(7_000);
    expect(seen).toHaveLength(1);
    await clock.advance(1_000);
    expect(await Promise.all([first, second])).toHaveLength(2);
    expect(seen).toHaveLength(3);
  });

  test("three times, that is the answer", async () => {
    using server = serve(() => tooMany(2));
    const { chat, clock, seen } = server;
    const asked = failure(chat.createPost(aPost, "interactive"));
    for (let tries = 1; tries < 3; tries++) {
      await until("the pause", () => clock.pending() > 0);
      await clock.advance(2_500);
    }
    expect(await asked).toMatchObject({ kind: "limited", retryAfterMs: 2_000 });
    expect(seen).toHaveLength(3);
  });
});

test("a mark gives way to a post where both wait for their turn", async () => {
  using server = serve(() => Response.json({}));
  const { chat, clock, budget, seen } = server;
  budget.pause(5_000);
  const mark = chat.react(asUserId("u1"), POST, "eyes", "cosmetic");
  const post = failure(chat.createPost(aPost, "normal"));
  await clock.advance(6_000);
  await Promise.all([mark, post]);
  expect(seen).toEqual(["POST /api/v4/posts", "POST /api/v4/reactions"]);
});

test("what waits for its turn says what is to be said when it is sent", async () => {
  const bodies: unknown[] = [];
  using server = serve(async (request) => {
    bodies.push(await request.json());
    return Response.json({});
  });
  const { chat, clock, budget } = server;
  let text = "at first";
  budget.pause(5_000);
  const made = failure(chat.createPost({ ...aPost, message: () => text }, "normal"));
  const edited = failure(chat.editPost(POST, () => text, "cosmetic"));
  text = "by now";
  await clock.advance(6_000);
  await Promise.all([made, edited]);
  expect(bodies).toMatchObject([{ message: "by now" }, { message: "by now" }]);
});

const aPost = { channelId: asChannelId("c1"), message: "m", props: {}, pendingPostId: "p" };

describe("what is not Mattermost's", () => {
  const page = (): Response =>
    new Response("<html>Please log in</html>", { headers: { "Content-Type": "text/html" } });

  test("is never taken for done", async () => {
    using server = serve(page);
    const { chat } = server;
    const me = asUserId("u1");
    const calls = [
      chat.me(),
      chat.createPost(aPost, "normal"),
      chat.editPost(POST, "m", "normal"),
      chat.deletePost(POST),
      chat.react(me, POST, "eyes"),
      chat.unreact(POST, "eyes"),
      chat.setCustomStatus(me, { emoji: "eyes", text: "" }),
      chat.setCustomStatus(me, undefined),
      chat.thread(POST),
      chat.reactions(POST),
      chat.upload(asChannelId("c1"), "a", new Uint8Array(1)),
    ];
    const errors = await Promise.all(calls.map(failure));
    expect(errors.map((error) => error.kind)).toEqual(calls.map(() => "unknown"));
  });
});

test("a create that is still being made is no refusal", async () => {
  const id = "api.post.deduplicate_create_post.pending";
  using server = serve(() => Response.json({ id, message: "Rejected post" }, { status: 500 }));
  const error = await failure(server.chat.createPost(aPost, "normal"));
  expect(error).toMatchObject({ kind: "unknown", code: id, status: 500 });
});

test("a server may live under a path", async () => {
  for (const path of ["/chat", "/chat/", "/a/b"]) {
    using server = serve(() => Response.json(USER), path);
    await server.chat.me();
    expect(server.seen).toEqual([`GET ${path.replace(/\/$/, "")}/api/v4/users/me`]);
  }
});

test("a post that cannot be read costs no other", async () => {
  const post = (id: string, create_at: number) => ({
    id,
    channel_id: "c1",
    user_id: "u1",
    message: id,
    create_at,
  });
  const posts = { p1: post("p1", 1), p2: { id: "p2", message: 7 }, p3: post("p3", 3) };
  using server = serve(() => Response.json({ order: ["p3", "p2", "p1"], posts }));
  const thread = await server.chat.thread(POST);
  expect(thread.map((each) => each.id)).toEqual([asPostId("p1"), asPostId("p3")]);
});

test("a 403 is told where the post is there", async () => {
  const post = { id: "p1", channel_id: "c1", user_id: "u2", message: "theirs", create_at: 1 };
  using server = serve((request) =>
    request.method === "GET"
      ? Response.json(post)
      : Response.json({ id: "api.context.permissions.app_error", message: "No." }, { status: 403 }),
  );
  expect(await failure(server.chat.deletePost(POST))).toMatchObject({ status: 403 });
  expect(await failure(server.chat.unreact(POST, "eyes"))).toMatchObject({ status: 403 });
});

test("control characters, which no server stores, are left out of posts", async () => {
  const messages: unknown[] = [];
  using server = serve(async (request) => {
    messages.push(Object(await request.json()).message);
    return Response.json({ id: "p1", channel_id: "c1", user_id: "u1", message: "", create_at: 1 });
  });
  const message = "a\0b\u0007c\td\ne\u001b[31m";
  await server.chat.createPost({ ...aPost, message }, "normal");
  await server.chat.editPost(POST, message, "normal");
  expect(messages).toEqual(["abc\td\ne[31m", "abc\td\ne[31m"]);
});

test("a file's name goes out without what shows nothing or turns the rest around", async () => {
  const names: string[] = [];
  using server = serve((request) => {
    names.push(new URL(request.url).searchParams.get("filename") ?? "");
    return Response.json({ file_infos: [{ id: "f1" }] });
  });
  const channel = asChannelId("dm");
  for (const name of [
    "report\u202efdp.exe",
    "a\u2066b\u2069\u200b\u00ad\ufe0fc.txt",
    "two\nlines\u2028\t.md",
    "\u202e",
    "Übersicht 数.pdf",
  ]) {
    await server.chat.upload(channel, name, new Uint8Array(1));
  }
  expect(names).toEqual(["reportfdp.exe", "abc.txt", "twolines.md", "file", "Übersicht 数.pdf"]);
});
