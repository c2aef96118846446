import WebSocket from "ws";
import { messageOf } from "../../errors.ts";
import { createRedactor } from "../../models/redaction.ts";
import type { ChatSocket, Clock, Logger, SocketState } from "../../ports.ts";
import { backoffMs } from "./backoff.ts";
import { createFrameOrder } from "./frame-order.ts";
import { readFrame } from "./socket-frames.ts";

export interface SocketTimes {
  readonly pingEveryMs: number;
  /** Without any frame for so long the socket is dead, whatever it says of itself. */
  readonly silentAfterMs: number;
  /** A server closes a socket with a bad token after 5 s. */
  readonly helloWithinMs: number;
  /** A refused token is asked about again this rarely. */
  readonly refusedRetryMs: number;
  /** REST is asked about the token this often while all is well. */
  readonly checkEveryMs: number;
  /** A connection that ends sooner counts as one more that failed: the next try waits longer. */
  readonly steadyAfterMs: number;
}

const TIMES: SocketTimes = {
  pingEveryMs: 20_000,
  silentAfterMs: 45_000,
  helloWithinMs: 15_000,
  refusedRetryMs: 600_000,
  checkEveryMs: 300_000,
  steadyAfterMs: 60_000,
};

/** A post with all its properties has a few megabytes at the most. */
const MOST_FRAME_BYTES = 16 * 1024 * 1024;

type Listener = Parameters<ChatSocket["start"]>[0];

const FIRST_REFUSED_RETRY_MS = 30_000;

/**
 * `idle` → `connecting` → `authenticating` (open, but who we are is not confirmed) → `live`. Each of the last three can end in
 * `waiting`, which leads to `connecting` again, for ever, or in `refused`, where the token is asked about first. `stopped` is the end.
 */
type Phase = "idle" | "connecting" | "authenticating" | "live" | "waiting" | "refused" | "stopped";

/**
 * Mattermost's WebSocket, with the token in a header, because only then the server lets a connection resume. Every way in
 * which a connection can end leads to the next try.
 */
