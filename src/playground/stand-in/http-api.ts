import type { SeenRequest } from "./api.ts";
import type { FaultAnswer, Rule } from "./fault-rules.ts";
import type { FaultPlan } from "./faults.ts";
import { newId } from "./ids.ts";
import { Refusal, refuse } from "./refusal.ts";
import { type Answer, type Call, type RouteContext, type Router, readParams } from "./route.ts";
import type { UserRow } from "./rows.ts";

/** The header by which users that act through `as()` are told from clients. */
export const actingHeader = "x-stand-in-acting";

/** The path under which the whole API lies. */
export const apiPrefix = "/api/v4";

export interface HttpApiDeps {
  readonly context: RouteContext;
  readonly router: Router;
  readonly plan: FaultPlan;
  readonly seen: (request: SeenRequest) => void;
  /** Ends a connection abruptly. */
  readonly reset: (port: number) => void;
  readonly changed: () => void;
}

interface Asked {
  readonly method: string;
  /** From after the prefix on, without the query. */
  readonly path: string;
  readonly url: URL;
  readonly token: string | undefined;
  readonly user: UserRow | undefined;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly json: unknown;
  readonly contentType: string;
}

/** Answers one REST request, faults included; `port` names its connection. */
export type HttpApi = (request: Request, url: URL, port: number) => Promise<Response>;

/** Creates the REST side of the server. */
export function createHttpApi(deps: HttpApiDeps): HttpApi {
  const { context, plan } = deps;
  return async (request, url, port) => {
    const asked = await read(deps, request, url);
    const user = asked.user?.username ?? "";
    const path = asked.path + url.search;
    const record = { at: context.world.now(), user, method: asked.method, path, status: 0 };
    deps.seen(asked.json === undefined ? record : Object.assign(record, { body: asked.json }));
    const acting = request.headers.has(actingHeader);
    const struck = plan.requests.strike({ method: asked.method, path, user, acting });
    const answer = await answerThrough(deps, asked, { rules: struck, user, port });
    // A connection that has been cut gets no answer, whatever is returned here.
    if (answer !== "cut") record.status = answer.status;
    deps.changed();
    return answer === "cut" ? new Response(null, { status: 503 }) : answer;
  };
}

interface Struck {
  readonly rules: readonly Rule[];
  readonly user: string;
  readonly port: number;
}

async function answerThrough(
  deps: HttpApiDeps,
  asked: Asked,
  { rules, user, port }: Struck,
): Promise<Response | "cut"> {
  const cutWhen = async (moment: Promise<void> | undefined) => {
    await moment;
    deps.reset(port);
    return "cut" as const;
  };
  for (const { effect, cleared } of rules) {
    switch (effect.kind) {
      case "delay":
        await Bun.sleep(effect.ms);
        break;
      case "hold":
        await firstOf(cleared, effect.ms);
        break;
      case "never":
        return cutWhen(cleared);
      case "reset":
        return cutWhen(undefined);
      case "silence":
        await run(deps, asked);
        deps.changed();
        return cutWhen(cleared);
      case "answer":
        return faultResponse(effect.answer);
      case "limit": {
        const refusal = effect.admit(user);
        if (refusal !== undefined) return faultResponse(refusal);
      }
    }
  }
  return run(deps, asked);
}

async function firstOf(cleared: Promise<void>, ms: number | undefined): Promise<void> {
  await (ms === undefined ? cleared : Promise.race([Bun.sleep(ms), cleared]));
}

async function read(deps: HttpApiDeps, request: Request, url: URL): Promise<Asked> {
  const token = bearerToken(request.headers);
  const contentType = request.headers.get("content-type") ?? "";
  const bytes = new Uint8Array(await request.arrayBuffer());
  const form = contentType.startsWith("multipart/");
  return {
    method: request.method,
    path: url.pathname.slice(apiPrefix.length),
    url,
    token,
    user: token === undefined ? undefined : deps.context.world.tokens.get(token),
    bytes,
    json: form || bytes.length === 0 ? undefined : parse(bytes),
    contentType,
  };
}

/** The token of an `Authorization` header, with either of the words that the server takes. */
export function bearerToken(headers: Headers): string | undefined {
  return /^(?:bearer|token) (.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

async function run(deps: HttpApiDeps, asked: Asked): Promise<Response> {
  const { context } = deps;
  const { generation } = context.world;
  const headers = {
    "x-request-id": newId(),
    "x-version-id": generation.build,
    ...(generation.newKeys ? { "x-content-type-options": "nosniff" } : {}),
  };
  const answer = await decide(deps, asked);
  if (answer instanceof Refusal) return refusalResponse(answer, headers);
  if ("bytes" in answer) {
    return new Response(new Uint8Array(answer.bytes), {
      headers: { ...headers, "x-content-type-options": "nosniff", ...answer.headers },
    });
  }
  return new Response(JSON.stringify(answer.json), {
    status: answer.status ?? 200,
    headers: { ...headers, "content-type": "application/json", ...answer.headers },
  });
}

async function decide(deps: HttpApiDeps, asked: Asked): Promise<Answer> {
  const { context } = deps;
  const match = deps.router(asked.method, asked.path);
  if (match === undefined) return refuse.route(asked.url.pathname);
  // Asked again after what a fault did meanwhile: the token may be dead by now.
  const user = asked.token === undefined ? undefined : context.world.tokens.get(asked.token);
  if (user === undefined && match.route.open !== true) return refuse.session();
  const params = readParams(match.params, user);
  if (params instanceof Refusal) return params;
  const call: Call = {
    param: (name) => params.get(name) ?? "",
    query: asked.url.searchParams,
    user: user ?? nobody,
    json: asked.json,
    bytes: asked.bytes,
    contentType: asked.contentType,
  };
  return match.route.run(call, context);
}

const nobody: UserRow = {
  id: "",
  username: "",
  isBot: false,
  createAt: 0,
  updateAt: 0,
  deleteAt: 0,
  status: "offline",
  lastActivityAt: 0,
  customStatus: undefined,
};

function refusalResponse(refusal: Refusal, headers: Record<string, string>): Response {
  const wire = {
    id: refusal.id,
    message: refusal.message,
    detailed_error: refusal.detail,
    status_code: refusal.status,
  };
  const noRoute = refusal.detail !== "";
  const body = noRoute ? wire : { ...wire, request_id: headers["x-request-id"] };
  return new Response(JSON.stringify(body), {
    status: refusal.status,
    headers: noRoute
      ? { "content-type": "text/plain; charset=utf-8" }
      : { ...headers, "content-type": "application/json" },
  });
}

function faultResponse(answer: FaultAnswer): Response {
  return new Response(answer.body, { status: answer.status, headers: answer.headers });
}
