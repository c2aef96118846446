import { describe, expect, test } from "bun:test";
import type { Socket } from "node:net";
import { createHttp, type Http } from "../../../../src/clients/mattermost/http.ts";
import type { ChatError } from "../../../../src/errors.ts";
import { failure } from "../../../contract/chat-port-guests.ts";
import { until } from "../../../support/until.ts";
import { startRawServer, trickle } from "./raw-server.ts";

const TOKEN = "tokentokentokentokentoken1";
const at = (baseUrl: string, withinMs = 5_000): Http =>
  createHttp({ baseUrl, token: TOKEN, withinMs });
const get = (http: Http): Promise<unknown> => http.json({ method: "GET", path: "/x?secret=1" });

/** Everything that a log could print of an error. */
const printed = (error: ChatError): string =>
  [
    Bun.inspect(error, { depth: 20 }),
    JSON.stringify(error),
    error.stack,
    String(error.cause),
  ].join();

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

describe("a request that hangs ends in time, and so does its connection", () => {
  const phases: Readonly<Record<string, (socket: Socket) => void>> = {
    "where no answer comes": () => undefined,
    "within the first line": (socket) => socket.write("HTTP/1.1 20"),
    "where headers trickle": (socket) => {
      socket.write(HEAD);
      trickle(socket, "X-More: 1\r\n");
    },
    "where only headers come": (socket) => socket.write(`${HEAD}Content-Length: 100\r\n\r\n`),
    "where the body stops": (socket) => socket.write(`${HEAD}Content-Length: 100\r\n\r\n{"a":`),
    "where the body trickles": (socket) => {
      socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
      trickle(socket, "1\r\n \r\n");
    },
  };
  for (const [phase, answer] of Object.entries(phases)) {
    test(phase, async () => {
      await using server = await startRawServer(answer);
      const error = await failure(get(at(server.url, 150)));
      expect(error.kind).toBe("unknown");
      expect(error.message).toBe("GET /x got no answer (within 0.15 s)");
      expect(printed(error)).not.toContain(TOKEN);
      await until("the end of the connection", () => server.open() === 0);
    });
  }
});

describe("an answer that is none", () => {
  const answers: Readonly<Record<string, (socket: Socket) => void>> = {
    "is cut off": (socket) => socket.end(`${HEAD}Content-Length: 100\r\n\r\n{"a":`),
    "is no HTTP": (socket) => socket.end("SSH-2.0-OpenSSH\r\n\r\n"),
    "is an end": (socket) => socket.destroy(),
  };
  for (const [what, answer] of Object.entries(answers)) {
    test(what, async () => {
      await using server = await startRawServer(answer);
      const error = await failure(get(at(server.url)));
      expect(error.kind).toBe("unknown");
      expect(printed(error)).not.toContain(TOKEN);
    });
  }

  test("comes from nobody", async () => {
    const server = await startRawServer(() => undefined);
    await server[Symbol.asyncDispose]();
    expect((await failure(get(at(server.url)))).kind).toBe("unreachable");
    expect((await failure(get(at("http://no-such-host.invalid")))).kind).toBe("unreachable");
  });
});

describe("what the server says becomes an error", () => {
  const kinds: Readonly<Record<number, ChatError["kind"]>> = {
    301: "refused",
    400: "refused",
    401: "unauthorized",
    403: "refused",
    404: "refused",
    408: "unknown",
    413: "refused",
    429: "limited",
    500: "unknown",
    501: "refused",
    502: "unknown",
    503: "unknown",
  };
  for (const [status, kind] of Object.entries(kinds)) {
    test(`${status}: ${kind}`, async () => {
      using server = serve(() =>
        Response.json({ id: "a.b.app_error", message: "No." }, { status: Number(status) }),
      );
      const error = await failure(get(at(server.url)));
      expect(error).toMatchObject({ kind, status: Number(status), code: "a.b.app_error" });
      expect(error.message).toBe(`GET /x was answered ${status}: No.`);
    });
  }

  test("where it is a page", async () => {
    using server = serve(() => new Response("<html>Bad gateway</html>", { status: 502 }));
    expect(await failure(get(at(server.url)))).toMatchObject({ kind: "unknown", code: "" });
  });

  test.each([302, 400, 401, 403, 404, 501])(
    "a page with %d is not Mattermost's word",
    async (status) => {
      using server = serve(() => new Response("<html>Somebody else</html>", { status }));
      expect(await failure(get(at(server.url)))).toMatchObject({ kind: "unknown", status });
    },
  );

  test("a page that says too large is final", async () => {
    using server = serve(() => new Response("<html>Too large</html>", { status: 413 }));
    expect(await failure(get(at(server.url)))).toMatchObject({ kind: "refused", status: 413 });
  });

  test("also where bytes were asked for", async () => {
    using server = serve(() => Response.json({ id: "a.b", message: "No." }, { status: 403 }));
    const error = await failure(at(server.url).bytes("/files/1", 1));
    expect(error).toMatchObject({ kind: "refused", status: 403, code: "a.b" });
  });

  test("where it repeats the token", async () => {
    using server = serve((request) => {
      const heard = request.headers.get("authorization");
      return Response.json({ id: `no ${heard}`, message: `not ${heard}` }, { status: 400 });
    });
    const error = await failure(get(at(server.url)));
    expect(error.message).toContain("not Bearer …");
    expect(printed(error)).not.toContain(TOKEN);
  });

  const waits: readonly [header: string | undefined, ms: number][] = [
    ["3", 3_000],
    ["0", 1_000],
    [undefined, 1_000],
    ["soon", 1_000],
    ["86400", 300_000],
  ];
  for (const [header, retryAfterMs] of waits) {
    test(`429 with Retry-After ${header}`, async () => {
      const headers = header === undefined ? {} : { "Retry-After": header };
      using server = serve(() => new Response("limit exceeded", { status: 429, headers }));
      expect(await failure(get(at(server.url)))).toMatchObject({ kind: "limited", retryAfterMs });
    });
  }

  test("429 with a date", async () => {
    const headers = { "Retry-After": new Date(Date.now() + 60_000).toUTCString() };
    using server = serve(() => new Response("", { status: 429, headers }));
    const { retryAfterMs = 0 } = await failure(get(at(server.url)));
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });
});

