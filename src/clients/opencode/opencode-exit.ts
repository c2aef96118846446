import type { Clock } from "../../ports.ts";

/**
 * OpenCode calls `dispose` when its process ends, and also where it only reads its configuration again; it does not say which of
 * the two. This knows.
 */
export interface ExitSign {
  /** Asked in `dispose`: whether the process ends now. In doubt it does. */
  isEnding(): Promise<boolean>;
  stop(): void;
}

/** These end by a signal, and call nothing then: what they let go of they go on without. */
const NEVER_DISPOSE_AT_THEIR_END = ["serve", "web"];

/** The terminal's words to the thread in which OpenCode works begin so; what a prompt holds comes later in them. */
const REQUEST = /^\{"type":"rpc\.request","method":"(\w+)"/;
/** The word that everything ends comes with the call of `dispose`, not before it. */
const SAID_WITHIN_MS = 50;

/**
 * `terminal`: where the words of the terminal arrive, if OpenCode works in a thread of its own there. They are listened to, never
 * answered.
 */
export function createExitSign(deps: {
  readonly terminal: Pick<EventTarget, "addEventListener" | "removeEventListener"> | undefined;
  readonly commandLine: readonly string[];
  readonly clock: Clock;
}): ExitSign {
  const { terminal, commandLine, clock } = deps;
  let newest: string | undefined;

  const listen = (event: Event): void => {
    const data: unknown = Reflect.get(event, "data");
    const [, word] = (typeof data === "string" && REQUEST.exec(data)) || [];
    newest = word ?? newest;
  };
  terminal?.addEventListener("message", listen);

  return {
    async isEnding() {
      if (!terminal) return !NEVER_DISPOSE_AT_THEIR_END.some((name) => commandLine.includes(name));
      await new Promise<void>((resolve) => {
        clock.schedule(SAID_WITHIN_MS, resolve);
      });
      return newest === undefined || newest === "shutdown";
    },
    stop: () => terminal?.removeEventListener("message", listen),
  };
}
