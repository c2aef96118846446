import {
  createWebSocketClient,
  type SocketTimes,
} from "../../../../src/clients/mattermost/websocket-client.ts";
import type { SocketState } from "../../../../src/ports.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { createRecordingLogger } from "../../../support/recording-logger.ts";
import { until } from "../../../support/until.ts";
import { type SocketScript, startSocketServer } from "./scripted-socket-server.ts";

export const TOKEN = "tokentokentokentokentoken1";
const TIMES: SocketTimes = {
  pingEveryMs: 20_000,
  silentAfterMs: 45_000,
  helloWithinMs: 15_000,
  refusedRetryMs: 600_000,
  checkEveryMs: 300_000,
  steadyAfterMs: 60_000,
};

/** As the socket brings one. */
export const REACTION = JSON.stringify({ user_id: "u", post_id: "p", emoji_name: "x" });

/** A server that greets everybody and answers pings. */
export const friendly = (): SocketScript => {
  let greeted = 0;
  return {
    open: (peer) => peer.hello(`connection-${++greeted}`),
    message: (peer, request) => request.action === "ping" && peer.pong(request),
  };
};

/** A client of that server whose time is turned by hand. */
export function aClient(
  script: SocketScript,
  path = "",
  way: { readonly host?: string; readonly proxy?: string } = {},
) {
  const server = startSocketServer(script);
  const { host = "127.0.0.1", proxy } = way;
  const clock = createManualClock();
  const logger = createRecordingLogger();
  const states: SocketState[] = [];
  const events: string[] = [];
  const token = { verdict: "accepted" as "accepted" | "refused" | "unknown", asked: 0 };
  const socket = createWebSocketClient({
    baseUrl: `${server.url.replace("127.0.0.1", host)}${path}`,
    proxy,
    token: TOKEN,
    clock,
    logger,
    checkToken: async () => {
      token.asked++;
      return token.verdict;
    },
    random: () => 1,
    times: TIMES,
  });
  const on = {
    event: (event: { readonly type: string }): void => void events.push(event.type),
    state: (state: SocketState): void => void states.push(state),
  };
  const is = (kind: SocketState["kind"]) => () => states.at(-1)?.kind === kind;
  return {
    server,
    clock,
    logger,
    states,
    events,
    token,
    socket,
    on,
    is,
    kinds: () => states.map((state) => state.kind),
    async start() {
      socket.start(on);
      await clock.advance(0);
    },
    /** Resolves when the client has heard whatever the server had to say to its greeting: nothing is on its way any more. */
    async heard() {
      await until("the first ping", () => server.actions.length > 0);
      const { length } = events;
      server.peers()[0]?.event(1, "reaction_added", { reaction: REACTION });
      await until("the last word", () => events.length > length);
    },
    /** Lets the time pass until the next try. */
    async nextTry() {
      const before = server.upgrades.length;
      await clock.advance((clock.nextDueMs() ?? 0) - clock.now());
      await until("the next try", () => server.upgrades.length > before);
    },
    [Symbol.dispose]() {
      socket.stop();
      server[Symbol.dispose]();
    },
  };
}
