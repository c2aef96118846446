import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../errors.ts";
import type { Env } from "../settings/env.ts";
import type { OpenCodeProgram } from "./program.ts";
import { type Touched, touch } from "./running.ts";
import { startServer } from "./serve.ts";

/** What the plugin writes into OpenCode's log where it has no settings: a sign of life that does nothing. */
const ALIVE = "Mattermost is not set up, so nothing is bridged";
const LOGGED_WITHIN_MS = 15_000;

/**
 * Whether this OpenCode loads what `spec` names: tried in a home of its own and without any settings, so that the plugin says that
 * it is there and touches nothing. OpenCode's cache is the person's, where it keeps packages that it installed.
 */
export async function tryToLoad(
  program: OpenCodeProgram,
  spec: string,
  env: Env,
): Promise<Touched> {
  const place = realpathSync(mkdtempSync(join(tmpdir(), "opencode-load-test-")));
  try {
    const home = prepare(place, spec);
    const password = crypto.randomUUID();
    const settings = { ...withoutSettings(env), ...home.env };
    const server = await startServer(program, {
      cwd: home.project,
      env: settings,
      port: 0,
      password,
    });
    try {
      const touched = await touch(server, home.project);
      if (program.major >= 2 || touched.kind === "failed") return touched;
      return await untilLogged(home.log);
    } finally {
      await server.stop();
    }
  } catch (error) {
    return { kind: "failed", reason: messageOf(error) };
  } finally {
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Nothing that would set the plugin up, and nothing that would bring other configuration in. */
const withoutSettings = (env: Env): Env =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:MATTERMOST_|OPENCODE)/.test(name)),
  );

function prepare(place: string, spec: string) {
  const project = join(place, "project");
  const config = join(place, "config");
  const data = join(place, "data");
  mkdirSync(project);
  for (const host of ["opencode", "shuvcode"]) {
    const folder = join(config, host);
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    writeFileSync(join(folder, "opencode.json"), JSON.stringify({ plugin: [[spec, {}]] }));
    // Where that looks done, OpenCode does not install its own plugin package first.
    const wanted = { dependencies: { "@opencode-ai/plugin": "*" } };
    writeFileSync(join(folder, "package.json"), JSON.stringify(wanted));
    const lock = { lockfileVersion: 3, packages: { "": wanted } };
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
  }
  return {
    project,
    log: join(data, "opencode", "log"),
    env: {
      HOME: homedir(),
      XDG_CONFIG_HOME: config,
      XDG_DATA_HOME: data,
      XDG_STATE_HOME: join(place, "state"),
      OPENCODE_DISABLE_AUTOUPDATE: "1",
      OPENCODE_DISABLE_MODELS_FETCH: "1",
    },
  };
}

async function untilLogged(folder: string): Promise<Touched> {
  for (const untilMs = Date.now() + LOGGED_WITHIN_MS; Date.now() < untilMs; await sleep(100)) {
    const files = readdirSync(folder).map((name) => join(folder, name));
    if (files.some((file) => readFileSync(file, "utf8").includes(ALIVE))) return { kind: "loaded" };
  }
  return { kind: "absent", reason: "OpenCode started without it" };
}
