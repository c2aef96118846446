import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { messageOf } from "../../errors.ts";

/** An OpenCode that can be asked. */
export interface Running {
  readonly major: number;
  readonly url: string;
  readonly password: string;
}

/** `loaded`: the plugin is there for this directory. `absent`: OpenCode has loaded the directory without it. */
export type Touched =
  | { readonly kind: "loaded" }
  | { readonly kind: "absent"; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

const PLUGIN = "opencode-mattermost";
/** A tool that the plugin brings where it is set up. */
const TOOL = /^mattermost_/;
const WITHIN_MS = 90_000;

/** Has OpenCode load a directory, which it does not do by itself, and says whether the plugin came with it. Never rejects. */
export async function touch(running: Running, directory: string): Promise<Touched> {
  try {
    return running.major >= 2
      ? await touchNew(running, directory)
      : await touchOld(running, directory);
  } catch (error) {
    return { kind: "failed", reason: messageOf(error) };
  }
}

async function touchOld(running: Running, directory: string): Promise<Touched> {
  const query = `directory=${encodeURIComponent(directory)}`;
  const tools = z.array(z.string()).parse(await ask(running, `/experimental/tool/ids?${query}`));
  if (tools.some((id) => TOOL.test(id))) return { kind: "loaded" };
  return { kind: "absent", reason: "OpenCode has no tool of the plugin" };
}

const Plugins = z.object({
  data: z.array(
    z.object({
      id: z.string().optional(),
      state: z.object({ status: z.string() }),
    }),
  ),
});

/** The list is empty at first, and a package may have to be installed. */
const LISTED_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 250;

async function touchNew(running: Running, directory: string): Promise<Touched> {
  const query = `location%5Bdirectory%5D=${encodeURIComponent(directory)}`;
  for (const untilMs = Date.now() + LISTED_WITHIN_MS; ; await sleep(LOOK_EVERY_MS)) {
    const { data } = Plugins.parse(await ask(running, `/api/plugin?${query}`));
    const status = data.find(({ id }) => id === PLUGIN)?.state.status;
    if (status === "active") return { kind: "loaded" };
    if (status === "failed") return { kind: "absent", reason: "it failed to load" };
    if (Date.now() > untilMs) return { kind: "absent", reason: "OpenCode does not list it" };
  }
}

async function ask({ url, password }: Running, path: string): Promise<unknown> {
  const authorization = `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`;
  const answer = await fetch(`${url}${path}`, {
    headers: { authorization },
    signal: AbortSignal.timeout(WITHIN_MS),
  });
  if (answer.ok) return answer.json();
  throw new Error(`OpenCode answered ${answer.status} to ${path.split("?")[0]}`);
}
