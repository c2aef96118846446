import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** A line to a server that can be cut, for servers that others use too. */
export interface Relay {
  /** The server's address, through the relay. */
  readonly url: string;
  /** Ends every connection and takes no new one. */
  cut(): void;
  /** Takes connections again. With `forgotten` the server will not know which connection it could resume. */
  restore(forgotten?: boolean): void;
  stop(): Promise<void>;
}

export async function openRelay(target: string): Promise<Relay> {
  const { hostname, port, pathname } = new URL(target);
  const open = new Set<Socket>();
  let isCut = false;
  let isForgotten = false;

  const hold = (socket: Socket): Socket => {
    open.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => open.delete(socket));
    return socket;
  };

  const server = createServer((near) => {
    if (isCut) {
      near.destroy();
      return;
    }
    const far = hold(connect(Number(port), hostname));
    hold(near).on("data", (chunk) => far.write(isForgotten ? renamed(Buffer.from(chunk)) : chunk));
    far.on("data", (chunk) => near.write(chunk));
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;

  const cut = (): void => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };

  return {
    url: `http://127.0.0.1:${address.port}${pathname.replace(/\/$/, "")}`,
    cut,
    restore(forgotten = false) {
      isCut = false;
      isForgotten = forgotten;
    },
    stop() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Asks for another connection than the one that was: what a server sees that has been restarted meanwhile. */
const renamed = (chunk: Buffer): Buffer =>
  Buffer.from(
    chunk.toString("latin1").replace(/connection_id=\w{26}/, `connection_id=${"a".repeat(26)}`),
    "latin1",
  );
