import type { ServerWebSocket } from "bun";

/** What the server does with its sockets. Nothing that is not said here happens. */
export interface SocketScript {
  /** An answer instead of the upgrade. */
  upgrade?: (request: Request) => Response | undefined;
  open?: (socket: Peer) => void;
  message?: (socket: Peer, request: { readonly action: string; readonly seq: number }) => void;
}

/** The server's end of one connection. */
export interface Peer {
  hello(connectionId: string, seq?: number): void;
  event(seq: number, event: string, data?: unknown): void;
  pong(request: { readonly seq: number }): void;
  raw(text: string): void;
  close(): void;
}

/** A server of sockets whose script can be changed while it runs. */
export function startSocketServer(script: SocketScript) {
  const upgrades: { readonly url: string; readonly authorization: string | null }[] = [];
  const actions: { readonly action: string; readonly data?: unknown }[] = [];
  const peers = new Map<ServerWebSocket, Peer>();
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request, self) {
      // Read now: after the upgrade Bun's request has neither.
      upgrades.push({ url: request.url, authorization: request.headers.get("authorization") });
      const refusal = script.upgrade?.(request);
      if (refusal) return refusal;
      return self.upgrade(request) ? undefined : new Response(null, { status: 400 });
    },
    websocket: {
      open(socket) {
        const peer = peerOf(socket);
        peers.set(socket, peer);
        script.open?.(peer);
      },
      message(socket, text) {
        const request = JSON.parse(String(text));
        actions.push(request);
        script.message?.(peers.get(socket) ?? peerOf(socket), request);
      },
      close: (socket) => void peers.delete(socket),
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    script,
    upgrades,
    actions,
    peers: (): readonly Peer[] => [...peers.values()],
    [Symbol.dispose]: () => void server.stop(true),
  };
}

function peerOf(socket: ServerWebSocket): Peer {
  const send = (frame: unknown): void => void socket.send(JSON.stringify(frame));
  return {
    hello: (id, seq = 0) => send({ event: "hello", data: { connection_id: id }, seq }),
    event: (seq, event, data = {}) => send({ event, data, seq }),
    pong: ({ seq }) => send({ status: "OK", seq_reply: seq, data: { text: "pong" } }),
    raw: (text) => void socket.send(text),
    close: () => socket.terminate(),
  };
}
