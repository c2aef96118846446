import { z } from "zod";
import { HostError } from "../../errors.ts";
import type { Clock } from "../../ports.ts";
import type { PluginContext } from "./context.ts";
import type { HttpApi } from "./http-api.ts";
import type { Instances } from "./instances.ts";
import { settle } from "./settle.ts";

type Name =
  | ("get" | "context" | "create" | "prompt" | "synthetic" | "interrupt" | "update")
  | ("switchAgent" | "switchModel");
/** What a directory offers to choose from. */
type Choice = "model" | "provider" | "agent" | "command";
type Method = "GET" | "POST" | "PATCH" | "DELETE";
type Input = Readonly<Record<string, unknown>>;

/** Calls that concern a session, and what each is called in an error. */
const CALLS: Readonly<Record<Name, string>> = {
  get: "read the session",
  context: "read messages",
  create: "start a session",
  prompt: "send the prompt",
  synthetic: "tell of a file",
  interrupt: "stop the session",
  update: "change the session",
  switchAgent: "choose the agent",
  switchModel: "choose the model",
};

const Data = z.looseObject({ data: z.unknown() });
const dataOf = (answer: unknown): unknown => Data.safeParse(answer).data?.data;

/** The calls of one directory. */
export interface Calls {
  /** By whatever instance of the plugin there is. Rejects with `HostError`. */
  session(name: Name, input: Input): Promise<unknown>;
  /** Of the directory's own instance only: no other knows its requests. `undefined` where it is not loaded. */
  own(
    what: string,
    call: (context: PluginContext) => Promise<unknown>,
  ): Promise<unknown> | undefined;
  /** By the directory's own instance, or by the HTTP API. Rejects with `HostError`. */
  list(what: Choice): Promise<readonly unknown[]>;
  /** By the HTTP API. Resolves with its answer. Rejects with `HostError`, also where this process has none. */
  http(what: string, method: Method, path: string, body?: Input): Promise<unknown>;
}

export function createCalls(deps: {
  readonly directory: string;
  readonly clock: Clock;
  readonly instances: Pick<Instances, "own" | "any">;
  readonly http: () => HttpApi | undefined;
}): Calls {
  const { directory, clock, instances } = deps;
  const location = `location[directory]=${encodeURIComponent(directory)}`;

  async function http(what: string, method: Method, path: string, body?: Input): Promise<unknown> {
    const api = deps.http();
    if (api) return api.call(what, method, path, body);
    const why = "OpenCode does not run as a service here";
    throw new HostError(`OpenCode could not ${what}: ${why}`, { kind: "refused" });
  }

  return {
    async session(name, input) {
      const context = instances.any(directory);
      const what = CALLS[name];
      if (context) return settle(what, clock, () => context.session[name](input));
      throw new HostError(`OpenCode could not ${what}: it has ended`, { kind: "refused" });
    },
    own(what, call) {
      const context = instances.own(directory);
      return context && settle(what, clock, () => call(context));
    },
    async list(name) {
      const what = `list every ${name}`;
      const own = instances.own(directory)?.[name];
      const answer = own
        ? await settle(what, clock, () => own.list({}))
        : await http(what, "GET", `/api/${name}?${location}`);
      return listOf(dataOf(answer));
    },
    http,
  };
}

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export async function absentWhereGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof HostError && error.kind === "not-found") return undefined;
    throw error;
  }
}

/** `false` where what was to be answered is no longer asked. */
export async function stillPending(answer: () => Promise<unknown>): Promise<boolean> {
  return (await absentWhereGone(() => answer().then(() => true))) ?? false;
}
