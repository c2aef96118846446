import { createServer, request } from "node:http";
import { type AddressInfo, connect } from "node:net";

export interface HttpProxy {
  /** With a name and a password. */
  readonly url: string;
  /** Whom it let sockets through to, and with which credentials. */
  readonly tunnels: readonly {
    readonly target: string;
    readonly credentials: string | undefined;
  }[];
  /** How many requests it passed on. */
  requests(): number;
  [Symbol.dispose](): void;
}

/** A proxy that finds every host on this machine. Without `lets` it passes requests on and lets no sockets through. */
export async function startHttpProxy(lets = true): Promise<HttpProxy> {
  const tunnels: { target: string; credentials: string | undefined }[] = [];
  let requests = 0;
  const server = createServer((asked, answer) => {
    requests++;
    const { port, pathname, search } = new URL(asked.url ?? "");
    const { method, headers } = asked;
    const inside = request({ host: "127.0.0.1", port, path: pathname + search, method, headers });
    inside.on("response", (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    inside.on("error", () => answer.destroy());
    asked.pipe(inside);
  });
  server.on("connect", ({ url: target = "", headers }, client) => {
    tunnels.push({ target, credentials: headers["proxy-authorization"] });
    if (!lets) {
      client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const inside = connect(Number(target.split(":")[1]), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      inside.pipe(client).pipe(inside);
    });
    for (const end of [inside, client]) end.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://bob:secret@127.0.0.1:${port}`,
    tunnels,
    requests: () => requests,
    [Symbol.dispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
