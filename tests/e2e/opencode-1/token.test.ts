// The bot's token stays where it is: the agent's programs do not inherit it, and where it is found otherwise it does not leave.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bash, converse, startInstallationOn, toolResults } from "../../support/conversation.ts";
import { OPENCODE_1, type OpenCode1Process } from "../../support/hosts/opencode-1.ts";
import { mappingsPath, newSession, prompt, type World } from "../../support/world.ts";

let world: World<OpenCode1Process>;
let opencode: OpenCode1Process;
let token: string;
const dumpTo = (name: string): string => `env > "$HOME/env-of-${name}"`;
beforeAll(async () => {
  ({ world, opencode } = await startInstallationOn(OPENCODE_1, ["vault"], {
    pluginOptions: { verbosity: "verbose" },
    config: {
      mcp: { dump: { type: "local", command: ["sh", "-c", dumpTo("mcp")], enabled: true } },
      formatter: {
        dump: { command: ["sh", "-c", dumpTo("formatter"), "$FILE"], extensions: [".txt"] },
      },
    },
  }));
  ({ token } = world.mattermost.bot);
}, 120_000);
afterAll(() => world.stop());

/** Every piece of the token that would help somebody who knows the rest of it. */
const pieces = (): string[] => [...token].slice(0, -7).map((_, at) => token.slice(at, at + 8));
const leaksIn = (texts: readonly string[]): string[] =>
  texts.filter((text) => pieces().some((piece) => text.includes(piece)));

/** What a program found in its environment. */
const environmentOf = (name: string): Promise<string> =>
  world.model.until(`the environment of ${name}`, () => {
    const path = join(opencode.home, `env-of-${name}`);
    const found = existsSync(path) ? readFileSync(path, "utf8") : "";
    return found.includes("HOME=") ? found : undefined;
  });

/** Everything that the bridge has sent to Mattermost so far, old versions of posts included, and what it wrote. */
function whatLeft(): string[] {
  const { mattermost } = world;
  const posts = mattermost.posts({ userId: mattermost.bot.id, includeDeleted: true });
  const files = posts.flatMap(({ fileIds }) => fileIds.flatMap((id) => mattermost.file(id) ?? []));
  const requests = mattermost.requests().filter(({ user }) => user === mattermost.bot.username);
  const log = opencode.log().split("\n");
  return [
    ...posts.map((post) => JSON.stringify(post)),
    ...files.map(({ name, bytes }) => `${name}\n${Buffer.from(bytes).toString("latin1")}`),
    ...requests.map(({ path, body }) => `${decodeURIComponent(path)} ${JSON.stringify(body)}`),
    JSON.stringify(mattermost.customStatus(mattermost.bot.id) ?? {}),
    ...log.filter((line) => line.includes("opencode-mattermost")),
    readFileSync(mappingsPath(opencode.home), "utf8"),
    ...filesOfState(),
  ];
}

function filesOfState(): string[] {
  const folder = join(opencode.home, ".local", "state", "opencode-mattermost");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => `${name} ${readFileSync(join(parentPath, name), "latin1")}`);
}

test("what a command prints of its environment has no token in it, in no version of a post", async () => {
  const talk = await converse(world, opencode, "vault");
  const command = "env | grep MATTERMOST; sleep 4; ls /nope-$MATTERMOST_TOKEN";
  world.model.on("look around", [[bash(command)], [{ text: "Looked." }]]);
  await talk.say("look around");
  await world.answered(talk.rootId, "Looked.");
  const told = toolResults(talk.calls()).join();
  expect(told).toContain("/nope-");
  expect(leaksIn([told])).toEqual([]);
  expect(leaksIn(whatLeft())).toEqual([]);
});

test("no program that OpenCode starts inherits it", async () => {
  const talk = await converse(world, opencode, "vault");
  const filePath = join(talk.directory, "a.txt");
  world.model.on("dump them all", [
    [bash(dumpTo("shell"))],
    [{ tool: "write", args: { filePath, content: "a" } }],
    [{ text: "Dumped." }],
  ]);
  await talk.say("dump them all");
  await world.answered(talk.rootId, "Dumped.");
  const { sessionId: sessionID } = talk;
  const sdk = opencode.sdk(talk.directory);
  await sdk.session.shell({ sessionID, agent: "build", command: dumpTo("command") });
  await sdk.pty.create({ command: "sh", args: ["-c", dumpTo("pty")] });
  for (const name of ["mcp", "formatter", "shell", "command", "pty"]) {
    expect([name, leaksIn([await environmentOf(name)])]).toEqual([name, []]);
  }
});

