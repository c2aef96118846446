import { loadConfig } from "../config.ts";
import { checkServer, createServerChecks } from "./checks/server-checks.ts";
import { type Finding, found, isProblem, shown, wordsOf } from "./findings/finding.ts";
import { checkMachine } from "./machine/machine-checks.ts";
import type { Env } from "./settings/env.ts";
import { readStoredSettings, type StoredSettings } from "./settings/stored-settings.ts";
import type { Terminal } from "./terminal.ts";

export interface DoctorFlags {
  readonly json?: boolean;
  /** For each answer of the server, in seconds. */
  readonly timeout?: number;
  /** The OpenCode to look at. */
  readonly opencode?: string;
}

export interface DoctorWorld {
  readonly env: Env;
  readonly home: string;
  /** Whose project's configuration counts. */
  readonly directory: string;
  readonly terminal: Terminal;
}

/** Looks at everything that the bridge needs, a line for each; resolves with the exit code, which is 0 where all is well. */
export async function doctor(flags: DoctorFlags, world: DoctorWorld): Promise<number> {
  const { terminal } = world;
  const findings: Finding[] = [];
  const tell = (finding: Finding): void => {
    findings.push(finding);
    if (!flags.json) terminal.say(shown(finding));
  };
  await examine(flags, world, tell);
  const isWell = !findings.some(isProblem);
  if (flags.json) terminal.say(JSON.stringify(asJson(findings), undefined, 2));
  return isWell ? 0 : 1;
}

const asJson = (findings: readonly Finding[]): unknown => ({
  ok: !findings.some(isProblem),
  checks: findings.map((finding) => ({
    check: finding.says,
    ok: !isProblem(finding),
    ...wordsOf(finding),
  })),
});

async function examine(
  { timeout, opencode }: DoctorFlags,
  world: DoctorWorld,
  tell: (finding: Finding) => void,
): Promise<void> {
  const { env, home, directory } = world;
  const stored = readStoredSettings(env, home, directory);
  const config = checkSettings(stored, env, tell);
  if (config !== undefined) {
    const withinMs = timeout === undefined ? undefined : timeout * 1000;
    await checkServer(createServerChecks(config.url, withinMs), config, tell);
  }
  await checkMachine({ env, home, stored, openCode: opencode, nowMs: Date.now() }, tell);
}

/** What the plugin itself would make of the settings. */
function checkSettings(
  { unreadable, missing, options, file }: StoredSettings,
  env: Env,
  tell: (finding: Finding) => void,
) {
  if (unreadable) tell(found("config.unreadable", unreadable));
  for (const path of missing) tell(found("settings.no-file", { path }));
  const loaded = loadConfig(options, env);
  if (loaded.kind === "ok") {
    tell(found("settings.ok", { path: file?.path ?? "the environment" }));
    return loaded.config;
  }
  const problems = loaded.kind === "off" ? loaded.missing : loaded.problems;
  for (const problem of problems) tell(found(`settings.${loaded.kind}`, { problem }));
  return undefined;
}
