// `npx opencode-mattermost`: the command line as a program. What belongs to the process is taken here and nowhere else.
import { homedir } from "node:os";
import { isAbsolute, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import packageJson from "../../package.json" with { type: "json" };
import { waitingClock } from "../timing/waiting-clock.ts";
import { doctor } from "./doctor.ts";
import { openPlayground } from "./playground.ts";
import { runProgram } from "./program.ts";
import { terminalPrompter } from "./prompter.ts";
import { PACKAGE } from "./settings/config-file.ts";
import { setup } from "./setup.ts";
import type { Terminal } from "./terminal.ts";
import { up } from "./up.ts";

const { env } = process;
const terminal: Terminal = {
  say: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
};

const cacheHome = env["XDG_CACHE_HOME"];
const cache =
  cacheHome !== undefined && isAbsolute(cacheHome) ? cacheHome : join(homedir(), ".cache");

const home = homedir();
const here = (path: string): URL => new URL(path, import.meta.url);
const isSource = import.meta.url.endsWith(".ts");
/** A package is named by its name, a checkout by its folder. */
const plugin = import.meta.url.includes("/node_modules/")
  ? PACKAGE
  : fileURLToPath(here(isSource ? "../.." : "..")).replace(/[\\/]$/, "");

async function readStdin(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** What `npx` has fetched is gone some day: there it is asked for again. */
function ownCommand(): readonly string[] {
  const script = fileURLToPath(import.meta.url);
  if (!script.includes(`${sep}_npx${sep}`)) return [process.execPath, script];
  return ["/usr/bin/env", "npx", "--yes", `${PACKAGE}@${packageJson.version}`];
}

function stopSignal(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => stopping.abort());
  }
  return stopping.signal;
}

process.exitCode = await runProgram(
  process.argv.slice(2),
  {
    setup: (flags) =>
      setup(flags, {
        env,
        home,
        terminal,
        prompter: process.stdin.isTTY && process.stdout.isTTY ? terminalPrompter : undefined,
        readStdin,
        plugin,
      }),
    doctor: (flags) => doctor(flags, { env, home, directory: process.cwd(), terminal }),
    up: (directories, flags) =>
      up(directories, flags, {
        env,
        directory: process.cwd(),
        terminal,
        clock: waitingClock,
        stopping: stopSignal(),
        command: ownCommand(),
      }),
    playground: (args) =>
      openPlayground({
        main: fileURLToPath(here(isSource ? "../playground/main.ts" : "./playground/main.js")),
        args,
        env,
        terminal,
        cache: join(cache, "opencode-mattermost"),
        openCode: packageJson.devDependencies["opencode-ai"],
        bun: packageJson.devDependencies.bun,
      }),
  },
  terminal,
);
