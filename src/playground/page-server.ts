import page from "./page/index.html";
import { markdownToHtml } from "./page-markdown.ts";
import { type LinkData, openLink, socketHandler } from "./page-socket.ts";
import { PlaygroundProblem } from "./playground-problem.ts";
import type { StandIn } from "./stand-in/stand-in.ts";

export interface Page {
  readonly url: string;
  stop(): Promise<void>;
}

interface PageOptions {
  readonly mattermost: StandIn;
  /** Who sits at the page. */
  readonly owner: string;
  /** Without it the usual port, or any free one when that is taken. */
  readonly port: number | undefined;
}

const USUAL_PORT = 4180;

/**
 * A web site elsewhere may give its own name this machine's address, and would then be allowed to read the token:
 * only a browser that was sent here by one of these names is answered.
 */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;
const isFromHere = (request: Request): boolean => LOOPBACK.test(request.headers.get("host") ?? "");
const refusal = (): Response =>
  new Response("Open this page as http://127.0.0.1 or http://localhost.\n", { status: 403 });

/** Serves the page on loopback, and Mattermost's API on the same origin. */
export async function startPage({ mattermost, owner, port }: PageOptions): Promise<Page> {
  const user = mattermost.as(owner);
  const { id, username, token } = user.account;
  const session = {
    me: { id, username, token },
    bot: { id: mattermost.bot.id, username: mattermost.bot.username },
    channelId: await user.dm(),
  };
  const listen = (at: number): Bun.Server<LinkData> =>
    Bun.serve<LinkData>({
      hostname: "127.0.0.1",
      port: at,
      development: false,
      routes: {
        "/": page,
        "/session": (request: Request) =>
          isFromHere(request) ? Response.json(session) : refusal(),
        "/markdown": {
          async POST(request: Request) {
            if (!isFromHere(request)) return refusal();
            return new Response(markdownToHtml(await request.text()));
          },
        },
      },
      fetch(request, server) {
        if (!isFromHere(request)) return refusal();
        const { pathname, search } = new URL(request.url);
        if (!pathname.startsWith("/api/v4/")) return new Response("Not found\n", { status: 404 });
        const target = `${mattermost.url}${pathname}${search}`;
        if (!pathname.endsWith("/websocket")) return passOn(request, target);
        if (server.upgrade(request, { data: openLink(target) })) return undefined;
        return new Response("This path takes WebSockets only.\n", { status: 400 });
      },
      websocket: socketHandler,
    });
  const server = listenOn(port, listen);
  return {
    url: `http://127.0.0.1:${server.port}/`,
    stop: () => server.stop(true),
  };
}

async function passOn(request: Request, target: string): Promise<Response> {
  const headers = new Headers();
  for (const name of ["authorization", "content-type"]) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const { method } = request;
  const body = method === "GET" ? undefined : await request.arrayBuffer();
  const answer = await fetch(target, { method, headers, ...(body ? { body } : {}) });
  const type = answer.headers.get("content-type");
  return new Response(answer.body, {
    status: answer.status,
    headers: type === null ? {} : { "content-type": type },
  });
}

function listenOn<T>(port: number | undefined, listen: (at: number) => T): T {
  try {
    return listen(port ?? USUAL_PORT);
  } catch (cause) {
    if (port === undefined) return listen(0);
    throw new PlaygroundProblem(
      `Port ${port} cannot be used: ${cause instanceof Error ? cause.message : cause}. Give another one with --port, or leave it out.`,
      { cause },
    );
  }
}
