import { readFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { createServer, type TLSSocket } from "node:tls";

const fixture = (name: string): URL => new URL(`../fixtures/tls/${name}`, import.meta.url);

/** The certificate of every front: self-signed, for 127.0.0.1. */
export const CERTIFICATE = fixture("certificate.pem").pathname;

export interface TlsFront {
  /** `https://127.0.0.1:PORT` */
  readonly url: string;
  stop(): void;
}

/** Speaks TLS, and passes on to a server that does not. */
export async function startTlsFront(inside: string): Promise<TlsFront> {
  const open = new Set<TLSSocket>();
  const server = createServer(
    { cert: readFileSync(CERTIFICATE), key: readFileSync(fixture("key.pem")) },
    (outer) => {
      open.add(outer);
      const inner = connect(Number(new URL(inside).port), "127.0.0.1");
      outer.on("close", () => open.delete(outer));
      for (const end of [outer, inner]) end.on("error", () => inner.destroy());
      outer.pipe(inner).pipe(outer);
    },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    stop() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
