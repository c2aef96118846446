// `setup` where all is well: what it writes, what it leaves, and that a second run changes nothing.
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { type SetupFlags, setup } from "../../../src/cli/setup.ts";
import { type StandIn, startStandIn } from "../../../src/playground/stand-in/stand-in.ts";
import { type CliHome, openCliHome } from "../../support/cli.ts";
import { recordingTerminal } from "../../support/recording-terminal.ts";
import { scriptedPrompter } from "../../support/scripted-prompter.ts";

const PLUGIN = "opencode-mattermost";
let standIn: StandIn;
let home: CliHome;
beforeEach(async () => {
  standIn = await startStandIn();
  home = openCliHome();
});
afterEach(async () => {
  home.remove();
  await standIn.stop();
});

const inHome = (...path: string[]): string => join(home.path, ...path);
const read = (...path: string[]): string => readFileSync(inHome(...path), "utf8");
function put(path: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(inHome(path)), { recursive: true });
  writeFileSync(inHome(path), text, { mode });
}
const modeOf = (...path: string[]): number => statSync(inHome(...path)).mode & 0o777;

/** Without a word on the command line: everything is in the environment, or stored. */
async function run(
  flags: SetupFlags = {},
  env: Readonly<Record<string, string>> = {},
  answers?: readonly (string | boolean | undefined)[],
) {
  const { terminal, lines } = recordingTerminal();
  const code = await setup(
    { ...(answers === undefined && { yes: true }), ...flags },
    {
      env,
      home: home.path,
      terminal,
      prompter: answers && scriptedPrompter(answers),
      readStdin: async () => `${standIn.bot.token}\n`,
      plugin: PLUGIN,
    },
  );
  return { code, said: lines.join("\n") };
}

const flags = (): SetupFlags => ({ url: standIn.url, owner: "@alice", tokenStdin: true });
const CONFIG = [".config", "opencode", "opencode.json"] as const;
const TOKEN = [".local", "share", "opencode-mattermost", "token"] as const;
const configured = (): unknown => JSON.parse(read(...CONFIG));
const hellos = (): number => standIn.posts({ userId: standIn.bot.id }).length;

describe("in a home where nothing is", () => {
  test("names the plugin, keeps the token for this user alone, and says hello to the owner", async () => {
    const { code, said } = await run(flags());
    expect(code).toBe(0);
    expect(configured()).toEqual({
      $schema: "https://opencode.ai/config.json",
      plugin: [
        [
          PLUGIN,
          {
            url: standIn.url,
            owner: "alice",
            token: "{file:~/.local/share/opencode-mattermost/token}",
          },
        ],
      ],
    });
    expect(read(...TOKEN).trim()).toBe(standIn.bot.token);
    expect(modeOf(...TOKEN)).toBe(0o600);
    expect(modeOf(...TOKEN.slice(0, -1))).toBe(0o700);
    const [hello, ...more] = standIn.posts();
    expect(hello?.message).toContain("I am connected");
    expect(hello?.channelId).toBe(await standIn.as("alice").dm());
    expect(more).toEqual([]);
    expect(said).not.toContain(standIn.bot.token);
    expect(said).toContain("Start OpenCode");
  });

  test("says the same a second time and changes nothing, without being told anything again", async () => {
    await run(flags());
    const before = [read(...CONFIG), read(...TOKEN), statSync(inHome(...CONFIG)).mtimeMs];
    const { code, said } = await run();
    expect(code).toBe(0);
    expect(said).toContain("named the plugin so already");
    expect([read(...CONFIG), read(...TOKEN), statSync(inHome(...CONFIG)).mtimeMs]).toEqual(before);
    expect(hellos()).toBe(1);
    expect(readdirSync(inHome(...TOKEN.slice(0, -1)))).toEqual(["token"]);
  });

  test("a hello whose answer was lost is not said twice", async () => {
    const fault = standIn.faults.loseAnswer({ method: "POST", path: "^/posts$" });
    expect((await run({ ...flags(), timeout: 0.3 })).code).toBe(0);
    fault.clear();
    expect((await run()).code).toBe(0);
    expect(hellos()).toBe(1);
  });

  test("a hello that is refused costs none of the settings", async () => {
    standIn.faults.fail({ method: "POST", path: "^/posts$" }, 403);
    const { code, said } = await run(flags());
    expect(code).toBe(1);
    expect(said).toContain("could not say hello");
    expect(configured()).toHaveProperty("plugin");
  });
});

