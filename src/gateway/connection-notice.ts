import type { Identity } from "../models/identity.ts";
import type { Clock, SocketState } from "../ports.ts";

/** A shorter outage is not worth a word. */
const LOST_AFTER_MS = 60_000;

/** Tells the person at the terminal, and the log, that the connection stands, that it has been away for a minute, and that it is back. */
export interface ConnectionNotice {
  socketState(state: SocketState): void;
  /** How things are, in a sentence. */
  describe(): string;
  stop(): void;
}

export function createConnectionNotice(deps: {
  readonly identity: Pick<Identity, "me" | "owner">;
  readonly url: string;
  readonly clock: Clock;
  /** What is wrong with the way to the server, and what to do; `undefined` where nothing is found. Never rejects. */
  readonly whyUnreachable: () => Promise<string | undefined>;
  readonly tell: (message: string, kind: "info" | "warning") => void;
}): ConnectionNotice {
  const { clock, tell } = deps;
  const { me, owner } = deps.identity;
  let said: "nothing" | "connected" | "lost" = "nothing";
  let isLive = false;
  let reason = "it has not come up yet";
  let cancel: (() => void) | undefined;

  const connected = (): string =>
    `Connected to ${deps.url} as @${me.username} for @${owner.username}.`;
  const away = (): string => `Not connected to ${deps.url}: ${reason}.`;

  async function lost(): Promise<void> {
    const why = await deps.whyUnreachable();
    // It may be back, or the gateway be stopped, by now.
    if (!cancel || isLive) return;
    said = "lost";
    tell(
      `${why ?? away()} It is tried until it answers; the threads catch up by themselves then.`,
      "warning",
    );
  }

  function live(): void {
    cancel?.();
    cancel = undefined;
    if (said === "connected") return;
    said = "connected";
    tell(connected(), "info");
  }

  return {
    socketState(state) {
      isLive = state.kind === "live";
      if (isLive) return live();
      if ("reason" in state) reason = state.reason;
      cancel ??= clock.schedule(LOST_AFTER_MS, () => void lost());
    },
    describe: () => (isLive ? connected() : `${away()} It is tried until it answers.`),
    stop() {
      cancel?.();
      cancel = undefined;
    },
  };
}