test("no redirect is followed", async () => {
  using other = serve(() => Response.json({}));
  for (const status of [301, 302, 303, 307, 308]) {
    using server = serve(() => new Response(null, { status, headers: { Location: other.url } }));
    const error = await failure(get(at(server.url)));
    expect(error).toMatchObject({ kind: "unknown", status });
    expect((await failure(at(server.url).bytes("/f", 10))).kind).toBe("unknown");
  }
  expect(other.seen).toEqual([]);
});

test("a download ends as soon as it is too large", async () => {
  let sentBytes = 0;
  using server = serve(() => {
    const pull = async (controller: ReadableStreamDefaultController): Promise<void> => {
      sentBytes += 65_536;
      controller.enqueue(new Uint8Array(65_536));
      await Bun.sleep(0);
      if (sentBytes > 100_000_000) controller.close();
    };
    return new Response(new ReadableStream({ pull }));
  });
  const error = await failure(at(server.url).bytes("/files/1", 1_000_000));
  expect(error.kind).toBe("refused");
  expect(sentBytes).toBeLessThan(50_000_000);
});

test("a download that unpacks into too much is too large", async () => {
  const packed = Bun.gzipSync(new Uint8Array(20_000_000));
  using server = serve(() => new Response(packed, { headers: { "Content-Encoding": "gzip" } }));
  expect((await failure(at(server.url).bytes("/files/1", 1_000_000))).kind).toBe("refused");
});

test("bytes are sent as they are, also many", async () => {
  using server = serve(async (request) => {
    const bytes = await request.bytes();
    const type = request.headers.get("content-type");
    return Response.json({ type, length: bytes.length, last: bytes.at(-1) });
  });
  const body = new Uint8Array(5_000_000).fill(7);
  const answer = await at(server.url).json({ method: "POST", path: "/files", body });
  expect(answer).toEqual({ type: "application/octet-stream", length: body.length, last: 7 });
});

test("nothing leaves with the token in it but the header: path, body and file", async () => {
  using server = serve(async (request) => {
    const { pathname, search } = new URL(request.url);
    return Response.json([`${pathname}${search}`, await request.text()]);
  });
  const http = at(server.url);
  const sent = async (path: string, body: unknown): Promise<unknown> =>
    http.json({ method: "POST", path, body });
  const file = new TextEncoder().encode(`\u00ff${TOKEN}\u00ff`);
  expect(await sent(`/files?filename=${TOKEN}.txt`, file)).toEqual([
    "/files?filename=%E2%80%A6.txt",
    "\u00ff…\u00ff",
  ]);
  const escaped = new TextEncoder().encode(`ls "/nope-${TOKEN.replaceAll("k", "\\k")}" \u00ff`);
  expect(await sent("/files", escaped)).toEqual(["/files", 'ls "/nope-…" \u00ff']);
  expect(await sent("/posts", { message: `a ${TOKEN}`, props: { list: [TOKEN] } })).toEqual([
    "/posts",
    JSON.stringify({ message: "a …", props: { list: ["…"] } }),
  ]);
});

test("a token that cannot be a header is not told either", async () => {
  using server = serve(() => Response.json({}));
  for (const token of ["sec\nret-secret", "secret-sécret-☃"]) {
    const http = createHttp({ baseUrl: server.url, token });
    const error = await http.json({ method: "GET", path: "/x" }).then(() => "", Bun.inspect);
    expect(error).not.toContain(token);
  }
});

function serve(answer: (request: Request) => Response | Promise<Response>) {
  const seen: string[] = [];
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      seen.push(request.url);
      return answer(request);
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    seen,
    [Symbol.dispose]: () => void server.stop(true),
  };
}
