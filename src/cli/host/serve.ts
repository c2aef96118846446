import { type ChildProcess, spawn } from "node:child_process";
import type { Env } from "../settings/env.ts";
import type { OpenCodeProgram } from "./program.ts";
import type { Running } from "./running.ts";

/** An OpenCode server that belongs to us. */
export interface Server extends Running {
  /** Settles when it has ended, with the words for how. */
  readonly ended: Promise<string>;
  /** Resolves when it is gone. */
  stop(): Promise<void>;
}

const LISTENS = /listening on (http:\/\/\S+)/;
const STARTED_WITHIN_MS = 60_000;
const TERMINATED_WITHIN_MS = 8_000;
/** What is told of an OpenCode that did not start. */
const LAST_CHARS = 2_000;

/**
 * Starts `opencode serve` on loopback; resolves when it listens, rejects with what it said where it does not. Its own password is
 * taken from `env`, or made: without one, every page in a browser on this machine could talk to it.
 */
export async function startServer(
  { path, major }: OpenCodeProgram,
  options: {
    readonly cwd: string;
    readonly env: Env;
    readonly port: number;
    readonly password: string;
  },
): Promise<Server> {
  const { cwd, env, port, password } = options;
  const child = spawn(path, ["serve", "--hostname", "127.0.0.1", "--port", String(port)], {
    cwd,
    env: { ...env, OPENCODE_SERVER_PASSWORD: password },
    stdio: ["ignore", "pipe", "pipe"],
    // Ctrl-C is for us alone: it is ended in order.
    detached: true,
  });
  const ended = endOf(child);
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const lastResort = setTimeout(() => child.kill("SIGKILL"), TERMINATED_WITHIN_MS);
    await ended;
    clearTimeout(lastResort);
  };
  const said = outputOf(child);
  const url = await Promise.race([said.matches(LISTENS, STARTED_WITHIN_MS), ended.then(() => "")]);
  if (url) return { major, url, password, ended, stop };
  await stop();
  throw new Error(
    `OpenCode did not start. What it said:\n${said.text().slice(-LAST_CHARS).trim()}`,
  );
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) =>
      resolve(code === null ? `ended by ${signal}` : `ended with code ${code}`),
    );
  });
}

/** Read on and on, because a full pipe would stop the process. */
function outputOf(child: ChildProcess) {
  let text = "";
  let look = (): void => undefined;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (chunk: string) => {
      text = (text + chunk).slice(-10 * LAST_CHARS);
      look();
    });
  }
  return {
    text: () => text,
    matches: (pattern: RegExp, withinMs: number): Promise<string> =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(""), withinMs);
        look = () => {
          const [, found] = pattern.exec(text) ?? [];
          if (found === undefined) return;
          clearTimeout(timer);
          resolve(found);
        };
      }),
  };
}
