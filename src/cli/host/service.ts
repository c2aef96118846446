import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { z } from "zod";
import type { Env } from "../settings/env.ts";
import type { OpenCodeProgram } from "./program.ts";
import type { Server } from "./serve.ts";

const run = promisify(execFile);
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

const Registration = z.object({ url: z.string(), pid: z.number(), password: z.string() });

/**
 * OpenCode 2's background service of this user: started where it does not run, else taken as it is. What runs already is left
 * running by `stop`. Rejects with what OpenCode said where it does not start.
 */
export async function startService({ path, major }: OpenCodeProgram, env: Env): Promise<Server> {
  const service = async (command: string): Promise<string> => {
    const options = { env: { ...env }, timeout: WITHIN_MS };
    return (await run(path, ["service", command], options)).stdout.trim();
  };
  const wasRunning = (await service("status")).startsWith("http");
  const url = await service("start");
  const { pid, password } = registrationOf(url, env);
  return {
    major,
    url,
    password,
    ended: untilGone(pid),
    async stop() {
      if (!wasRunning) await service("stop");
    },
  };
}

/** Written by the service itself, in the folder of the program's name. */
function registrationOf(url: string, env: Env): z.infer<typeof Registration> {
  const set = env["XDG_STATE_HOME"];
  const state =
    set !== undefined && isAbsolute(set) ? set : join(env["HOME"] ?? homedir(), ".local", "state");
  for (const name of readdirSync(state)) {
    const registered = registrationIn(join(state, name, "service.json"));
    if (registered?.url.replace(/\/$/, "") === url.replace(/\/$/, "")) return registered;
  }
  throw new Error(`OpenCode's service runs at ${url}, and is not registered under ${state}.`);
}

function registrationIn(path: string): z.infer<typeof Registration> | undefined {
  try {
    return Registration.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
  } catch {
    return undefined;
  }
}

async function untilGone(pid: number): Promise<string> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return "ended";
    }
    await sleep(LOOK_EVERY_MS, undefined, { ref: false });
  }
}
