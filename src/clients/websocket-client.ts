import WebSocket from "ws";
import type { ChatEvent } from "../models/chat.ts";
import type { ChatSocket, Clock, Logger, SocketState } from "../ports.ts";
import { backoffMs } from "./backoff.ts";
import { readFrame } from "./socket-frames.ts";

const PING_EVERY_MS = 20_000;
/** Without any frame for so long the socket is dead, whatever it says of itself. */
const SILENT_AFTER_MS = 45_000;
/** A server closes a socket with a bad token after 5 s. */
const HELLO_WITHIN_MS = 15_000;
/** A token that is refused is asked about again this rarely. */
const REFUSED_RETRY_MS = 600_000;

export interface SocketTimes {
  readonly pingEveryMs: number;
  readonly silentAfterMs: number;
  readonly helloWithinMs: number;
  readonly refusedRetryMs: number;
}

const TIMES: SocketTimes = {
  pingEveryMs: PING_EVERY_MS,
  silentAfterMs: SILENT_AFTER_MS,
  helloWithinMs: HELLO_WITHIN_MS,
  refusedRetryMs: REFUSED_RETRY_MS,
};

type Listener = Parameters<ChatSocket["start"]>[0];

/**
 * Mattermost's WebSocket, with the token in a header, because only then the server lets a connection resume. Live after
 * `hello`, or after the first frame of a resumed connection. Every way in which a connection can end leads to the next
 * try, for ever.
 */
export function createWebSocketClient(options: {
  readonly baseUrl: string;
  readonly token: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asks REST whether the token is still accepted: the socket of a revoked token stays open and says nothing. */
  readonly checkToken: () => Promise<"accepted" | "refused" | "unknown">;
  readonly random?: () => number;
  readonly times?: Partial<SocketTimes>;
}): ChatSocket {
  const { clock, logger, checkToken, random = Math.random } = options;
  const times = { ...TIMES, ...options.times };
  const address = `${options.baseUrl.replace(/^http/i, "ws")}/api/v4/websocket`;
  let on: Listener = { event: () => undefined, state: () => undefined };
  let state: SocketState = { kind: "stopped" };
  let socket: WebSocket | undefined;
  let connectionId = "";
  /** The next frame of the server's that is expected on this connection. */
  let nextSeq = 0;
  let requestSeq = 1;
  let heardMs = 0;
  let attempt = 0;
  let malformed = 0;
  let cancelTimer = (): void => undefined;

  function enter(next: SocketState): void {
    state = next;
    on.state(next);
  }

  function after(delayMs: number, task: () => void): void {
    cancelTimer();
    cancelTimer = clock.schedule(delayMs, task);
  }

  function connect(): void {
    enter({ kind: "connecting" });
    const resume = connectionId ? `?connection_id=${connectionId}&sequence_number=${nextSeq}` : "";
    const opened = new WebSocket(`${address}${resume}`, {
      headers: { Authorization: `Bearer ${options.token}` },
    });
    socket = opened;
    const current = (): boolean => socket === opened;
    opened.on("message", (data) => {
      if (current()) guarded(() => frame(String(data)));
    });
    opened.on("close", () => {
      if (current()) lost("the connection was closed");
    });
    opened.on("error", () => {
      if (current()) lost("the connection failed");
    });
    after(times.helloWithinMs, () => lost("the server did not greet"));
  }

  function guarded(task: () => void): void {
    try {
      task();
    } catch (error) {
      logger.error(`a frame of Mattermost could not be handled: ${String(error)}`);
    }
  }

  function frame(text: string): void {
    heardMs = clock.now();
    const read = readFrame(text);
    switch (read.kind) {
      case "malformed":
        malformed++;
        logger.debug(`Mattermost sent a frame that cannot be read (${malformed} so far)`);
        return;
      case "answer":
        return;
      case "hello":
        greeted(read.connectionId, read.seq);
        return;
      case "event":
        if (read.seq === nextSeq) inOrder(read.seq, read.event);
        else missed(read.seq);
    }
  }

  function inOrder(seq: number, event: ChatEvent | undefined): void {
    nextSeq = seq + 1;
    if (state.kind !== "live") live(true);
    if (event) on.event(event);
  }

  /** A greeting with another id means that nothing was kept for this connection. */
  function greeted(id: string, seq: number): void {
    const resumed = id !== "" && id === connectionId;
    connectionId = id;
    nextSeq = seq + 1;
    live(resumed);
  }

  function live(resumed: boolean): void {
    attempt = 0;
    enter({ kind: "live", resumed });
    after(times.pingEveryMs, ping);
  }

  /** Frames are missing: what they said is read over REST after a new connection. */
  function missed(seq: number): void {
    logger.warn(`Mattermost's events ${nextSeq} to ${seq - 1} are missing; connecting anew`);
    connectionId = "";
    lost("events are missing");
  }

  function ping(): void {
    if (clock.now() - heardMs >= times.silentAfterMs) {
      lost("the server fell silent");
    } else {
      send({ action: "ping" });
      after(times.pingEveryMs, ping);
    }
  }

  function send(request: { action: string; data?: unknown }): void {
    guarded(() => socket?.send(JSON.stringify({ seq: requestSeq++, ...request })));
  }

  function lost(reason: string): void {
    const wasLive = state.kind === "live";
    drop();
    const delayMs = backoffMs(attempt++, random());
    enter({ kind: "waiting", retryAtMs: clock.now() + delayMs, reason });
    after(delayMs, connect);
    if (!wasLive || reason.includes("silent")) void askAboutToken();
  }

  async function askAboutToken(): Promise<void> {
    const verdict = await checkToken().catch(() => "unknown" as const);
    if (verdict !== "refused" || state.kind !== "waiting") return;
    enter({ kind: "refused", reason: "Mattermost does not accept the token" });
    after(times.refusedRetryMs, connect);
  }

  function drop(): void {
    cancelTimer();
    const old = socket;
    socket = undefined;
    if (!old) return;
    old.removeAllListeners();
    old.on("error", () => undefined);
    guarded(() => old.terminate());
  }

  return {
    start(listener) {
      if (state.kind !== "stopped") return;
      on = listener;
      after(0, connect);
    },
    typing(channelId, rootPostId) {
      if (state.kind !== "live") return;
      send({ action: "user_typing", data: { channel_id: channelId, parent_id: rootPostId } });
    },
    reconnect(reason) {
      if (state.kind === "live") lost(reason);
    },
    stop() {
      on = { event: () => undefined, state: () => undefined };
      drop();
      state = { kind: "stopped" };
    },
  };
}
