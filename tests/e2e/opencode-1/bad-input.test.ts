// Settings that are wrong: OpenCode works as if the plugin were not there, and its log says what to do.
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { HostProcess } from "../../support/hosts/host.ts";
import { logged, newSession, PLUGIN, prompt, startWorld, type World } from "../../support/world.ts";

const SECRET = "s3cr3t-but-not-the-right-one";
const SPACED_SECRET = "two words s3cr3t";

let world: World;
/** One process; each project has settings of its own in its `opencode.json`. */
let opencode: HostProcess;
beforeAll(async () => {
  world = await startWorld();
  opencode = await world.opencode({ withoutPlugin: true });
}, 60_000);
afterAll(() => world.stop());

/** Opens a project with these options, prompts a session there, and waits for what the log says. */
async function openWith(
  project: string,
  options: Readonly<Record<string, unknown>>,
  expected: RegExp,
): Promise<string[]> {
  const settings = { plugin: [[PLUGIN, options]] };
  const files = { "opencode.json": JSON.stringify(settings) };
  const client = opencode.client(await opencode.newDirectory(project, files));
  const sessionId = await newSession(client);
  const answer = await prompt(client, sessionId, `hello from ${project}`);
  expect(answer).toBe(`Scripted answer to: hello from ${project}`);
  await world.model.until(`the log to say ${expected}`, () => expected.test(said().join("\n")));
  return said().filter((message) => expected.test(message));
}

const said = (): readonly string[] => logged(opencode, "WARN", "ERROR", "INFO");
const good = (): Record<string, unknown> => ({ url: world.mattermost.url, owner: "alice" });

test("a url that is none", async () => {
  const [message, ...more] = await openWith("bad-url", { ...good(), url: "chat" }, /It is "chat"/);
  expect(message).toContain('The option "url" must be the address of your Mattermost server');
  expect(message).toContain("https://chat.example.com");
  expect(more).toEqual([]);
});

test("no url at all", async () => {
  const [message, ...more] = await openWith("no-url", { owner: "alice" }, /MATTERMOST_URL/);
  expect(message).toContain("not set up");
  expect(more).toEqual([]);
});

test("an address where nobody answers", async () => {
  const url = "http://127.0.0.1:1";
  const messages = await openWith("nobody-there", { ...good(), url }, /cannot be reached/);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain(url);
  expect(messages[0]).toContain("Check the port in the address");
});

test("a token that the server does not accept", async () => {
  const options = { ...good(), token: SECRET };
  const messages = await openWith("bad-token", options, /does not accept the token/);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain("MATTERMOST_TOKEN");
});

test("an owner whom the server does not know", async () => {
  const options = { ...good(), owner: "nobody-here" };
  const messages = await openWith("bad-owner", options, /nobody-here/);
  expect(messages).toHaveLength(1);
  expect(messages[0]).toContain("MATTERMOST_OWNER");
});

test("several at once: one message with every problem and its fix", async () => {
  const options = {
    url: "ftp://chat",
    token: SPACED_SECRET,
    owner: "not a name",
    verbosity: "loud",
    requestsPerSecond: -3,
    colour: "red",
  };
  const messages = await openWith("all-wrong", options, /verbosity/);
  expect(messages).toHaveLength(1);
  const [message = ""] = messages;
  const problems = [
    'no option "colour"',
    'The option "url" must be the address',
    'The option "token" must be',
    'The option "owner" must be your Mattermost username',
    'The option "verbosity" must be "quiet", "normal" or "verbose". It is "loud".',
    'The option "requestsPerSecond" must be a number above 0',
  ];
  expect(problems.filter((problem) => !message.includes(problem))).toEqual([]);
});

test("none of this touched Mattermost or told a secret, and a project set up well works beside it", async () => {
  const files = { "opencode.json": JSON.stringify({ plugin: [[PLUGIN, good()]] }) };
  const client = opencode.client(await opencode.newDirectory("set-up-well", files));
  const sessionId = await newSession(client);
  const root = await world.rootOf(sessionId);
  await world.say(root.id, "well?");
  await world.answered(root.id, "Scripted answer to: well?");
  expect(world.roots().map(({ id }) => id)).toEqual([root.id]);
  const log = opencode.log();
  const secrets = [SECRET, SPACED_SECRET, "s3cr3t", world.mattermost.bot.token];
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
});
