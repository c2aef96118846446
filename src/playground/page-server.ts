import { isFromHere, notFromHere } from "./from-here.ts";
import { servePageFiles } from "./page-files.ts";
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

/** Serves the page on loopback, and Mattermost's API on the same origin. */
export async function startPage({ mattermost, owner, port }: PageOptions): Promise<Page> {
  const user = mattermost.as(owner);
  const { id, username, token } = user.account;
  const session = {
    me: { id, username, token },
    bot: { id: mattermost.bot.id, username: mattermost.bot.username },
    channelId: await user.dm(),
  };
  // Whoever else uses this machine can reach the port: what is more than the page's files needs the address that is printed.
  const secret = `/${crypto.randomUUID()}`;
  function api(request: Request, server: Bun.Server<LinkData>, path: string) {
    const target = `${mattermost.url}${path}${new URL(request.url).search}`;
    if (!path.endsWith("/websocket")) return passOn(request, target);
    if (server.upgrade(request, { data: openLink(target) })) return undefined;
    return new Response("This path takes WebSockets only.\n", { status: 400 });
  }

  async function answer(request: Request, server: Bun.Server<LinkData>) {
    if (!isFromHere(request)) return notFromHere();
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith(`${secret}/`))
      return pathname === "/" ? noSecret() : files.get(pathname);
    const path = pathname.slice(secret.length);
    if (path === "/session") return Response.json(session);
    if (path === "/markdown") return new Response(markdownToHtml(await request.text()));
    return path.startsWith("/api/v4/") ? api(request, server, path) : files.get(path);
  }

  const listen = (at: number): Bun.Server<LinkData> =>
    Bun.serve<LinkData>({
      hostname: "127.0.0.1",
      port: at,
      development: false,
      fetch: answer,
      websocket: socketHandler,
    });
  const server = listenOn(port, listen);
  const files = servePageFiles();
  return {
    url: `http://127.0.0.1:${server.port}${secret}/`,
    async stop() {
      await server.stop(true);
      await files.stop();
    },
  };
}

const noSecret = (): Response =>
  new Response("Open the whole address that the terminal shows.\n", { status: 403 });

async function passOn(request: Request, target: string): Promise<Response> {
  const headers = new Headers();
  for (const name of ["authorization", "content-type"]) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value);
  }
  const { method } = request;
  const body = method === "GET" ? undefined : await request.arrayBuffer();
  const sent = { method, headers, ...(body ? { body } : {}) };
  const answer = await fetch(target, { ...sent, proxy: "" });
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
