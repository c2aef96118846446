import type { Clock, Logger } from "../ports.ts";

/** The last warning or error that this process has logged: OpenCode may evaluate this module for each directory. */
const LAST = Symbol.for("opencode-mattermost/last-problem");

interface Problem {
  readonly text: string;
  /** In Unix milliseconds. */
  readonly atMs: number;
}

/** The same logger; the newest warning or error that it is given is remembered. */
export function remembering(logger: Logger, clock: Pick<Clock, "now">): Logger {
  const remember =
    (write: Logger["warn"]): Logger["warn"] =>
    (message, extra) => {
      Reflect.set(globalThis, LAST, { text: message, atMs: clock.now() } satisfies Problem);
      write(message, extra);
    };
  return { ...logger, warn: remember(logger.warn), error: remember(logger.error) };
}

/** `undefined` where there was none. */
export function lastProblem(): Problem | undefined {
  const known: unknown = Reflect.get(globalThis, LAST);
  return isProblem(known) ? known : undefined;
}

/** Whatever stands there was put there by this plugin, in this process. */
const isProblem = (known: unknown): known is Problem =>
  typeof known === "object" && known !== null && "text" in known && "atMs" in known;
