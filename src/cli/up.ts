import { statSync } from "node:fs";
import { resolve } from "node:path";
import { messageOf } from "../errors.ts";
import type { Clock } from "../ports.ts";
import { isProblem, shown } from "./findings/finding.ts";
import { UP } from "./findings/questions.ts";
import { findOpenCode, type OpenCodeProgram } from "./host/program.ts";
import { touch } from "./host/running.ts";
import { type Server, startServer } from "./host/serve.ts";
import { startService } from "./host/service.ts";
import { checkOpenCode } from "./machine/machine-checks.ts";
import type { Env } from "./settings/env.ts";
import type { Terminal } from "./terminal.ts";
import { aborted, keepRunning } from "./up/keep-running.ts";
import { SYSTEMD_STEPS, systemdUnit } from "./up/systemd.ts";

export interface UpFlags {
  readonly port?: number;
  /** The OpenCode to run. */
  readonly opencode?: string;
  /** Only print a unit. */
  readonly systemd?: boolean;
}

export interface UpWorld {
  readonly env: Env;
  readonly directory: string;
  readonly terminal: Terminal;
  readonly clock: Clock;
  /** Aborts when the person wants to end. */
  readonly stopping: AbortSignal;
  /** How this program is started, for a unit. */
  readonly command: readonly string[];
}

/** OpenCode forgets a directory that nobody asks about, or loads it anew without a word: it is asked this often. */
const TOUCH_EVERY_MS = 300_000;

/** Keeps OpenCode running for the directories until it is stopped; resolves with the exit code. */
export async function up(
  named: readonly string[],
  flags: UpFlags,
  world: UpWorld,
): Promise<number> {
  const { env, directory, terminal } = world;
  const directories = [...new Set(named.map((name) => resolve(directory, name)))];
  const missing = directories.filter((path) => !isDirectory(path));
  if (missing.length > 0) {
    terminal.complain(UP.noDirectory(missing));
    return 2;
  }
  if (flags.systemd) {
    terminal.say(unitFor(directories, flags, world));
    terminal.complain(SYSTEMD_STEPS);
    return 0;
  }
  const program = findOpenCode(flags.opencode, env);
  const finding = checkOpenCode(program);
  if (program === undefined || isProblem(finding)) {
    terminal.complain(shown(finding));
    return 1;
  }
  try {
    await run(program, directories, flags, world);
    return 0;
  } catch (error) {
    terminal.complain(messageOf(error));
    return 1;
  }
}

const isDirectory = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

function unitFor(
  directories: readonly string[],
  { port, opencode }: UpFlags,
  { env, command }: UpWorld,
): string {
  const options = [
    ...(port === undefined ? [] : ["--port", String(port)]),
    ...(opencode === undefined ? [] : ["--opencode", resolve(opencode)]),
  ];
  const whole = [...command, "up", ...options, ...directories];
  return systemdUnit({ command: whole, directories, path: env["PATH"] ?? "" });
}

async function run(
  program: OpenCodeProgram,
  directories: readonly string[],
  { port = 0 }: UpFlags,
  { env, terminal, clock, stopping }: UpWorld,
): Promise<void> {
  const [first = "."] = directories;
  const password = env["OPENCODE_SERVER_PASSWORD"] || crypto.randomUUID();
  const start = (): Promise<Server> =>
    program.major >= 2
      ? startService(program, env)
      : startServer(program, { cwd: first, env, port, password });
  const load = async (server: Server, isFirst: boolean): Promise<void> => {
    for (const directory of directories) {
      const touched = await touch(server, directory);
      if (touched.kind !== "loaded") terminal.complain(UP.notLoaded(directory, touched.reason));
      else if (isFirst) terminal.say(UP.loaded(directory));
    }
  };
  await keepRunning({
    start,
    clock,
    stopping,
    say: terminal.complain,
    async started(server) {
      terminal.say(UP.runs(program.version, server.url));
      await load(server, true);
      everyNowAndThen(clock, [server.ended, aborted(stopping)], () => load(server, false));
    },
  });
}

/** Until one of `ends` has settled. */
function everyNowAndThen(
  clock: Clock,
  ends: readonly Promise<unknown>[],
  task: () => Promise<void>,
): void {
  let cancel = (): void => undefined;
  let isOver = false;
  const next = (): void => {
    if (!isOver) cancel = clock.schedule(TOUCH_EVERY_MS, () => void task().finally(next));
  };
  void Promise.race(ends).finally(() => {
    isOver = true;
    cancel();
  });
  next();
}