export function createWebSocketClient(options: {
  readonly baseUrl: string;
  readonly token: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asks REST whether the token is still accepted: the socket of a revoked token stays open and says nothing. */
  readonly checkToken: () => Promise<"accepted" | "refused" | "unknown">;
  /** The proxy that requests to the server go through, with its own credentials if any; the runtime's sockets know of none. */
  readonly proxy?: string | undefined;
  readonly random?: () => number;
  readonly times?: Partial<SocketTimes>;
}): ChatSocket {
  const { clock, logger, checkToken, proxy, random = Math.random } = options;
  const times = { ...TIMES, ...options.times };
  const address = `${options.baseUrl.replace(/\/+$/, "").replace(/^http/i, "ws")}/api/v4/websocket`;
  const redactor = createRedactor([options.token]);
  const order = createFrameOrder();
  let on: Listener | undefined;
  let phase: Phase = "idle";
  let socket: WebSocket | undefined;
  let requestSeq = 1;
  let heardMs = 0;
  let liveMs = 0;
  let checkedMs = 0;
  let checking = false;
  /** In a row. One may be a mistake: a server whose database is away does not know a good token. */
  let refusals = 0;
  let saidRefused = false;
  let attempt = 0;
  /** Not every proxy lets sockets through, and not every server needs it: what worked last is tried first. */
  let isDirect = proxy === undefined;
  let malformed = 0;
  let cancelTimer = (): void => undefined;

  /** Nothing may be done after this that another call from within the callback could have made wrong. */
  const tell = (state: SocketState): void => guarded("a state", () => on?.state(state));

  /** What others do must end neither this nor the process. The errors of a socket can hold the token: never their words. */
  function guarded(what: string, task: () => void): void {
    try {
      task();
    } catch (error) {
      logger.error(`${what} of Mattermost's socket could not be handled: ${clear(error)}`);
    }
  }

  const clear = (error: unknown): string => redactor.text(messageOf(error));

  /** The one timer: each phase has its own use for it. */
  function after(delayMs: number, task: () => void): void {
    cancelTimer();
    cancelTimer = clock.schedule(delayMs, task);
  }

  function connect(): void {
    phase = "connecting";
    const opened = open(order.begin());
    if (!opened) {
      lost("the server's address or the token cannot be used");
      return;
    }
    socket = opened;
    after(times.helloWithinMs, () => lost("the server did not greet"));
    tell({ kind: "connecting" });
  }

  function open(query: string): WebSocket | undefined {
    try {
      const headers = { Authorization: `Bearer ${options.token}` };
      const through = isDirect ? {} : { proxy };
      const opened = new WebSocket(`${address}${query}`, { headers, ...through });
      const current = (): boolean => socket === opened;
      opened.on("open", () => current() && greet());
      opened.on("message", (data) => current() && hear(data));
      // Both may come, in this order; the first makes this socket no longer the current one.
      opened.on("error", () => current() && lost("the connection failed"));
      opened.on("close", () => current() && lost("the connection was closed"));
      return opened;
    } catch {
      return undefined;
    }
  }

  /** The answer is the only sign of a connection that was resumed and missed nothing. */
  function greet(): void {
    phase = "authenticating";
    send({ action: "ping" });
  }

  /** A frame is read only where it can be one of Mattermost's. */
  function hear(data: WebSocket.RawData): void {
    if (sizeOf(data) <= MOST_FRAME_BYTES) {
      receive(String(data));
      return;
    }
    order.forget();
    lost("a frame is larger than Mattermost's can be");
  }

  function receive(text: string): void {
    heardMs = clock.now();
    const frame = readFrame(text);
    if (frame.kind === "malformed" || frame.kind === "unreadable") {
      const say = malformed++ === 0 ? logger.warn : logger.debug;
      say(`Mattermost sent a frame that cannot be read (${malformed} so far)`);
    }
    switch (order.take(frame)) {
      case "ignored":
        return;
      case "missed":
        order.forget();
        lost("events are missing");
        return;
      case "fresh":
        live(false);
        break;
      case "resumed":
        live(true);
        break;
      case "in-order":
    }
    const event = frame.kind === "event" ? frame.event : undefined;
    if (event) guarded("an event", () => on?.event(event));
  }

  function live(resumed: boolean): void {
    phase = "live";
    liveMs = clock.now();
    checkedMs = liveMs;
    saidRefused = false;
    after(times.pingEveryMs, watch);
    tell({ kind: "live", resumed });
  }

  /** While live: asks for a sign of life, and gives a silent socket up. */
  function watch(): void {
    const now = clock.now();
    if (now < heardMs) heardMs = now; // the clock was set back
    const silentMs = now - heardMs;
    if (silentMs >= times.silentAfterMs) {
      lost("the server fell silent");
      return;
    }
    send({ action: "ping" });
    after(Math.min(times.pingEveryMs, times.silentAfterMs - silentMs), watch);
    if (Math.abs(now - checkedMs) >= times.checkEveryMs) void askAboutToken();
  }

  function send(request: { action: string; data?: unknown }): void {
    guarded("a request", () => socket?.send(JSON.stringify({ seq: requestSeq++, ...request })));
  }

  function lost(reason: string): void {
    const silent = clock.now() - heardMs >= times.silentAfterMs;
    if (phase === "live" && clock.now() - liveMs >= times.steadyAfterMs) attempt = 0;
    if (phase !== "live" || silent) void askAboutToken();
    if (phase !== "live" && proxy !== undefined) isDirect = !isDirect;
    drop();
    phase = "waiting";
    const delayMs = backoffMs(attempt++, random());
    after(delayMs, connect);
    logger.debug(`Mattermost's socket: ${reason}; trying again in ${delayMs} ms`);
    tell({ kind: "waiting", retryAtMs: clock.now() + delayMs, reason });
  }

  /** One question at a time. The answer counts whatever has become of the socket meanwhile: a dead token stays dead. */
  async function askAboutToken(): Promise<void> {
    if (checking) return;
    checking = true;
    checkedMs = clock.now();
    const verdict = await Promise.resolve()
      .then(checkToken)
      .catch(() => "unknown" as const);
    checking = false;
    if (phase === "stopped") return;
    if (verdict === "refused") refuse();
    else if (phase === "refused") connect();
    if (verdict === "accepted") refusals = 0;
  }

  function refuse(): void {
    const already = phase === "refused";
    drop();
    phase = "refused";
    const delayMs = Math.min(times.refusedRetryMs, FIRST_REFUSED_RETRY_MS * 2 ** refusals++);
    after(delayMs, () => void askAboutToken());
    const reason = "Mattermost does not accept the token";
    if (!saidRefused) logger.warn(`${reason}; it is asked about again now and then`);
    saidRefused = true;
    if (!already) tell({ kind: "refused", reason });
  }

  function drop(): void {
    cancelTimer();
    const old = socket;
    socket = undefined;
    if (!old) return;
    old.removeAllListeners();
    // An error that nobody listens to would end the process, and the end of a connection that is not open yet is one.
    old.on("error", () => undefined);
    old.once("close", () => old.removeAllListeners());
    guarded("the end", () => old.terminate());
  }

  return {
    start(listener) {
      if (phase !== "idle" || on) return;
      on = listener;
      after(0, connect);
    },
    typing(channelId, rootPostId) {
      if (phase !== "live") return;
      send({ action: "user_typing", data: { channel_id: channelId, parent_id: rootPostId } });
    },
    reconnect(reason) {
      if (phase === "live") lost(reason);
    },
    stop() {
      phase = "stopped";
      on = undefined;
      drop();
    },
  };
}

const sizeOf = (data: WebSocket.RawData): number =>
  Array.isArray(data) ? data.reduce((sum, { length }) => sum + length, 0) : data.byteLength;
