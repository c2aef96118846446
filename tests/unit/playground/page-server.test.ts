// The page lets only the browser in that was sent to its whole address.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Page, startPage } from "../../../src/playground/page-server.ts";
import { type StandIn, startStandIn } from "../../../src/playground/stand-in/stand-in.ts";

let mattermost: StandIn;
let page: Page;
let token: string;
let bare: string;
beforeAll(async () => {
  mattermost = await startStandIn({ control: true });
  page = await startPage({ mattermost, owner: "alice", port: 0 });
  token = mattermost.as("alice").account.token;
  bare = new URL(page.url).origin;
});
afterAll(async () => {
  await page.stop();
  await mattermost.stop();
});

const WAYS = ["session", "markdown", "api/v4/users/me"] as const;
const ask = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(url, { headers: { authorization: `Bearer ${token}`, ...headers } });
/** Whether a socket opens at the address. */
const opens = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url.replace(/^http/, "ws"), { headers });
    socket.addEventListener("open", () => {
      resolve(true);
      socket.close();
    });
    socket.addEventListener("error", () => resolve(false));
  });

test("with the whole address page, data, API and socket are there", async () => {
  expect(await (await ask(`${page.url}session`)).text()).toContain(token);
  for (const way of WAYS) expect((await ask(`${page.url}${way}`)).status).toBe(200);
  expect(await opens(`${page.url}api/v4/websocket`)).toBe(true);
  const own = { origin: bare };
  expect((await ask(`${page.url}session`, own)).status).toBe(200);
  expect(await opens(`${page.url}api/v4/websocket`, own)).toBe(true);
});

describe("without it", () => {
  const others = (): string[] => [
    bare,
    `${bare}/${crypto.randomUUID()}`,
    page.url.slice(0, -2),
    `${bare}//`,
  ];
  test("there is no data, no API and no socket", async () => {
    for (const base of others()) {
      for (const way of WAYS) {
        const answer = await ask(`${base}/${way}`);
        expect([way, [403, 404].includes(answer.status)]).toEqual([way, true]);
        expect(await answer.text()).not.toContain(token);
      }
      expect(await opens(`${base}/api/v4/websocket`)).toBe(false);
    }
    expect((await ask(bare)).status).toBe(403);
  });
});

test.each([
  { origin: "https://evil.example" },
  { origin: "null" },
  { origin: "http://127.0.0.1:1" },
  { host: "evil.example" },
  { host: "localhost.evil.example" },
])("another site gets nothing, even with the whole address: %p", async (headers) => {
  for (const way of ["", ...WAYS]) {
    const answer = await ask(`${page.url}${way}`, headers);
    expect([way, answer.status]).toEqual([way, 403]);
  }
  if (headers.origin) expect(await opens(`${page.url}api/v4/websocket`, headers)).toBe(false);
});

test("no other page may show it in a frame, and none is told its address", async () => {
  const { headers } = await ask(page.url);
  expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("content-type")).toContain("text/html");
});

test.each([{ origin: "https://evil.example" }, { origin: "null" }, { host: "evil.example" }])(
  "no other site switches the stand-in's faults: %p",
  async (headers) => {
    const body = JSON.stringify({ fault: "fail" });
    const switched = await fetch(`${mattermost.url}/stand-in/faults`, {
      method: "POST",
      headers,
      body,
    });
    expect(switched.status).toBe(403);
    expect((await ask(`${mattermost.url}/api/v4/users/me`)).status).toBe(200);
  },
);
