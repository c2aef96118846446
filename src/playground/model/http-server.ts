import { type AddressInfo, createServer, type Socket } from "node:net";

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  header(name: string): string | undefined;
  /** The body as JSON; undefined when it is none. */
  json(): unknown;
  /** Aborts when the client hangs up before the answer is complete. */
  readonly signal: AbortSignal;
}

/** `cut` ends the connection without an answer; events that throw cut it in the middle of one. */
export type HttpAnswer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly json: unknown }
  | { readonly events: AsyncIterable<string> }
  | "cut";

export interface HttpServer {
  readonly port: number;
  stop(): Promise<void>;
}

type Incoming = Omit<HttpRequest, "signal">;

/** The request that these bytes begin with and what follows it, or undefined while it is not complete. */
function parseRequest(bytes: Buffer): { request: Incoming; rest: Buffer } | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [start = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = end + 4 + Number(headers.get("content-length") ?? 0);
  if (bytes.length < length) return undefined;
  const body = bytes.subarray(end + 4, length);
  const [method = "", target = "/"] = start.split(" ");
  const request: Incoming = {
    method,
    path: target.replace(/\?.*$/, ""),
    header: (name) => headers.get(name.toLowerCase()),
    json() {
      try {
        return JSON.parse(body.toString("utf8"));
      } catch {
        return undefined;
      }
    },
  };
  return { request, rest: bytes.subarray(length) };
}

const head = (status: number, headers: Record<string, string>): string =>
  [
    `HTTP/1.1 ${status} Scripted`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "\r\n",
  ].join("\r\n");

async function write(socket: Socket, answer: HttpAnswer): Promise<void> {
  if (answer === "cut") {
    socket.destroy();
  } else if ("json" in answer) {
    const body = JSON.stringify(answer.json);
    const length = String(Buffer.byteLength(body));
    const type = "application/json";
    const headers = { "content-type": type, "content-length": length, ...answer.headers };
    socket.write(head(answer.status, headers) + body);
  } else {
    socket.write(
      head(200, {
        "content-type": "text/event-stream",
        "transfer-encoding": "chunked",
        connection: "close",
      }),
    );
    for await (const event of answer.events) {
      socket.write(`${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`);
    }
    socket.end("0\r\n\r\n");
  }
}

/**
 * A small HTTP server on loopback. It notices at once that a client hung up, and it can cut an answer in the middle: Bun's own
 * server ends a failed stream as if it were complete, and Bun's `node:http` does not say when a client goes. Whole answers
 * leave the connection open: Bun 1.3's `fetch` uses it again after a status that is not 2xx even where it was told not to.
 */
export async function startHttpServer(
  port: number,
  handle: (request: HttpRequest) => Promise<HttpAnswer>,
): Promise<HttpServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    let bytes = Buffer.alloc(0);
    /** Of the request that is being answered. */
    let hungUp: AbortController | undefined;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      hungUp?.abort();
    });
    socket.on("data", (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      answerNext();
    });

    function answerNext(): void {
      const parsed = hungUp ? undefined : parseRequest(bytes);
      if (!parsed) return;
      bytes = Buffer.from(parsed.rest);
      hungUp = new AbortController();
      handle({ ...parsed.request, signal: hungUp.signal })
        .then((answer) => write(socket, answer))
        .catch(() => socket.destroy())
        .finally(() => {
          hungUp = undefined;
          answerNext();
        });
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
