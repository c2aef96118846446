// The package's command as a user has it, on Node and on Bun: it needs nothing but what is in the tarball.
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Glob } from "bun";
import packageJson from "../../../package.json" with { type: "json" };
import { startStandIn } from "../../../src/playground/stand-in/stand-in.ts";
import { openCliHome } from "../../support/cli.ts";
import { type InstalledPackage, installPackage, run } from "../../support/installed-package.ts";
import { startProgram } from "../../support/program.ts";
import { asVariables, problemsIn, SETUP_FAULTS } from "../../support/setup-faults.ts";

const CHECKOUT = new URL("../../..", import.meta.url).pathname;
const place = mkdtempSync(join(tmpdir(), "command-test-"));
let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage(place);
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** On Bun without a process of its own all the others are tried by the command's own test. */
const onBun = SETUP_FAULTS.filter(({ needsProcess = false }) => needsProcess);

/** Somebody's machine with an OpenCode. */
function machine(name: string) {
  const home = join(place, `home-of-${name}`);
  mkdirSync(home);
  const PATH = `${join(CHECKOUT, "node_modules/.bin")}:${process.env["PATH"]}`;
  return { cwd: home, env: { ...process.env, PATH, HOME: home, XDG_CACHE_HOME: home } };
}

describe.each([
  ["Node", "node", SETUP_FAULTS],
  ["Bun", process.execPath, onBun],
])("the command on %s", (_name, runtime, faults) => {
  test("knows its version, and says what it can do", async () => {
    expect(await run([runtime, installed.cli, "--version"])).toEqual({
      code: 0,
      stdout: `${packageJson.version}\n`,
      stderr: "",
    });
    const { code, stderr } = await run([runtime, installed.cli, "plyground"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean playground?");
  });

  test("sets the bridge up, and a doctor then finds nothing wrong", async () => {
    const standIn = await startStandIn();
    const home = openCliHome([runtime, installed.cli]);
    try {
      const flags = ["setup", "--yes", "--url", standIn.url, "--owner", "alice", "--token-stdin"];
      const setup = await home.run(flags, { input: `${standIn.bot.token}\n` });
      expect(setup.stdout).toContain("✓ The live connection (WebSocket) opens");
      expect([setup.code, setup.stderr]).toEqual([0, ""]);
      const config = readFileSync(join(home.path, ".config/opencode/opencode.json"), "utf8");
      expect(JSON.parse(config).plugin[0][0]).toBe("opencode-mattermost");
      expect(standIn.posts()).toHaveLength(1);
    } finally {
      home.remove();
      await standIn.stop();
    }
  });

  test.each([...faults])(
    "says what is wrong and what to do: $name",
    async ({ says, doctorSays = says, words, start }) => {
      const trouble = await start();
      const home = openCliHome([runtime, installed.cli]);
      try {
        const env = asVariables(trouble);
        const insecure = trouble.allowInsecure ? ["--allow-insecure"] : [];
        const [setup, doctor] = await Promise.all([
          home.run(["setup", "--yes", "--timeout", "1.5", ...insecure], { env }),
          home.run(["doctor", "--json", "--timeout", "1.5"], { env }),
        ]);
        expect(setup.stdout + setup.stderr).toMatch(words);
        expect(problemsIn(doctor.stdout)).toContain(doctorSays);
        expect([setup.code, doctor.code]).toEqual([1, 1]);
        expect(JSON.stringify([setup, doctor])).not.toContain(trouble.token);
      } finally {
        home.remove();
        await trouble.stop();
      }
    },
  );

  test("opens the playground with an OpenCode that is installed", async () => {
    const { cwd, env } = machine(_name);
    const command = [runtime, installed.cli, "playground", "--once"];
    const { code, stdout, stderr } = await run(command, { cwd, env });
    expect(stderr).toBe("");
    expect(stdout).toMatch(/All \d+ checks hold. "npx opencode-mattermost playground" opens it/);
    expect(code).toBe(0);
    expect([...new Glob("**/*opencode*/**").scanSync({ cwd, dot: true })]).toEqual([]);
  }, 120_000);
});

test("the playground's page comes out of the package whole, wherever it was started", async () => {
  const command = ["node", installed.cli, "playground", "--port", "0"];
  const program = startProgram(command, machine("the-page"));
  try {
    const url = await program.printed(/http:\S+/);
    const page = await (await fetch(url)).text();
    const parts = [...page.matchAll(/(?:src|href)="([^"#]+\.(?:js|css))"/g)].map(
      ([, part]) => part,
    );
    expect(parts).toHaveLength(2);
    for (const part of parts) {
      const answer = await fetch(new URL(part ?? "", url));
      expect([answer.status, (await answer.text()).length > 1_000]).toEqual([200, true]);
      expect(answer.headers.get("content-type")).toMatch(/^text\/(?:javascript|css)/);
    }
    expect((await fetch(new URL("/package.json", url))).status).toBe(404);
  } finally {
    program.kill("SIGTERM");
  }
  expect(await program.exited).toBe(0);
}, 120_000);
