import type { Deduplication } from "./deduplication.ts";
import { isId } from "./ids.ts";
import { type Refusal, refuse } from "./refusal.ts";
import type { UserRow } from "./rows.ts";
import type { SessionDeps } from "./socket-session.ts";
import type { World } from "./world.ts";

/** What the routes work on. */
export interface RouteContext extends Pick<SessionDeps, "world" | "onTyping"> {
  readonly world: World;
  readonly deduplication: Deduplication;
  /** Settles when a create that has begun may take effect. */
  readonly creationDelay: () => Promise<void> | undefined;
}

/** A request that has found its route. */
export interface Call {
  /** The placeholder's value, already checked: ids look like ids, `me` is the caller. */
  param(name: string): string;
  readonly query: URLSearchParams;
  readonly user: UserRow;
  /** The parsed body; undefined if there is none or it is not JSON. */
  readonly json: unknown;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
}

export type Answer =
  | Refusal
  | {
      readonly status?: number;
      readonly json: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> };

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Placeholders are `:name`. */
  readonly path: string;
  /** Asks for no token. */
  readonly open?: true;
  readonly run: (call: Call, context: RouteContext) => Answer | Promise<Answer>;
}

/** The answer of calls that have nothing else to say. */
export const ok: Answer = { json: { status: "OK" } };

interface Match {
  readonly route: Route;
  readonly params: ReadonlyMap<string, string>;
}

/** Finds the route of a request; literal segments win over placeholders. */
export type Router = (method: string, path: string) => Match | undefined;

/** Compiles a table of routes. */
export function createRouter(table: readonly Route[]): Router {
  const byShape = new Map<string, { readonly route: Route; readonly segments: string[] }[]>();
  const sorted = table.toSorted((a, b) => placeholders(a) - placeholders(b));
  for (const route of sorted) {
    const segments = route.path.split("/");
    const shape = `${route.method} ${segments.length}`;
    byShape.set(shape, [...(byShape.get(shape) ?? []), { route, segments }]);
  }
  return (method, path) => {
    const asked = path.split("/");
    for (const { route, segments } of byShape.get(`${method} ${asked.length}`) ?? []) {
      const params = matchSegments(segments, asked);
      if (params !== undefined) return { route, params };
    }
    return undefined;
  };
}

function placeholders(route: Route): number {
  return route.path.split(":").length;
}

function matchSegments(
  segments: readonly string[],
  asked: readonly string[],
): ReadonlyMap<string, string> | undefined {
  const params = new Map<string, string>();
  for (const [at, segment] of segments.entries()) {
    const value = asked[at] ?? "";
    if (segment.startsWith(":")) params.set(segment.slice(1), decodeURIComponent(value));
    else if (segment !== value) return undefined;
  }
  return params;
}

/** The placeholders' values for this caller, or the refusal of the first that cannot be an id. */
export function readParams(
  params: ReadonlyMap<string, string>,
  user: UserRow | undefined,
): ReadonlyMap<string, string> | Refusal {
  const read = new Map<string, string>();
  for (const [name, value] of params) {
    if (name === "user_id" && value === "me" && user !== undefined) read.set(name, user.id);
    else if (name.endsWith("_id") && !isId(value)) return refuse.urlParam(name);
    else read.set(name, value);
  }
  return read;
}
