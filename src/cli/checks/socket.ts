import { createWebSocketClient } from "../../clients/mattermost/websocket-client.ts";
import type { Logger } from "../../ports.ts";
import { waitingClock } from "../../timing/waiting-clock.ts";
import { type Finding, found } from "../findings/finding.ts";

export interface SocketWay {
  readonly url: string;
  readonly token: string;
  /** What requests go through, with its credentials if any. */
  readonly proxy: string | undefined;
  readonly withinMs: number;
}

/** How one try ended. `closed`: the connection failed, or was ended at once. */
type Ending = "live" | "closed" | "silent";

/** Whether events would arrive, on the ways and in the order in which the bridge itself tries them. */
export async function checkSocket(way: SocketWay): Promise<Finding> {
  const { url, proxy, withinMs } = way;
  const { host, hostname, pathname } = new URL(`${url}/api/v4/websocket`);
  const facts = { host, hostname, path: pathname, seconds: withinMs / 1000 };
  const ending = await tryOnce(way, proxy);
  if (ending === "live") return found("socket.ok");
  if (proxy === undefined)
    return found(`socket.${ending === "silent" ? "silent" : "blocked"}`, facts);
  const shown = withoutCredentials(proxy);
  const direct = await tryOnce(way, undefined);
  return found(`socket.${direct === "live" ? "direct" : "proxy"}`, { ...facts, proxy: shown });
}

export function withoutCredentials(proxy: string): string {
  const { protocol, host } = new URL(proxy);
  return `${protocol}//${host}`;
}

/** The bridge's own client, until it says for the first time how it went. */
function tryOnce(way: SocketWay, proxy: string | undefined): Promise<Ending> {
  const { url, token, withinMs } = way;
  return new Promise((resolve) => {
    const socket = createWebSocketClient({
      baseUrl: url,
      token,
      proxy,
      clock: waitingClock,
      logger: SILENT,
      checkToken: async () => "unknown",
      times: { helloWithinMs: withinMs },
    });
    const end = (ending: Ending): void => {
      socket.stop();
      resolve(ending);
    };
    socket.start({
      event: () => undefined,
      state(state) {
        if (state.kind === "live") end("live");
        if (state.kind !== "waiting") return;
        end(state.reason === "the server did not greet" ? "silent" : "closed");
      },
    });
  });
}

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
