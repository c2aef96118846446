// `setup`, `doctor` and `up` against a real OpenCode: from a clean home to a session that was started from the phone.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ScriptedModel,
  startScriptedModel,
} from "../../src/playground/model/scripted-model.ts";
import { openCodeConfig } from "../../src/playground/opencode-config.ts";
import { type OpenCodeHome, openHome } from "../../src/playground/opencode-home.ts";
import { killProcessesWith } from "../../src/playground/process-cleanup.ts";
import { type StandIn, startStandIn } from "../../src/playground/stand-in/stand-in.ts";
import { HOST } from "../support/hosts/chosen.ts";
import { type InstalledPackage, installPackage, run } from "../support/installed-package.ts";
import { type Program, startProgram } from "../support/program.ts";
import { problemsIn } from "../support/setup-faults.ts";

const { path = "", folder = "" } = HOST.program() ?? {};
const PROGRAM = ["--opencode", path];

const place = mkdtempSync(join(tmpdir(), "up-test-"));
let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage(place);
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

/** OpenCode 2 runs as a service of the user's. */
const isService = HOST.name === "OpenCode 2";

let standIn: StandIn;
let model: ScriptedModel;
let home: OpenCodeHome;
beforeEach(async () => {
  standIn = await startStandIn();
  model = await startScriptedModel();
  home = openHome(undefined, folder);
  home.configure(openCodeConfig({ model: model.url }));
  // One port for each user: other tests are other users on the same machine.
  if (isService) await run([path, "service", "set", "port", String(freePort())], inHome());
});
afterEach(async () => {
  rmSync(home.path, { recursive: true, force: true, maxRetries: 5 });
  await model.stop();
  await standIn.stop();
});

function freePort(): number {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
  void server.stop(true);
  return server.port ?? 0;
}

/** The process of the OpenCode that `up` has started. */
function openCodeOf(up: Program): number {
  if (!isService) return up.children()[0] ?? 0;
  const file = join(home.path, ".local/state", folder, "service.json");
  return JSON.parse(readFileSync(file, "utf8")).pid;
}

const command = (...args: readonly string[]): readonly string[] => ["node", installed.cli, ...args];
const inHome = () => ({ cwd: home.path, env: home.env() });

async function setUp(): Promise<void> {
  const flags = ["--yes", "--url", standIn.url, "--owner", "alice", "--token-stdin"];
  const named = ["--plugin", installed.folder];
  const done = await run(command("setup", ...flags, ...named), {
    ...inHome(),
    input: standIn.bot.token,
  });
  expect(done).toMatchObject({ code: 0, stderr: "" });
}

const doctor = () => run(command("doctor", "--json", ...PROGRAM), inHome());

test("after setup the doctor finds nothing wrong, OpenCode having loaded the plugin without doing anything", async () => {
  await setUp();
  const { code, stdout } = await doctor();
  expect(problemsIn(stdout)).toEqual([]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).checks.map(({ check }: { check: string }) => check)).toEqual([
    ...["settings.ok", "reach.ok", "token.ok", "owner.ok", "socket.ok", "server.ok"],
    ...["opencode.ok", "plugin.ok", "mappings.none", "locks.none", "errors.none"],
  ]);
  expect(standIn.posts()).toHaveLength(1);
  expect(stdout).not.toContain(standIn.bot.token);
}, 120_000);

test("a plugin that is not where the configuration says is found, which OpenCode says nothing of", async () => {
  await setUp();
  const away = `${installed.folder}-away`;
  renameSync(installed.folder, away);
  try {
    const found = await run(
      ["node", join(away, "dist/cli.js"), "doctor", "--json", ...PROGRAM],
      inHome(),
    );
    expect(problemsIn(found.stdout)).toEqual(["plugin.absent"]);
    expect(found.code).toBe(1);
  } finally {
    renameSync(away, installed.folder);
  }
}, 120_000);

test("up: !new works in each project, after OpenCode has crashed too, and ctrl+c leaves nothing behind", async () => {
  await setUp();
  const [api, docs] = await Promise.all(["api", "docs"].map((name) => home.newDirectory(name)));
  const up = startProgram(command("up", ...PROGRAM, api ?? "", docs ?? ""), inHome());
  try {
    await up.printed(/✓ \S+\/docs: !new/);
    expect(up.output()).toMatch(/✓ \S+\/api: !new/);
    const owner = standIn.as("alice");
    await owner.post("!new api say hello");
    await standIn.until("an answer", () =>
      standIn.posts().find(({ message }) => message.includes("Scripted answer to: say hello")),
    );
    const first = openCodeOf(up);
    process.kill(first, "SIGKILL");
    await up.printed(/started again in 1 s[\s\S]*✓ \S+\/docs: !new/);
    await owner.post("!new docs say more");
    await standIn.until("another answer", () =>
      standIn.posts().find(({ message }) => message.includes("Scripted answer to: say more")),
    );
    const second = openCodeOf(up);
    expect(second).not.toBe(first);
    up.kill("SIGINT");
    expect(await up.exited).toBe(0);
    expect(() => process.kill(second, 0)).toThrow();
    expect(up.output()).not.toContain(standIn.bot.token);
  } finally {
    up.kill("SIGKILL");
    killProcessesWith(`HOME=${home.path}`);
  }
}, 180_000);

test("up refuses a project that is not there, and prints a unit for those that are", async () => {
  const project = await home.newDirectory("a project");
  const wrong = await run(command("up", "no-such"), inHome());
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain(join(home.path, "no-such"));
  const unit = await run(command("up", "--systemd", project), inHome());
  expect(unit.code).toBe(0);
  expect(unit.stdout).toContain(`"up" "${project}"\n`);
  expect(unit.stderr).toContain("systemctl --user enable --now opencode-mattermost");
});
