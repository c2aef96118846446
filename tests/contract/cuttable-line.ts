import { connect, createServer, type Socket } from "node:net";
import type { Line } from "./chat-world.ts";

/** The network between a client and a server, which a test can cut. */
export interface CuttableLine extends Line {
  /** The server's address by way of this line. */
  readonly url: string;
  close(): void;
}

export async function openLine(serverUrl: string): Promise<CuttableLine> {
  const { hostname, port, pathname } = new URL(serverUrl);
  const ends = new Set<Socket>();
  let isCut = false;
  const keep = (end: Socket, other: () => Socket): void => {
    ends.add(end);
    end.on("error", () => undefined);
    end.on("close", () => {
      ends.delete(end);
      other().destroy();
    });
  };
  const listener = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const server = connect(Number(port), hostname);
    keep(client, () => server);
    keep(server, () => client);
    client.pipe(server);
    server.pipe(client);
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const own = typeof address === "object" ? address?.port : undefined;
  const cut = (): void => {
    isCut = true;
    for (const end of [...ends]) end.destroy();
  };
  return {
    url: `http://127.0.0.1:${own}${pathname.replace(/\/$/, "")}`,
    cut,
    mend() {
      isCut = false;
    },
    close() {
      cut();
      listener.close();
    },
  };
}
