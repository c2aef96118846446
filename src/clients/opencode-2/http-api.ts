import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { HostError, messageOf } from "../../errors.ts";

const CALL_WITHIN_MS = 30_000;

/**
 * OpenCode 2's own HTTP API, in its service only: it says where it listens, and with which password, in a file that names its process.
 * It does what a plugin's context cannot: session lists, whole histories, answers to forms, forks, reverts.
 */
export interface HttpApi {
  /** Resolves with the answer's body. Rejects with `HostError`. */
  call(
    what: string,
    method: "GET" | "POST" | "DELETE" | "PATCH",
    path: string,
    body?: Readonly<Record<string, unknown>>,
  ): Promise<unknown>;
}

const Service = z.object({
  url: z.string(),
  pid: z.number(),
  password: z.string(),
});

const Refusal = z.object({ message: z.string().min(1) });

/** The API of this very process; `undefined` where it is no service, or was replaced by another. Read anew each time. */
export function findHttpApi(stateHome: string, pid: number): HttpApi | undefined {
  const service = folders(stateHome)
    .map((folder) => readService(join(folder, "service.json")))
    .find((found) => found?.pid === pid);
  return service && createHttpApi(service);
}

/** The folder has the name of the program, which differs between builds. */
function folders(stateHome: string): readonly string[] {
  try {
    return readdirSync(stateHome, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(stateHome, entry.name));
  } catch {
    return [];
  }
}

function readService(path: string): z.infer<typeof Service> | undefined {
  try {
    return Service.safeParse(JSON.parse(readFileSync(path, "utf8"))).data;
  } catch {
    return undefined;
  }
}

function createHttpApi({ url, password }: { readonly url: string; readonly password: string }) {
  const authorization = `Basic ${btoa(`opencode:${password}`)}`;
  return {
    async call(what, method, path, body) {
      const headers = { authorization, "content-type": "application/json" };
      const response = await fetch(new URL(path, url), {
        method,
        headers,
        signal: AbortSignal.timeout(CALL_WITHIN_MS),
        ...(body && { body: JSON.stringify(body) }),
      }).catch((error) => {
        throw new HostError(`OpenCode could not ${what}: ${messageOf(error)}`, {
          kind: "unknown",
          cause: error,
        });
      });
      const text = await response.text();
      if (response.ok) return parse(text);
      const kind =
        response.status === 404 ? "not-found" : response.status < 500 ? "refused" : "unknown";
      const reason = Refusal.safeParse(parse(text)).data?.message ?? text.slice(0, 500);
      throw new HostError(`OpenCode would not ${what}: ${reason}`, { kind });
    },
  } satisfies HttpApi;
}

function parse(text: string): unknown {
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
