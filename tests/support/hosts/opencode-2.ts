import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { OpenCodeProgram } from "../../../src/playground/opencode-binary.ts";
import { startOpenCode } from "../../../src/playground/opencode-process.ts";
import type { Host, HostOptions, HostProcess } from "./host.ts";
import { clientOf, connect, type OpenCode2Api } from "./opencode-2-client.ts";

/** OpenCode 2, with what only it has. */
export interface OpenCode2Process extends HostProcess {
  readonly api: OpenCode2Api;
  /** It is the one that everything of this user goes to; else one beside it. */
  readonly isService: boolean;
}

/** Made by a fork from OpenCode 2.0.14; of OpenCode itself no build can be installed by npm. */
const PACKAGE = "shuvcode-linux-x64-baseline";
const FOLDER = "shuvcode";
const PASSWORD = "not-a-secret";

/** `undefined` where it cannot be had: it is built for Linux on x64 only. */
export function openCode2(): OpenCodeProgram | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    const path = join(dirname(manifest), "bin", "shuvcode");
    return statSync(path, { throwIfNoEntry: false }) ? { path, folder: FOLDER } : undefined;
  } catch {
    return undefined;
  }
}

export const OPENCODE_2 = {
  name: "OpenCode 2",
  program: openCode2,
  shell: "shell",
  subAgent: (description, prompt) => ({
    tool: "subagent",
    args: { description, prompt, agent: "general" },
  }),
  openUntil: /⏱ open until \d\d:\d\d at least/,
  nesting: {
    experimental: { subagent_depth: 2 },
    agent: { general: { permission: { task: "allow" } } },
  },
  start: (options: HostOptions): Promise<OpenCode2Process> =>
    inTurn(options.home, () => start(options)),
} satisfies Host;

const lastStarts = new Map<string, Promise<unknown>>();

/** Of several that start in one home at once each would take itself for the service. */
function inTurn<T>(home: string | undefined, begin: () => Promise<T>): Promise<T> {
  if (home === undefined) return begin();
  const started = (lastStarts.get(home) ?? Promise.resolve()).then(begin);
  lastStarts.set(
    home,
    started.catch(() => undefined),
  );
  return started;
}

async function start({ beside = false, ...options }: HostOptions): Promise<OpenCode2Process> {
  const program = openCode2();
  if (!program) throw new Error("OpenCode 2 is not to be had on this platform.");
  const { mode, home, args = [], env } = options;
  const isService = mode === "serve" && !beside && !hasService(home);
  const opencode = await startOpenCode({
    ...options,
    program,
    args: isService ? ["--service", ...args] : args,
    env: { ...env, ...(!isService && { OPENCODE_SERVER_PASSWORD: PASSWORD }) },
  });
  const url = opencode.url ?? "";
  const password = isService ? String(serviceOf(opencode.home).password) : PASSWORD;
  const api = connect(url, password);
  const client = (directory = opencode.directory) =>
    clientOf(api, directory, options.plugin !== undefined);
  const logged = (...levels: readonly string[]): readonly string[] =>
    entriesOf(opencode.home).flatMap(({ level, message }) =>
      levels.some((wanted) => wanted.toLowerCase() === level) ? message : [],
    );
  return { ...opencode, client, logged, api, isService };
}

/** Of the plugin's own log: OpenCode 2 keeps none for it. */
function entriesOf(home: string): readonly { readonly level: string; readonly message: string }[] {
  const path = join(home, ".local/state/opencode-mattermost/log.txt");
  const text = existsSync(path) ? readFileSync(path, "utf8") : "";
  return [...text.matchAll(/^\S+Z (\w+) (.*)$/gm)].map(([, level = "", message = ""]) => ({
    level,
    message,
  }));
}

const servicePath = (home: string): string => join(home, ".local/state", FOLDER, "service.json");

function serviceOf(home: string): { readonly pid?: unknown; readonly password?: unknown } {
  const path = servicePath(home);
  return existsSync(path) ? Object(JSON.parse(readFileSync(path, "utf8"))) : {};
}

/** One that was killed leaves its file. */
function hasService(home: string | undefined): boolean {
  const pid = home === undefined ? undefined : serviceOf(home).pid;
  try {
    return typeof pid === "number" && process.kill(pid, 0);
  } catch {
    return false;
  }
}
