// `npx opencode-mattermost`: the command line as a program. What belongs to the process is taken here and nowhere else.
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import packageJson from "../../package.json" with { type: "json" };
import { doctor } from "./doctor.ts";
import { openPlayground } from "./playground.ts";
import { runProgram } from "./program.ts";
import { terminalPrompter } from "./prompter.ts";
import { PACKAGE } from "./settings/config-file.ts";
import { setup } from "./setup.ts";
import type { Terminal } from "./terminal.ts";

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
  : here(isSource ? "../.." : "..").href.replace(/\/$/, "");

async function readStdin(): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
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
