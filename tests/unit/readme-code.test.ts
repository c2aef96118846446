// What README gives to type or to copy works: its commands are there, its settings are taken, its links lead somewhere.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import packageJson from "../../package.json" with { type: "json" };
import { type Commands, runProgram } from "../../src/cli/program.ts";
import { loadConfig } from "../../src/config.ts";
import { recordingTerminal } from "../support/recording-terminal.ts";

const readme = await Bun.file("README.md").text();
const blocks = [...readme.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)].map(
  ([, , language = "", code = ""]) => ({ language, code }),
);
const lines = blocks
  .filter(({ language }) => language === "sh")
  .flatMap(({ code }) => code.split("\n"))
  .map((line) => line.replace(/\s+#.*/, "").trim());
const inline = [...readme.matchAll(/`((?:npx opencode-mattermost|npm) [^`]+)`/g)].map(
  ([, line = ""]) => line,
);
const commands = [...new Set([...lines, ...inline])].filter((line) => line !== "");

test("every block is of a language that is tried here", () => {
  expect([...new Set(blocks.map(({ language }) => language))].sort()).toEqual(["json", "sh"]);
  expect(readme.match(/^ *```/gm)).toHaveLength(2 * blocks.length);
});

const scriptOf = (line: string): string | undefined => /^npm (?:run )?([\w:-]+)/.exec(line)?.[1];
const ofNpm = commands.filter((line) => line.startsWith("npm "));
test.each(ofNpm)("%s is a script of the package", (line) => {
  expect(Object.keys(packageJson.scripts)).toContain(scriptOf(line) ?? "");
});

const OWN = "npx opencode-mattermost ";
test("the command line takes what stands there, and each of its commands does", async () => {
  const ran: string[] = [];
  const recorded = (name: string) => async (): Promise<number> => {
    ran.push(name);
    return 0;
  };
  const all = {
    setup: recorded("setup"),
    doctor: recorded("doctor"),
    up: recorded("up"),
    playground: recorded("playground"),
  } satisfies Commands;
  const { terminal, lines: said } = recordingTerminal();
  for (const line of commands.filter((it) => it.startsWith(OWN))) {
    const code = await runProgram(line.slice(OWN.length).split(" "), all, terminal);
    expect([line, code, said.splice(0)]).toEqual([line, 0, []]);
  }
  expect([...new Set(ran)].sort()).toEqual(Object.keys(all).sort());
});

test("nothing else is to be typed in a shell", () => {
  const others = lines.filter(
    (line) => line !== "" && !/^npm |^npx opencode-mattermost /.test(line),
  );
  expect(others).toEqual([]);
});

test("the configuration names this package, with settings that it takes", () => {
  const [config] = blocks.filter(({ language }) => language === "json");
  const [[name, options]] = JSON.parse(config?.code ?? "").plugin;
  expect(name).toBe(packageJson.name);
  expect(loadConfig({ ...options, token: "t0ken" }, {}).kind).toBe("ok");
  expect(options.token).toStartWith("{file:~/");
});

const linked = [...readme.matchAll(/\]\(([^)#]+)\)|src="([^"]+)"/g)]
  .map(([, link, picture]) => link ?? picture ?? "")
  .filter((path) => !path.startsWith("https://"));
test.each(linked)("%s is there", (path) => {
  expect(existsSync(path)).toBe(true);
});
