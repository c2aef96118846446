import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";

/** A server that answers with bytes, right ones or wrong ones. */
export interface RawServer extends AsyncDisposable {
  readonly url: string;
  /** The connections that are open. */
  open(): number;
  /** The requests so far, as they came. */
  readonly requests: readonly string[];
}

/** `answer` gets a connection whose request has come. */
export async function startRawServer(answer: (socket: Socket) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    socket.once("data", (data) => {
      requests.push(String(data));
      answer(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    open: () => sockets.size,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Writes `bytes` now and then, until the other side has had enough. */
export function trickle(socket: Socket, bytes: string): void {
  const timer = setInterval(() => socket.write(bytes), 5);
  socket.on("close", () => clearInterval(timer));
}
