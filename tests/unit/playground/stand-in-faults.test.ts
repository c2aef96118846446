import { afterEach, beforeEach, expect, test } from "bun:test";
import { type StandIn, startStandIn } from "../../../src/playground/stand-in/stand-in.ts";

let standIn: StandIn;
let channelId: string;

beforeEach(async () => {
  standIn = await startStandIn();
  channelId = await standIn.as("alice").dm();
});

afterEach(() => standIn.stop());

function asBot(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${standIn.url}/api/v4${path}`, {
    method,
    headers: { authorization: `Bearer ${standIn.bot.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function post(message: string, pendingPostId = ""): Promise<Response> {
  const pending_post_id = pendingPostId;
  return asBot("POST", "/posts", { channel_id: channelId, message, pending_post_id });
}

/** How a call that is still under way stands. */
async function state(call: Promise<unknown>): Promise<"waiting" | "settled"> {
  const settled = call.then(
    () => "settled" as const,
    () => "settled" as const,
  );
  return Promise.race([settled, Bun.sleep(30).then(() => "waiting" as const)]);
}

function messages(): string[] {
  return standIn.posts({ channelId }).map((each) => each.message);
}

test("429 is answered as it was recorded", async () => {
  const path = new URL("../../fixtures/mattermost/rate-limited-429.http", import.meta.url);
  const [head = "", body = ""] = (await Bun.file(path).text()).split(/\r?\n\r?\n/);
  const [, ...lines] = head.split(/\r?\n/);
  const recorded = lines.map((line) => line.split(": "));
  standIn.faults.rateLimited();

  const answer = await post("one");

  expect(answer.status).toBe(429);
  expect((await answer.text()).trimEnd()).toBe(body.trimEnd());
  for (const [name = "", value] of recorded) {
    if (name === "Date") continue;
    expect([name, answer.headers.get(name)]).toEqual([name, value ?? ""]);
  }
  expect(messages()).toEqual([]);
});

test("a fault strikes only what is in its scope, and only so often", async () => {
  const fault = standIn.faults.fail({ method: "POST", path: /^\/posts$/, times: 2 }, 503);

  expect((await asBot("GET", "/users/me")).status).toBe(200);
  expect((await post("one")).status).toBe(503);
  expect((await post("two")).status).toBe(503);
  expect((await post("three")).status).toBe(201);
  expect(fault.hits).toBe(2);
  expect(messages()).toEqual(["three"]);
});

test("users that act are spared unless they are named", async () => {
  const everyone = standIn.faults.fail();
  await standIn.as("alice").post("spared");
  everyone.clear();
  standIn.faults.fail({ user: "alice" });

  await expect(standIn.as("alice").post("struck")).rejects.toThrow("answered 500");
  expect(messages()).toEqual(["spared"]);
});

test("chances are repeatable", async () => {
  standIn.faults.fail({ probability: 0.5 });
  const round = async () => {
    standIn.faults.seed(7);
    const statuses: number[] = [];
    for (let at = 0; at < 20; at += 1) statuses.push((await asBot("GET", "/users/me")).status);
    return statuses;
  };

  const first = await round();

  expect(await round()).toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 500]));
});

test("a rate is allowed, and what is over it is refused", async () => {
  let now = 1_000_000;
  await standIn.stop();
  standIn = await startStandIn({ now: () => now });
  standIn.faults.rateLimit({ perSecond: 1, burst: 2 });
  const statuses = async () => [
    (await asBot("GET", "/users/me")).status,
    (await asBot("GET", "/users/me")).status,
    (await asBot("GET", "/users/me")).status,
  ];

  expect(await statuses()).toEqual([200, 200, 429]);
  now += 1000;
  expect(await statuses()).toEqual([200, 429, 429]);
});

test("what hangs has no effect, and its connection ends in the end", async () => {
  const fault = standIn.faults.hang({ method: "POST" });
  const call = post("never");

  expect(await state(call)).toBe("waiting");
  fault.clear();

  await expect(call).rejects.toThrow();
  expect(messages()).toEqual([]);
});

