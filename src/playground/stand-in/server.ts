import type { Server, ServerWebSocket } from "bun";
import type { FaultPlan, FaultySocket } from "./faults.ts";
import { actingHeader, apiPrefix, bearerToken, type HttpApi } from "./http-api.ts";
import type { ResumeRequest } from "./hub.ts";
import { asCount } from "./parse.ts";
import { beginSession, type SessionDeps, type SocketSession } from "./socket-session.ts";
import { webPage } from "./web-page.ts";

interface SocketData {
  readonly port: number;
  readonly token: string | undefined;
  readonly resume: ResumeRequest | undefined;
  session: SocketSession | undefined;
}

export interface ServerDeps extends SessionDeps {
  readonly api: HttpApi;
  readonly plan: () => FaultPlan;
  readonly changed: () => void;
  /** Ends a connection abruptly. */
  readonly reset: (port: number) => void;
  /** Answers what is not the API. Where it has no answer, browsers get the web application, under every path. */
  readonly elsewhere: (request: Request, url: URL) => Promise<Response | undefined>;
}

/** The HTTP and WebSocket server behind the relay. */
export interface InnerServer {
  readonly port: number;
  readonly url: string;
  sockets(): Iterable<FaultySocket>;
  stop(): Promise<void>;
}

/** Starts the server on a free port. */
export function startServer(deps: ServerDeps): InnerServer {
  const sockets = new Map<ServerWebSocket<SocketData>, FaultySocket>();

  const upgrade = (request: Request, url: URL, server: Server<SocketData>) => {
    const token = bearerToken(request.headers);
    const user = deps.world.tokens.get(token ?? "")?.username ?? "";
    const acting = request.headers.has(actingHeader);
    const path = url.pathname.slice(apiPrefix.length) + url.search;
    const [rule] = deps.plan().upgrades.strike({ method: "GET", path, user, acting });
    if (rule?.effect.kind === "answer") {
      const { status, body, headers } = rule.effect.answer;
      return new Response(body, { status, headers });
    }
    const port = server.requestIP(request)?.port ?? 0;
    const data = { port, token, resume: readResume(url), session: undefined };
    if (server.upgrade(request, { data })) return undefined;
    return new Response("Bad Request\n", { status: 400 });
  };

  const server = Bun.serve<SocketData>({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    maxRequestBodySize: 256 * 1024 * 1024,
    async fetch(request, inner) {
      const url = new URL(request.url);
      if (url.pathname === `${apiPrefix}/websocket`) return upgrade(request, url, inner);
      if (url.pathname.startsWith(`${apiPrefix}/`)) {
        return deps.api(request, url, inner.requestIP(request)?.port ?? 0);
      }
      const answer = await deps.elsewhere(request, url);
      if (answer !== undefined) return answer;
      if (request.method === "GET") return webPage("Mattermost");
      return new Response("Not Found\n", { status: 404 });
    },
    websocket: {
      idleTimeout: 960,
      data: { port: 0, token: undefined, resume: undefined, session: undefined },
      open(socket) {
        const { data } = socket;
        const wire = {
          send: (text: string) => void socket.send(text),
          terminate: () => deps.reset(data.port),
        };
        const seen = { port: data.port, username: () => data.session?.username() };
        sockets.set(socket, seen);
        data.session = beginSession(deps, wire, data.token, data.resume);
        deps.plan().socketSeen(seen, false);
        deps.changed();
      },
      message(socket, message) {
        const { session } = socket.data;
        const greeted = session?.username() === undefined;
        session?.message(String(message));
        const seen = sockets.get(socket);
        if (greeted && seen?.username() !== undefined) deps.plan().socketSeen(seen, true);
        deps.changed();
      },
      close(socket) {
        sockets.delete(socket);
        socket.data.session?.closed();
        deps.changed();
      },
    },
  });

  const port = server.port ?? 0;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    sockets: () => sockets.values(),
    stop: () => server.stop(true),
  };
}

function readResume(url: URL): ResumeRequest | undefined {
  const connectionId = url.searchParams.get("connection_id");
  if (connectionId === null || connectionId === "") return undefined;
  return { connectionId, sequence: asCount(url.searchParams.get("sequence_number"), 0) };
}
