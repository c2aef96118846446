import type { Socket, TCPSocketListener } from "bun";

interface Line {
  peer: Socket<Line> | undefined;
  readonly waiting: Uint8Array[];
  ended: boolean;
  /** Nothing passes any more; `head` lets the answer to the upgrade through first. */
  deaf: false | "head" | "all";
  /** The server does not learn that the client has gone. */
  forsaken: boolean;
}

/**
 * The network between clients and the server: passes bytes on, and can do to a connection what no
 * server can do to itself. A connection is named by the port under which the server sees it.
 */
export interface Relay {
  readonly port: number;
  /** Ends the connection abruptly. */
  reset(port: number): void;
  /**
   * From now on nothing passes, in either direction, and nothing is closed. `afterHead` lets the
   * answer to the upgrade through; `unnoticed` keeps the server from learning of the client's end.
   */
  deafen(port: number, how: { readonly afterHead: boolean; readonly unnoticed: boolean }): void;
  /** Ends all connections abruptly. */
  cutAll(): void;
  /** Stops listening: connections are refused. */
  close(): void;
  /** Listens again, on the same port. */
  open(): void;
}

/** Opens the relay in front of `serverPort`; `port` 0 takes any free one. */
export function openRelay(port: number, serverPort: number): Relay {
  const clients = new Map<number, Socket<Line>>();
  const all = new Set<Socket<Line>>();
  let listener: TCPSocketListener<Line> | undefined;

  const listen = (at: number) =>
    Bun.listen<Line>({
      hostname: "127.0.0.1",
      port: at,
      socket: {
        open(client) {
          client.data = newLine();
          client.setNoDelay(true);
          all.add(client);
          connect(client, serverPort, { clients, all }).catch(() => client.terminate());
        },
        data(client, chunk) {
          const { peer, waiting, deaf } = client.data;
          if (deaf !== false) return;
          if (peer === undefined) waiting.push(new Uint8Array(chunk));
          else write(peer, chunk);
        },
        drain: (client) => flush(client),
        close(client) {
          all.delete(client);
          if (!client.data.forsaken) client.data.peer?.terminate();
        },
        error: () => undefined,
      },
    });

  listener = listen(port);
  const chosen = listener.port;
  return {
    port: chosen,
    reset: (at) => void clients.get(at)?.terminate(),
    deafen(at, how) {
      const client = clients.get(at);
      if (client === undefined) return;
      client.data.deaf = how.afterHead ? "head" : "all";
      client.data.forsaken = how.unnoticed;
    },
    cutAll() {
      for (const socket of all) socket.terminate();
    },
    close() {
      listener?.stop(false);
      listener = undefined;
    },
    open() {
      listener ??= listen(chosen);
    },
  };
}

function newLine(peer?: Socket<Line>): Line {
  return { peer, waiting: [], ended: false, deaf: false, forsaken: false };
}

interface Sockets {
  /** The clients, by the port under which the server sees them. */
  readonly clients: Map<number, Socket<Line>>;
  /** Both ends of everything. */
  readonly all: Set<Socket<Line>>;
}

async function connect(
  client: Socket<Line>,
  serverPort: number,
  { clients, all }: Sockets,
): Promise<void> {
  await Bun.connect<Line>({
    hostname: "127.0.0.1",
    port: serverPort,
    data: newLine(client),
    socket: {
      open(server) {
        server.setNoDelay(true);
        clients.set(server.localPort, client);
        all.add(server);
        for (const chunk of client.data.waiting.splice(0)) write(server, chunk);
        client.data.peer = server;
      },
      data(_server, chunk) {
        const heard = client.data.deaf === false ? chunk : lastHeard(client.data, chunk);
        if (heard.length > 0) write(client, heard);
      },
      drain: (server) => flush(server),
      close(server) {
        clients.delete(server.localPort);
        all.delete(server);
        if (client.data.deaf !== false) return;
        client.data.ended = true;
        flush(client);
      },
      error: () => undefined,
    },
  });
}

/** Of what a deaf connection is sent, the part that it still hears. */
function lastHeard(line: Line, chunk: Uint8Array): Uint8Array {
  if (line.deaf !== "head") return new Uint8Array();
  const end = Buffer.from(chunk).indexOf("\r\n\r\n");
  if (end < 0) return chunk;
  line.deaf = "all";
  return chunk.subarray(0, end + 4);
}

function write(to: Socket<Line>, chunk: Uint8Array): void {
  const { waiting } = to.data;
  const sent = waiting.length > 0 ? 0 : Math.max(0, to.write(chunk));
  // The runtime reuses its buffer: what is kept for later must be a copy.
  if (sent < chunk.length) waiting.push(new Uint8Array(chunk.subarray(sent)));
}

function flush(to: Socket<Line>): void {
  const { waiting } = to.data;
  for (let chunk = waiting[0]; chunk !== undefined; chunk = waiting[0]) {
    const sent = Math.max(0, to.write(chunk));
    if (sent < chunk.length) {
      waiting[0] = chunk.subarray(sent);
      return;
    }
    waiting.shift();
  }
  if (to.data.ended) to.end();
}
