// Where no OpenCode is installed that the playground can use, npm fetches one, once.
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPlayground } from "../../../src/cli/playground.ts";
import { recordingTerminal } from "../../support/recording-terminal.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-playground-"));
  mkdirSync(join(folder, "bin"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function script(path: string, lines: string, bytes = 0): void {
  const padding = bytes > 0 ? `\nexit\n${"#".repeat(bytes)}` : "";
  writeFileSync(path, `#!/bin/sh\n${lines}${padding}\n`);
  chmodSync(path, 0o755);
}

/** An OpenCode as large as a real one, which says its version, and its Bun's where that is asked for. */
const anOpenCode = (version: string, bun: string): string => `
case "$1" in
  --version) [ -n "$BUN_BE_BUN" ] && echo ${bun} || echo ${version} ;;
  *) echo "$PLAYGROUND_OPENCODE $*" > ${folder}/ran; exit 7 ;;
esac`;

const onPath = (version: string, bun: string): void =>
  script(join(folder, "bin/opencode"), anOpenCode(version, bun), 1_000_000);

/** An npm that lays what it is asked for into its prefix, and counts how often. */
const npmThat = (ends: string): void =>
  script(
    join(folder, "bin/npm"),
    `echo "$*" >> ${folder}/npm
     mkdir -p "$3/node_modules/opencode-ai/bin"
     echo '{}' > "$3/node_modules/opencode-ai/package.json"
     ${ends}`,
  );

async function open() {
  const { terminal, lines } = recordingTerminal();
  const code = await openPlayground({
    main: join(folder, "package/dist/playground/main.js"),
    args: ["--once"],
    env: { PATH: `${folder}/bin:/usr/bin:/bin` },
    terminal,
    cache: join(folder, "cache"),
    openCode: "1.18.33",
    bun: "1.3.14",
  });
  return { code, lines };
}

const written = (name: string): Promise<string> => Bun.file(join(folder, name)).text();

test("one that is installed and new enough runs the playground's files; its exit code is ours", async () => {
  onPath("1.18.40", "1.4.2");
  expect(await open()).toEqual({ code: 7, lines: [] });
  const program = join(folder, "bin/opencode");
  const main = join(folder, "package/dist/playground/main.js");
  expect(await written("ran")).toBe(`${program} ${main} --once\n`);
});

test.each([
  ["of another major version", "2.0.14", "1.4.2"],
  ["with an older Bun inside", "1.2.0", "1.3.9"],
])("one %s is not used: npm fetches the one that is tested, once", async (_which, version, bun) => {
  onPath(version, bun);
  script(join(folder, "the-real-one"), anOpenCode("1.18.33", "1.3.14"), 1_000_000);
  npmThat(`cp ${folder}/the-real-one "$3/node_modules/opencode-ai/bin/opencode.exe"`);
  const first = await open();
  expect(first.code).toBe(7);
  expect(first.lines.join()).toContain("npm fetches version 1.18.33");
  expect(await open()).toEqual({ code: 7, lines: [] });
  expect((await written("npm")).trim().split("\n")).toHaveLength(1);
  expect(await written("npm")).toContain("opencode-ai@1.18.33");
  expect(await written("ran")).toContain(`${folder}/cache/opencode-1.18.33/node_modules/`);
});

test.each([
  ["npm fails", "exit 1"],
  ["npm lays no program", "exit 0"],
])("%s: that is said with what to do, and nothing half is left", async (_what, ends) => {
  npmThat(ends);
  const { code, lines } = await open();
  expect(code).toBe(1);
  expect(lines.at(-1)).toContain("npm install -g opencode-ai");
  expect(readdirSync(join(folder, "cache"))).toEqual([]);
});
