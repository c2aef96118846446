/** A client's socket to the stand-in, remembering everything that came. */
export interface LiveSocket {
  readonly frames: readonly Record<string, unknown>[];
  send(frame: unknown): void;
  /** Resolves when `count` frames have come; rejects after five seconds. */
  arrived(count: number): Promise<void>;
  /** Closes it as a client does. */
  close(): Promise<void>;
  /** Resolves with the code with which it ended. */
  readonly closed: Promise<number>;
}

/** Connects; resolves when the socket is open. */
export async function openSocket(
  url: string,
  query: string,
  token: string | undefined,
): Promise<LiveSocket> {
  const address = `${url.replace(/^http/, "ws")}/api/v4/websocket${query}`;
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const socket = new WebSocket(address, { headers });
  const frames: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  const { promise: closed, resolve: close } = Promise.withResolvers<number>();
  socket.onmessage = (event) => {
    frames.push(JSON.parse(String(event.data)));
    for (const check of waiting) check();
  };
  socket.onclose = (event) => close(event.code);
  const opened = Promise.withResolvers<void>();
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Error(`No socket at ${address}.`));
  await opened.promise;

  return {
    frames,
    closed,
    send: (frame) => socket.send(JSON.stringify(frame)),
    arrived(count) {
      return new Promise((resolve, reject) => {
        const limit = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`${frames.length} frames came, ${count} were recorded.`));
        }, 5000);
        const check = () => {
          if (frames.length < count) return;
          clearTimeout(limit);
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    async close() {
      socket.close();
      await closed;
    },
  };
}
