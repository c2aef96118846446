import { z } from "zod";
import { HostError } from "../../errors.ts";
import type { Clock } from "../../ports.ts";
import type { PluginContext } from "./context.ts";
import type { HttpApi } from "./http-api.ts";
import type { Instances } from "./instances.ts";
import { settle } from "./settle.ts";

type Name = "get" | "context" | "create" | "prompt" | "synthetic" | "interrupt";
type Input = Readonly<Record<string, unknown>>;

/** Calls that concern a session, and what each is called in an error. */
const CALLS: Readonly<Record<Name, { readonly what: string; readonly method: "GET" | "POST" }>> = {
  get: { what: "read the session", method: "GET" },
  context: { what: "read messages", method: "GET" },
  create: { what: "start a session", method: "POST" },
  prompt: { what: "send the prompt", method: "POST" },
  synthetic: { what: "tell of a file", method: "POST" },
  interrupt: { what: "stop the session", method: "POST" },
};

const Data = z.looseObject({ data: z.unknown() });

/** The calls of one directory. */
export interface Calls {
  /** By an instance of the plugin; by the HTTP API where every directory is unloaded. Rejects with `HostError`. */
  session(name: Name, input: Input): Promise<unknown>;
  /** Of the directory's own instance only: no other knows its requests. `undefined` where it is not loaded. */
  own(
    what: string,
    call: (context: PluginContext) => Promise<unknown>,
  ): Promise<unknown> | undefined;
}

export function createCalls(deps: {
  readonly directory: string;
  readonly clock: Clock;
  readonly instances: Pick<Instances, "own" | "any">;
  readonly http: () => HttpApi | undefined;
}): Calls {
  const { directory, clock, instances } = deps;

  async function byHttp(name: Name, input: Input): Promise<unknown> {
    const { what, method } = CALLS[name];
    const api = deps.http();
    if (!api) {
      const advice = `open ${directory} in the terminal first`;
      throw new HostError(`OpenCode has unloaded every directory: ${advice}`, { kind: "refused" });
    }
    const { sessionID, ...body } = input;
    const path = ["/api/session", sessionID, ["create", "get"].includes(name) ? undefined : name];
    const answer = await api.call(
      what,
      method,
      path.filter((part) => part !== undefined).join("/"),
      method === "POST" ? body : undefined,
    );
    return Data.safeParse(answer).data?.data;
  }

  return {
    async session(name, input) {
      const context = instances.any(directory);
      if (!context) return byHttp(name, input);
      return settle(CALLS[name].what, clock, () => context.session[name](input));
    },
    own(what, call) {
      const context = instances.own(directory);
      return context && settle(what, clock, () => call(context));
    },
  };
}
