import { rmSync } from "node:fs";
import { createOpencodeClient, type OpencodeClient } from "@opencode-ai/sdk/v2/client";
import { type OpenCodeProgram, openCode } from "./opencode-binary.ts";
import { openCodeConfig } from "./opencode-config.ts";
import { type ModelInput, openHome } from "./opencode-home.ts";
import { killProcessesWith } from "./process-cleanup.ts";
import { spawnInTerminal, spawnPiped } from "./spawn-process.ts";
import { startGuardian } from "./start-guardian.ts";

export interface OpenCodeOptions {
  readonly mode: "serve" | "run" | "tui";
  /** Another OpenCode than the one that is installed here. */
  readonly program?: OpenCodeProgram;
  /** The scripted model's url. */
  readonly model: string;
  /** What the model is said to take beside text. */
  readonly input?: readonly ModelInput[];
  /** A `file://` url of a directory or file, with the options to give it. */
  readonly plugin?: { readonly path: string; readonly options?: Record<string, unknown> };
  /** Merged into `opencode.json`. */
  readonly config?: Record<string, unknown>;
  /** The home of another process: to start again with its data, or to run beside it. Its settings are written anew. */
  readonly home?: string;
  /** Where `run` and `tui` work, and `serve` starts; without it, a new git repository. */
  readonly directory?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What OpenCode's API asks of everybody; the clients here know it. Without one it asks nothing. */
  readonly password?: string;
  /** `run`: the prompt and its flags. `tui`, `serve`: more flags. */
  readonly args?: readonly string[];
}

export interface OpenCodeProcess {
  readonly pid: number;
  /** `serve` only. */
  readonly url: string | undefined;
  readonly home: string;
  readonly directory: string;
  /** A client for one directory; `serve` only. */
  client(directory?: string): OpencodeClient;
  /** A git repository with these files and one commit under the home; the same name gives the same directory. */
  newDirectory(name: string, files?: Readonly<Record<string, string>>): Promise<string>;
  /** What it printed, and OpenCode's own log files, so far. */
  log(): string;
  /** What it printed so far; `run` prints the answer here. */
  output(): string;
  /** `tui` only: what the keyboard sends. */
  type(keys: string): void;
  /** `tui` only: the text on the screen now. */
  screen(): string;
  /** Settles when the process has ended; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Sends the signal (SIGTERM) to this process only and waits for its end; the home and what else runs there stay. */
  kill(signal?: NodeJS.Signals): Promise<number | null>;
  /**
   * Ends the process and everything it started. The process that was given no home removes its own, and ends what
   * else still runs there: stop it last.
   */
  stop(): Promise<void>;
}

const basic = (password: string): string => `Basic ${btoa(`opencode:${password}`)}`;

const STARTED_MS = 30_000;
const TERMINATE_MS = 8_000;
const LISTENING = /server listening on (http:\S+)/;
const TUI_IS_READY = /ctrl\+p/;

function commandLine({ mode, args = [] }: OpenCodeOptions, directory: string): string[] {
  if (mode === "serve") return ["serve", "--hostname", "127.0.0.1", "--port", "0", ...args];
  return mode === "run" ? ["run", ...args] : [directory, ...args];
}

/** Looks until it is so; false when the process ends first or it takes too long. */
async function becomes(isSo: () => boolean, ended: Promise<unknown>): Promise<boolean> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const deadline = Date.now() + STARTED_MS;
  while (!isSo()) {
    if (over || Date.now() > deadline) return false;
    await Bun.sleep(10);
  }
  return true;
}

/** Starts the real OpenCode; settles when it listens (`serve`), can be typed into (`tui`) or has begun (`run`). */
export async function startOpenCode(options: OpenCodeOptions): Promise<OpenCodeProcess> {
  const { mode, program = openCode() } = options;
  const home = openHome(options.home, program.folder);
  home.configure(openCodeConfig(options));
  const directory = options.directory ?? (await home.newDirectory("project"));
  const ownsHome = options.home === undefined;
  const mark = `OPENCODE_PLAYGROUND_RUN=${crypto.randomUUID()}`;
  const everything = ownsHome ? `HOME=${home.path}` : mark;
  const dismissGuardian = startGuardian(everything, ownsHome ? home.path : undefined);

  const command = [program.path, ...commandLine(options, directory)];
  const [name = "", value = ""] = mark.split("=");
  const { password } = options;
  const locked = password === undefined ? {} : { OPENCODE_SERVER_PASSWORD: password };
  const setting = { cwd: directory, env: home.env({ ...locked, ...options.env, [name]: value }) };
  const child = mode === "tui" ? spawnInTerminal(command, setting) : spawnPiped(command, setting);

  async function kill(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    child.kill(signal);
    const lastResort = setTimeout(() => child.kill("SIGKILL"), TERMINATE_MS);
    const code = await child.exited;
    clearTimeout(lastResort);
    return code;
  }

  async function stop(): Promise<void> {
    await kill();
    killProcessesWith(everything);
    dismissGuardian();
    if (ownsHome) rmSync(home.path, { recursive: true, force: true, maxRetries: 3 });
  }

  const log = (): string => `${child.output()}\n${home.logFiles()}`;
  const isReady = (): boolean => {
    if (mode === "serve") return LISTENING.test(child.output());
    return mode === "run" || TUI_IS_READY.test(child.screen());
  };
  if (!(await becomes(isReady, child.exited))) {
    const story = log();
    await stop();
    throw new Error(`OpenCode did not start (${mode}). What it said:\n${story}`);
  }
  const url = child.output().match(LISTENING)?.[1];

  return {
    pid: child.pid,
    url,
    home: home.path,
    directory,
    client(wanted = directory) {
      const headers = password === undefined ? {} : { Authorization: basic(password) };
      if (url !== undefined) {
        return createOpencodeClient({ baseUrl: url, directory: wanted, headers });
      }
      throw new Error(`Only mode "serve" listens on a port; this OpenCode runs as "${mode}".`);
    },
    newDirectory: home.newDirectory,
    log,
    output: child.output,
    type: child.type,
    screen: child.screen,
    exited: child.exited,
    kill,
    stop,
  };
}
