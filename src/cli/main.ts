// `npx opencode-mattermost`: the command line as a program. What belongs to the process is taken here and nowhere else.
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import packageJson from "../../package.json" with { type: "json" };
import { openPlayground } from "./playground.ts";
import { runProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";

const { env } = process;
const terminal: Terminal = {
  say: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
};

const cacheHome = env["XDG_CACHE_HOME"];
const cache =
  cacheHome !== undefined && isAbsolute(cacheHome) ? cacheHome : join(homedir(), ".cache");

process.exitCode = await runProgram(
  process.argv.slice(2),
  {
    playground: (args) =>
      openPlayground({
        main: fileURLToPath(new URL("./playground/main.js", import.meta.url)),
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