test("where the model has it all the same, nothing leaves that it is in", async () => {
  const talk = await converse(world, opencode, "vault");
  await opencode
    .sdk(talk.directory)
    .session.update({ sessionID: talk.sessionId, title: `About ${token}` });
  const name = `dump-${token}.txt`;
  writeFileSync(join(talk.directory, name), `first\n${token}\nlast`);
  const slowly = token.match(/.{1,3}/g)?.flatMap((text) => [{ text }, { pauseMs: 150 }]) ?? [];
  // A label that began with a digit would make of "1" more than the option's place.
  const choice = { label: `Use ${token}`, description: `or ${token}` };
  const question = { question: `Is it ${token}?`, header: token.slice(0, 12), options: [choice] };
  world.model.on(/^tell it /, [
    [
      { reasoning: `It is ${token}.` },
      { text: "It is " },
      ...slowly,
      { text: " indeed." },
      bash("true"),
    ],
    [{ text: `\`${token}\`` }, bash(`echo ${token}; sleep 1; seq 1500 | sed s/$/-${token}/`)],
    [bash(`tr '\\0' '\\n' < /proc/$PPID/environ | grep MATTERMOST; ls /nope-${token}`)],
    [
      {
        tool: "todowrite",
        args: { todos: [{ content: token, status: "pending", priority: "low" }] },
      },
    ],
    [{ tool: "mattermost_send_file", args: { path: name, comment: `See ${token}` } }],
    [{ tool: "mattermost_send_file", args: { path: `no-${token}.txt` } }],
    [{ tool: "question", args: { questions: [question] } }],
    [{ tool: "read", args: { filePath: `/etc/${token}/x` } }],
    [{ text: `Told: ${token} ${token.slice(0, 13)}\n${token.slice(13)} at the end.` }],
  ]);
  await talk.say("tell it all");
  await talk.reply(/^❓/);
  await talk.say("1");
  const request = await talk.reply(/^✋ .*needs your OK/);
  await talk.react(request.id, "x");
  await talk.typeInTerminal(`typed ${token}`);
  await talk.reply(/typed …/);
  await talk.say(`!${token}`);
  await talk.atRest();
  await world.sayInMain(`!sessions all`);
  await world.mainReply(/About …/);
  expect(world.model.calls().some(({ messages }) => JSON.stringify(messages).includes(token))).toBe(
    true,
  );
  expect(talk.replies().some(({ fileIds }) => fileIds.length > 0)).toBe(true);
  expect(leaksIn(whatLeft())).toEqual([]);
});

test("nor does it leave with what the commands answer, whatever is written behind them", async () => {
  const talk = await converse(world, opencode, "vault");
  const takers = "model agent variant verbosity help unqueue undo todo status stop nothing";
  const lines = [`!queue Say ${token}`, ...takers.split(" ").map((name) => `!${name} ${token}`)];
  for (const line of lines) await talk.say(line);
  await talk.caughtUp();
  await talk.reply(/Scripted answer to: Say …/);
  await talk.say(`!rename About ${token} again`);
  await world.becomes(talk.rootId, /About … again/);
  const before = world.roots().length;
  for (const name of ["projects", "resume", "sessions", "nothing"]) {
    await world.sayInMain(`!${name} ${token}`);
  }
  await world.sayInMain(`!new vault Say ${token} once more`);
  const root = await world.mattermost.until("the new thread", () => world.roots()[before]);
  await world.reply(root.id, /Scripted answer to: Say … once more/);
  expect(leaksIn(whatLeft())).toEqual([]);
});

test("a variable of another name that a setting takes it from is kept from programs too, and found again", async () => {
  const own = await world.opencode({
    env: { MATTERMOST_TOKEN: "", KEY_OF_THE_BOT: token },
    pluginOptions: { token: "{env:KEY_OF_THE_BOT}" },
  });
  const directory = await own.newDirectory("other-name");
  const client = own.client(directory);
  const dump = async (): Promise<string> => {
    const sessionId = await newSession(client);
    await world.rootOf(sessionId);
    world.model.on("print it", [[bash("echo [$KEY_OF_THE_BOT]")], [{ text: "Printed." }]]);
    await prompt(client, sessionId, "print it");
    return toolResults(world.callsOf(sessionId)).join().trim();
  };
  expect(await dump()).toBe("[]");
  await own.sdk(directory).instance.dispose();
  expect(await dump()).toBe("[]");
});
