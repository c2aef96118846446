/** The signals by which OpenCode 2 ends, whoever asks it to: its own command, the terminal that it belongs to, the system. */
const SIGNALS = ["SIGTERM", "SIGINT"] as const;

type Signals = Pick<NodeJS.Process, "on" | "listenerCount">;

/**
 * OpenCode 2 takes every instance of the plugin away when its process ends, and also each by itself when its directory has not been
 * used for a while or is loaded anew; it does not say which of the two. This knows. In doubt it is no end: then the next OpenCode
 * finds out that this one is gone.
 */
export interface EndSign {
  isEnding(): boolean;
}

/** Listens from now on. A signal that OpenCode does not listen to is left alone: whoever listens first keeps the process alive. */
export function createEndSign(signals: Signals): EndSign {
  let isEnding = false;
  for (const signal of SIGNALS) {
    if (signals.listenerCount(signal) === 0) continue;
    signals.on(signal, () => {
      isEnding = true;
    });
  }
  return { isEnding: () => isEnding };
}
