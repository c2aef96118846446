import { ChatError } from "../../src/errors.ts";
import type { ChatPort } from "../../src/ports.ts";

export type ChatCall = keyof ChatPort;

/** Which calls a fault meets. */
export interface FaultScope {
  /** How many calls; 1 by default. */
  readonly times?: number;
  /** Only calls with these arguments. */
  readonly where?: (...args: readonly unknown[]) => boolean;
}

/** A call that is held. */
export interface Hold {
  /** Resolves when a call has run into it. */
  readonly reached: Promise<void>;
  /** Lets every call that it holds go on, and all later ones pass. */
  release(): void;
}

/** What goes wrong. Faults for the same call are met in the order in which they were added. */
export interface ChatFaults {
  /** The call rejects and did nothing; with `after` it rejects though it was done. */
  fail(call: ChatCall, error: ChatError, scope?: FaultScope & { readonly after?: boolean }): void;
  /** The call does nothing until released; with `after` it is done at once and answered when released. */
  hang(call: ChatCall, scope?: FaultScope & { readonly after?: boolean }): Hold;
  /** The call rejects at once, and what it asked for is done when released: a request that was late on its way. */
  late(call: ChatCall, scope?: FaultScope & { readonly error?: ChatError }): Hold;
  clear(): void;
}

/** No answer came, so nobody knows whether it was done. */
export const noAnswer = (): ChatError =>
  new ChatError("no answer came", { kind: "unknown", code: "ECONNRESET" });
export const unreachable = (): ChatError =>
  new ChatError("the server cannot be reached", { kind: "unreachable", code: "ECONNREFUSED" });
export const refusedToken = (): ChatError =>
  new ChatError("the token is not accepted", { kind: "unauthorized", status: 401 });
export const refused = (code: string, status = 400): ChatError =>
  new ChatError(code, { kind: "refused", code, status });
export const limited = (retryAfterMs: number): ChatError =>
  new ChatError("limit exceeded", { kind: "limited", status: 429, retryAfterMs });

/** Runs `effect`, or something worse. */
type Act = <T>(effect: () => Promise<T>) => Promise<T>;

interface Fault {
  readonly call: ChatCall;
  readonly where: (...args: readonly unknown[]) => boolean;
  left: number;
  readonly act: Act;
}

export function createChatFaults(): {
  readonly faults: ChatFaults;
  readonly meet: <T>(
    call: ChatCall,
    args: readonly unknown[],
    effect: () => Promise<T>,
  ) => Promise<T>;
} {
  let planned: Fault[] = [];

  const add = (call: ChatCall, scope: FaultScope, act: Act): void => {
    planned.push({ call, where: scope.where ?? (() => true), left: scope.times ?? 1, act });
  };

  return {
    meet(call, args, effect) {
      const fault = planned.find((f) => f.left > 0 && f.call === call && f.where(...args));
      if (!fault) return effect();
      fault.left -= 1;
      return fault.act(effect);
    },
    faults: {
      fail(call, error, scope = {}) {
        add(call, scope, async (effect) => {
          if (scope.after) await effect();
          throw error;
        });
      },
      hang(call, scope = {}) {
        const gate = createGate();
        add(call, scope, async (effect) => {
          if (!scope.after) {
            await gate.pass();
            return effect();
          }
          const answer = await effect();
          await gate.pass();
          return answer;
        });
        return gate.hold;
      },
      late(call, scope = {}) {
        const gate = createGate();
        add(call, scope, async (effect) => {
          void gate
            .pass()
            .then(effect)
            .catch(() => undefined);
          throw scope.error ?? noAnswer();
        });
        return gate.hold;
      },
      clear() {
        planned = [];
      },
    },
  };
}

function createGate(): { readonly hold: Hold; readonly pass: () => Promise<void> } {
  const reached = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  return {
    hold: { reached: reached.promise, release: open.resolve },
    pass() {
      reached.resolve();
      return open.promise;
    },
  };
}