test("a lost answer leaves its effect behind", async () => {
  const fault = standIn.faults.loseAnswer({ method: "POST", times: 1 });
  const call = post("done", "pending-1");

  await standIn.until("the effect", () => messages().includes("done"));
  expect(await state(call)).toBe("waiting");
  const again = await post("done", "pending-1");
  fault.clear();

  await expect(call).rejects.toThrow();
  expect(again.status).toBe(201);
  expect(messages()).toEqual(["done"]);
});

test("a held request takes effect after the client has given up", async () => {
  const fault = standIn.faults.hold({ method: "POST" });
  const giveUp = new AbortController();
  const call = fetch(`${standIn.url}/api/v4/posts`, {
    method: "POST",
    headers: { authorization: `Bearer ${standIn.bot.token}` },
    body: JSON.stringify({ channel_id: channelId, message: "late" }),
    signal: giveUp.signal,
  });
  await standIn.until("the request", () => fault.hits === 1);

  giveUp.abort();
  await expect(call).rejects.toThrow();
  expect(messages()).toEqual([]);
  fault.clear();

  await standIn.until("the late effect", () => messages().includes("late"));
});

test("a reset connection has no effect", async () => {
  standIn.faults.reset({ method: "POST", times: 1 });

  await expect(post("reset")).rejects.toThrow();
  expect((await post("made")).status).toBe(201);
  expect(messages()).toEqual(["made"]);
});

test("delays add up", async () => {
  standIn.faults.delay(20);
  standIn.faults.delay(20);
  const before = performance.now();

  expect((await post("slow")).status).toBe(201);

  expect(performance.now() - before).toBeGreaterThanOrEqual(39);
});

test("while a post is being made, its pending id is refused", async () => {
  const fault = standIn.faults.slowCreates(60_000);
  const first = post("once", "pending-1");
  await standIn.until("the request", () => standIn.requests().length === 2);

  const second = await post("once", "pending-1");
  fault.clear();

  expect(await second.json()).toMatchObject({ id: "api.post.deduplicate_create_post.pending" });
  expect((await first).status).toBe(201);
  expect((await post("once", "pending-1")).status).toBe(201);
  expect(messages()).toEqual(["once"]);
});

test("away, nobody answers; back on the same port, everything is there", async () => {
  await post("before");
  standIn.faults.leave();

  await expect(post("meanwhile")).rejects.toThrow();
  await standIn.as("alice").post("alice still acts");
  standIn.faults.comeBack();

  expect((await post("after")).status).toBe(201);
  expect(messages()).toEqual(["before", "alice still acts", "after"]);
});

test("waiting in vain tells what is there", async () => {
  await post("something");

  const waiting = standIn.until("nothing", () => false, 20);

  await expect(waiting).rejects.toThrow(/Waited for nothing.*something.*POST \/posts -> 201/s);
});

test("a login page in front of the server answers in its place", async () => {
  const page = standIn.faults.loginPage({ path: "^/users/me" });
  const answer = await asBot("GET", "/users/me");
  expect(answer.headers.get("content-type")).toStartWith("text/html");
  expect(await answer.text()).toStartWith("<!DOCTYPE html>");
  page.clear();
  expect((await asBot("GET", "/users/me")).headers.get("content-type")).toBe("application/json");
});

test("the web application is there under every path that is not the API's", async () => {
  const answer = await fetch(`${standIn.url}/dev/channels/town-square/api/v4/system/ping`);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain("<title>Mattermost</title>");
});

test("whether bot accounts may be made is told to everybody", async () => {
  const without = await startStandIn({ botAccounts: false });
  const flags = [standIn, without].map(async ({ url }) => {
    const config: unknown = await (await fetch(`${url}/api/v4/config/client?format=old`)).json();
    return Object(config).EnableBotAccountCreation;
  });
  expect(await Promise.all(flags)).toEqual(["true", "false"]);
  await without.stop();
});
