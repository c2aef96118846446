import { afterEach, expect, test } from "bun:test";
import { readArguments } from "../../../src/playground/stand-in/arguments.ts";
import { type StandIn, startStandIn } from "../../../src/playground/stand-in/stand-in.ts";

let standIn: StandIn | undefined;

afterEach(async () => {
  await standIn?.stop();
  standIn = undefined;
});

test("the command line is read", () => {
  const line = ["--port", "8065", "--json", "--mattermost", "5.37", "--users", "ann,ben"];

  expect(readArguments(line)).toEqual({
    json: true,
    options: { port: 8065, version: "5.37", users: ["ann", "ben"], bot: "opencode", control: true },
  });
  expect(readArguments([])).toMatchObject({ json: false, options: { port: 0, version: "9.9" } });
});

test.each([
  [["--port", "many"], "Give a number"],
  [["--port", "70000"], "Give a number"],
  [["--mattermost", "7"], "Give 9.9 or 5.37"],
  [["--users", "Ann"], "Use small letters"],
  [["--users", "a,a"], "a name of its own"],
  [["--users", "opencode"], "a name of its own"],
  [["--colour"], "bun run stand-in"],
])("%p is refused with what to do", (line, next) => {
  expect(readArguments(line)).toContain(next);
});

test("faults are switched over HTTP where that is allowed", async () => {
  standIn = await startStandIn({ control: true });
  const { url, bot } = standIn;
  const switchTo = (body: unknown) =>
    fetch(`${url}/stand-in/faults`, { method: "POST", body: JSON.stringify(body) });
  const headers = { authorization: `Bearer ${bot.token}` };
  const status = async () => (await fetch(`${url}/api/v4/users/me`, { headers })).status;

  await switchTo({ fault: "rateLimited", scope: { method: "GET", path: "^/users" } });
  expect(await status()).toBe(429);
  await switchTo({ fault: "clear" });
  expect(await status()).toBe(200);

  const answer = await switchTo({ fault: "earthquake" });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain("rateLimited");
});

test("faults are not switched over HTTP elsewhere", async () => {
  standIn = await startStandIn();

  const answer = await fetch(`${standIn.url}/stand-in/faults`, { method: "POST", body: "{}" });

  expect(answer.status).toBe(404);
});