describe("in a home that is in use", () => {
  test("keeps comments, other plugins, other options and the file's mode; a link stays a link", async () => {
    const text =
      '{\n  // mine\n  "plugin": ["other", ["opencode-mattermost@0.1.0", {"verbosity": "quiet"}]],\n}\n';
    put("dotfiles/opencode.jsonc", text, 0o640);
    mkdirSync(inHome(".config/opencode"), { recursive: true });
    symlinkSync(inHome("dotfiles/opencode.jsonc"), inHome(".config/opencode/opencode.jsonc"));
    expect((await run(flags())).code).toBe(0);
    const after = read("dotfiles/opencode.jsonc");
    expect(after).toContain("// mine");
    expect(after).toContain('"verbosity": "quiet"');
    expect(after).toContain('"opencode-mattermost@0.1.0"');
    expect(after).toContain(`"url": "${standIn.url}"`);
    expect(modeOf("dotfiles/opencode.jsonc")).toBe(0o640);
    expect(existsSync(inHome(...CONFIG))).toBe(false);
  });

  test("writes into the folder of each host that is there", async () => {
    put(".config/shuvcode/opencode.json", '{ "model": "a/b" }');
    expect((await run(flags())).code).toBe(0);
    expect(JSON.parse(read(".config/shuvcode/opencode.json"))).toMatchObject({
      model: "a/b",
      plugin: [[PLUGIN, { owner: "alice" }]],
    });
    expect(configured()).toMatchObject({ plugin: [[PLUGIN, { owner: "alice" }]] });
  });

  test("changes what has changed: another owner, another token", async () => {
    await run(flags());
    const token = standIn.issue(standIn.bot.id);
    const { code } = await run({ owner: "mallory" }, { MATTERMOST_TOKEN: token });
    expect(code).toBe(0);
    expect(configured()).toMatchObject({ plugin: [[PLUGIN, { owner: "mallory" }]] });
    expect(read(...TOKEN).trim()).toBe(token);
    expect(modeOf(...TOKEN)).toBe(0o600);
  });

  test("leaves the token in a file of the person's own that the settings name", async () => {
    put("secrets/bot", standIn.bot.token, 0o600);
    const options = { url: standIn.url, owner: "alice", token: "{file:~/secrets/bot}" };
    put(CONFIG.join("/"), JSON.stringify({ plugin: [[PLUGIN, options]] }));
    const before = read(...CONFIG);
    expect((await run()).code).toBe(0);
    expect(read(...CONFIG)).toBe(before);
    expect(existsSync(inHome(...TOKEN))).toBe(false);
  });

  test.each([
    ["that is no JSON", '{ "plugin": [ '],
    ["whose plugins are no list", '{ "plugin": "other" }'],
  ])("does not touch a configuration %s", async (_which, text) => {
    put(CONFIG.join("/"), text);
    const { code, said } = await run(flags());
    expect(code).toBe(1);
    expect(said).toContain("Mend the file");
    expect(read(...CONFIG)).toBe(text);
    expect(existsSync(inHome(...TOKEN))).toBe(false);
    expect(hellos()).toBe(0);
  });

  test("where the token's file cannot be written that is said, and OpenCode's configuration stays", async () => {
    put(".local/share/opencode-mattermost", "in the way");
    const { code, said } = await run(flags());
    expect(code).toBe(1);
    expect(said).toContain("could not be written");
    expect(existsSync(inHome(...CONFIG))).toBe(false);
    expect(hellos()).toBe(0);
  });
});

test("a token file that is not there is named", async () => {
  const { code, said } = await run({ url: standIn.url, owner: "alice", tokenFile: "/no/such" });
  expect(code).toBe(1);
  expect(said).toContain("/no/such cannot be read");
});

describe("asked at a terminal", () => {
  test("each answer is checked at once, and asked for again until it holds", async () => {
    const answers = [
      `${standIn.url}/dev/channels/town-square`,
      true, // use the address without the path
      standIn.url,
      "wrong",
      standIn.bot.token,
      "alcie",
      "alice",
    ];
    const { code, said } = await run({}, {}, answers);
    expect(code).toBe(0);
    const [path, token, owner] = ["a page of Mattermost", "does not accept", "no user “alcie”"].map(
      (words) => said.indexOf(words),
    );
    expect([path, token, owner].every((at = -1) => at >= 0)).toBe(true);
    expect(configured()).toMatchObject({
      plugin: [[PLUGIN, { url: standIn.url, owner: "alice" }]],
    });
    expect(said).not.toContain(standIn.bot.token);
  });

  test("Enter keeps the token that is stored", async () => {
    await run(flags());
    const { code } = await run({}, {}, [standIn.url, "", "alice"]);
    expect(code).toBe(0);
    expect(read(...TOKEN).trim()).toBe(standIn.bot.token);
    expect(hellos()).toBe(1);
  });

  test.each([
    ["at the address", 0],
    ["at the token", 1],
    ["at the owner", 2],
  ])("given up %s, nothing is changed", async (_where, answered) => {
    const answers = [standIn.url, standIn.bot.token].slice(0, answered);
    const { code, said } = await run({}, {}, [...answers, undefined]);
    expect(code).toBe(1);
    expect(said).toContain("Nothing has been changed");
    expect(readdirSync(home.path)).toEqual([]);
    expect(hellos()).toBe(0);
  });

  test("where nobody can be asked, the flags are named", async () => {
    const { terminal, lines } = recordingTerminal();
    const world = { env: {}, home: home.path, terminal, prompter: undefined, plugin: PLUGIN };
    expect(await setup({}, { ...world, readStdin: async () => "" })).toBe(1);
    expect(lines.join()).toContain("--yes");
  });
});
