// Every command of the table, and everything that can be wrong with how it is given.
import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { COMMAND_GROUPS, type Command, type ThreadPort } from "../../../src/commands/command.ts";
import { runCommand } from "../../../src/commands/command-handler.ts";
import { namesOf } from "../../../src/commands/command-names.ts";
import { COMMANDS } from "../../../src/commands/index.ts";
import { type Position, routeMessage } from "../../../src/commands/message-router.ts";
import { asSessionId } from "../../../src/models/ids.ts";
import { refusalText } from "../../../src/render/refusal.ts";
import { createFakeCommandPort } from "../../support/fake-command-port.ts";
import { createFakeHost } from "../../support/fake-host.ts";
import { createIdleThread } from "../../support/idle-thread.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const SESSION = asSessionId("ses_1");
const LIVE: Position = { place: "thread", status: "active" };
const MAIN: Position = { place: "main" };
const named = COMMANDS.map((command): [string, Command] => [command.name, command]);
const only = (isMeant: (command: Command) => boolean) => named.filter(([, c]) => isMeant(c));

/** What somebody is told who writes this there. */
async function told(message: string, position: Position, thread?: ThreadPort): Promise<string> {
  const route = routeMessage(message, position, COMMANDS);
  if (route.type === "thread-prompt") return "sent to the session";
  if (route.type !== "command") return refusalText(route, SESSION);
  const where = { place: position.place, writtenMs: 0, bridge: createFakeCommandPort() };
  const about = { ...where, sessionId: SESSION, ...(thread && { thread }) };
  return (await runCommand(COMMANDS, route.command, about)).text;
}

/** One line, under a headline at the most, and it says what to do. */
function expectNextStep(text: string): void {
  expect(text.replace(/^\*\*[^*]+\*\*\n/, "").split("\n")).toHaveLength(1);
  expect(text).toMatch(/`!\w+/);
}

const home = ({ where: [place = "thread"] }: Command): Position => (place === "main" ? MAIN : LIVE);

describe.each(named)("!%s", (name, command) => {
  test("stands in help with a line and an example of itself", async () => {
    expect(command.help).toMatch(/^[^\n]+[^.\n]$/);
    expect(COMMAND_GROUPS).toHaveProperty(command.group);
    const route = routeMessage(command.example, home(command), COMMANDS);
    expect(route).toMatchObject({ type: "command", command: { name } });
    expect(await told(`!help ${name}`, LIVE)).toContain(command.example);
    expect(await told("!help", home(command))).toContain(`\`!${name}\``);
  });

  test("has names of its own", () => {
    for (const each of namesOf(command)) {
      expect(each).toMatch(/^[a-z]+$/);
      expect(COMMANDS.filter((other) => namesOf(other).includes(each))).toEqual([command]);
    }
  });

  test("nearly written is asked about, and its aliases mean it", () => {
    if (name.length > 4) {
      const route = routeMessage(`!${name}x`, home(command), COMMANDS);
      expect(route).toMatchObject({ type: "unknown-command", meant: name });
    }
    for (const alias of command.aliases ?? []) {
      const route = routeMessage(`!${alias} x`, home(command), COMMANDS);
      const means = command.args === "" ? { name } : { command: { name, args: "x" } };
      expect(route).toMatchObject(means);
    }
  });
});

