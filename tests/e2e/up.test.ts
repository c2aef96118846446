// `setup`, `doctor` and `up` against a real OpenCode: from a clean home to a session that was started from the phone.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ScriptedModel,
  startScriptedModel,
} from "../../src/playground/model/scripted-model.ts";
import { openCodeBinary } from "../../src/playground/opencode-binary.ts";
import { openCodeConfig } from "../../src/playground/opencode-config.ts";
import { type OpenCodeHome, openHome } from "../../src/playground/opencode-home.ts";
import { type StandIn, startStandIn } from "../../src/playground/stand-in/stand-in.ts";
import { type InstalledPackage, installPackage, run } from "../support/installed-package.ts";
import { startProgram } from "../support/program.ts";
import { problemsIn } from "../support/setup-faults.ts";

const PROGRAM = ["--opencode", openCodeBinary()];

const place = mkdtempSync(join(tmpdir(), "up-test-"));
let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installPackage(place);
}, 120_000);
afterAll(() => rmSync(place, { recursive: true, force: true }));

let standIn: StandIn;
let model: ScriptedModel;
let home: OpenCodeHome;
beforeEach(async () => {
  standIn = await startStandIn();
  model = await startScriptedModel();
  home = openHome();
  home.configure(openCodeConfig({ model: model.url }));
});
afterEach(async () => {
  rmSync(home.path, { recursive: true, force: true, maxRetries: 5 });
  await model.stop();
  await standIn.stop();
});

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
    const [first] = up.children();
    process.kill(first ?? 0, "SIGKILL");
    await up.printed(/started again in 1 s[\s\S]*✓ \S+\/docs: !new/);
    await owner.post("!new docs say more");
    await standIn.until("another answer", () =>
      standIn.posts().find(({ message }) => message.includes("Scripted answer to: say more")),
    );
    const [second] = up.children();
    expect(second).not.toBe(first);
    up.kill("SIGINT");
    expect(await up.exited).toBe(0);
    expect(() => process.kill(second ?? 0, 0)).toThrow();
    expect(up.output()).not.toContain(standIn.bot.token);
  } finally {
    up.kill("SIGKILL");
    for (const pid of up.children()) process.kill(pid, "SIGKILL");
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
