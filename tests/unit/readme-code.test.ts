// What README and the guide give to type or to copy works: commands are there, settings are taken, links lead somewhere.
import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import packageJson from "../../package.json" with { type: "json" };
import { type Commands, runProgram } from "../../src/cli/program.ts";
import { loadConfig } from "../../src/config.ts";
import { recordingTerminal } from "../support/recording-terminal.ts";

const Env = z.record(z.string(), z.string());
const readme = await Bun.file("README.md").text();
const guide = await Bun.file("docs/guide.md").text();
const blocks = [...`${readme}\n${guide}`.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)].map(
  ([, , language = "", code = ""]) => ({ language, code }),
);
const inLanguage = (wanted: string): readonly string[] =>
  blocks.filter(({ language }) => language === wanted).map(({ code }) => code);
const lines = inLanguage("sh")
  .flatMap((code) => code.split("\n"))
  .map((line) => line.replace(/\s+#.*/, "").trim());
const inline = [...readme.matchAll(/`((?:npx opencode-mattermost|npm) [^`]+)`/g)].map(
  ([, line = ""]) => line,
);
const commands = [...new Set([...lines, ...inline])].filter((line) => line !== "");

test("every block is of a language that is tried here", () => {
  const languages = new Set(blocks.map(({ language }) => language));
  expect([...languages].sort()).toEqual(["json", "sh", "yaml"]);
  expect(`${readme}\n${guide}`.match(/^ *```/gm)).toHaveLength(2 * blocks.length);
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
  const [config = "", transcription = ""] = inLanguage("json");
  const [[name, options]] = JSON.parse(config).plugin;
  expect(name).toBe(packageJson.name);
  expect(options.token).toStartWith("{file:~/");
  const all = { ...options, ...JSON.parse(transcription), token: "t0ken" };
  expect(loadConfig(all, {}).kind).toBe("ok");
});

test("a job of CI sets what the plugin takes", () => {
  const [job = ""] = inLanguage("yaml");
  const steps: unknown = Bun.YAML.parse(job);
  const [, { env }] = z.tuple([z.unknown(), z.object({ env: Env })]).parse(steps);
  expect(JSON.parse(env["OPENCODE_CONFIG_CONTENT"] ?? "").plugin).toEqual([packageJson.name]);
  expect(loadConfig(undefined, { ...env, MATTERMOST_TOKEN: "t0ken" }).kind).toBe("ok");
});

const linkedIn = (page: string, folder: string): readonly string[] =>
  [...page.matchAll(/\]\(([^)]+)\)|src="([^"]+)"/g)]
    .map(([, link, picture]) => link ?? picture ?? "")
    .filter((path) => !path.startsWith("https://"))
    .map((path) => join(folder, path));
const headings = [...guide.matchAll(/^## (.+)$/gm)].map(([, title = ""]) =>
  title.toLowerCase().replaceAll(" ", "-"),
);
test.each([...linkedIn(readme, "."), ...linkedIn(guide, "docs")])("%s is there", (link) => {
  const [path = "", heading] = link.split("#");
  expect(existsSync(path)).toBe(true);
  if (heading !== undefined) expect(headings).toContain(heading);
});