describe("without what it needs", () => {
  test.each(only(({ args }) => /^[^[]/.test(args)))("!%s says so", async (name, command) => {
    const text = await told(`!${name}`, home(command), createIdleThread());
    expectNextStep(text);
    expect(text).toContain(command.args);
  });
});

describe("with words that it does not take", () => {
  test.each(only(({ args }) => args === ""))("!%s does nothing", async (name, command) => {
    const text = await told(`!${name} the other thing`, home(command), createIdleThread());
    expectNextStep(text);
    expect(text).toContain("Nothing was done");
  });
});

describe("in the wrong place", () => {
  test.each(only(({ where }) => where.length === 1))("!%s says where", async (name, command) => {
    const text = await told(`!${name} x`, home(command) === MAIN ? LIVE : MAIN);
    expectNextStep(text);
    expect(text).toMatch(home(command) === MAIN ? /main DM/ : /session's thread/);
  });
});

describe("in a thread whose session is over", () => {
  const inThreads = only(({ where, whenEnded }) => where.includes("thread") && !whenEnded);
  test.each(inThreads)("!%s says how to come back", async (name, { args }) => {
    for (const status of ["ended", "disconnected", "orphaned"] as const) {
      const words = args === "" ? "" : " x";
      const text = await told(`!${name}${words}`, { place: "thread", status });
      expectNextStep(text);
      expect(text).toMatch(/^\*\*Session (?:ended|disconnected)\*\*/);
    }
  });
});

describe("where the host cannot", () => {
  test.each(only(({ needs }) => needs !== undefined))("!%s says so", async (name, { args }) => {
    const text = await told(args === "" ? `!${name}` : `!${name} x`, LIVE, createIdleThread());
    expectNextStep(text);
    expect(text).toContain("cannot");
    expect(await told(`!help ${name}`, LIVE, createIdleThread())).toContain("cannot do that");
  });
});

test("in the thread of a session that another process would have to tell of, nothing is invented", async () => {
  for (const [name, { where, args }] of named) {
    if (!where.includes("thread") || where.includes("main")) continue;
    const { text } = await runCommand(
      COMMANDS,
      { name, args: args === "" ? "" : "x" },
      { place: "thread", writtenMs: 0, bridge: createFakeCommandPort() },
    );
    expectNextStep(text);
  }
});

test("what fails is answered with what to do", async () => {
  const bridge = createFakeCommandPort();
  const fails = { ...bridge, sessions: () => Promise.reject(new Error("no answer")) };
  const where = { place: "main", writtenMs: 0, bridge: fails } as const;
  const { text } = await runCommand(COMMANDS, { name: "sessions", args: "" }, where);
  expect(text).toMatch(/^`!sessions` did not work: no answer\. /);
});

test("help for what is no command says so, and what may be meant", async () => {
  expect(await told("!help stpo", LIVE)).toContain("`!help stop`");
  expect(await told("!help me understand this", LIVE)).toContain("There is no command");
  expect(await told("!help !stop", LIVE)).toContain("`!stop`");
  expect(await told("!help sessions", LIVE)).toContain("in the main DM only");
});

test("README's tables name the commands of the table, each where it works", async () => {
  const readme = await Bun.file("README.md").text();
  const tables = {
    thread: /\| in a thread \| \|\n([\s\S]*?)\n\n/.exec(readme)?.[1] ?? "",
    main: /\| in the direct messages themselves \| \|\n([\s\S]*?)\n\n/.exec(readme)?.[1] ?? "",
  };
  for (const place of ["thread", "main"] as const) {
    const told = new Set([...tables[place].matchAll(/`!([a-z]+)/g)].map(([, name]) => name));
    const there = COMMANDS.filter(({ where }) => where.includes(place)).map(({ name }) => name);
    expect([...told].sort()).toEqual([...there].sort());
  }
});

describe("a name that is none", () => {
  test.each([
    ["!model nothing-like-it", "no model is like"],
    ["!agent nobody", "no agent"],
    ["!run nothing", "there is no command"],
    ["!verbosity loud", "quiet"],
    ["!file nothing.txt", "is not there"],
    ["!unqueue 7", "Nothing is queued"],
  ])("%s says so, and what to do", async (typed, says) => {
    const host = createFakeHost();
    host.offered.commands.push({ name: "review", description: "" });
    host.offered.agents.push({ name: "build", description: "" });
    host.offer({ provider: "p", model: "m" });
    const text = await told(typed, LIVE, createIdleThread(host));
    expect(text.toLowerCase()).toContain(says.toLowerCase());
    expect(text).toMatch(/`!\w+|Tap a number/);
  });
});

test("CONTRIBUTING's recipe is a command: one file and one line", async () => {
  const text = await Bun.file("CONTRIBUTING.md").text();
  const recipe = / {4}\/\/ src\/commands\/echo\.ts\n((?:(?: {4}.*)?\n)+)/.exec(text)?.[1] ?? "";
  using folder = temporaryFolder();
  const file = join(folder.path, "echo.ts");
  const commands = new URL("../../../src/commands/", import.meta.url).pathname;
  await Bun.write(file, recipe.replace(`"./`, `"${commands}`));
  const { echo }: { readonly echo: Command } = await import(file);
  const table = [...COMMANDS, echo];

  const answer = async (message: string, position: Position = LIVE): Promise<string> => {
    const route = routeMessage(message, position, table);
    if (route.type === "thread-prompt") return "sent to the session";
    if (route.type !== "command") return refusalText(route, SESSION);
    const where = { place: position.place, writtenMs: 0, bridge: createFakeCommandPort() };
    const thread = createIdleThread();
    return (await runCommand(table, route.command, { ...where, thread })).text;
  };
  expect(await answer("!echo hello")).toBe("You said: hello");
  expect(await answer("!echo")).toContain("`!echo TEXT`");
  expect(await answer("!echoo hello")).toContain("`!echo`");
  expect(await answer("!echo hello", MAIN)).toContain("in a session's thread");
  expect(await answer("!help")).toContain("`!echo`");
  expect(await answer("!help echo")).toContain("says what you said");
});
