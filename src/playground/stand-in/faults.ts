import type { Deduplication } from "./deduplication.ts";
import { createRuleBook, type Fault, type FaultScope, type RuleBook } from "./fault-rules.ts";
import type { Hub } from "./hub.ts";
import type { Relay } from "./relay.ts";
import { createLimiter, type Rate, tooManyRequests } from "./too-many-requests.ts";

/** Which sockets a fault is for. */
interface SocketScope {
  readonly user?: string;
}

/**
 * What can go wrong, to be switched on and off. Faults on requests strike in the order in which
 * they were added: delays add up, the first other one decides.
 */
export interface Faults {
  /** 429 as a rate-limiting server answers it. */
  rateLimited(scope?: FaultScope, retryAfterSeconds?: number): Fault;
  /** 429 over a rate, per user; requests below it pass. */
  rateLimit(rate: Rate, scope?: FaultScope): Fault;
  /** An error of the server, before anything happens; 500 by default. */
  fail(scope?: FaultScope, status?: number): Fault;
  /** Something in front of the server answers with a page for browsers: a login, say. */
  loginPage(scope?: FaultScope): Fault;
  /** No effect and no answer; the connection ends when the fault is cleared. */
  hang(scope?: FaultScope): Fault;
  /** Everything happens, `ms` later. */
  delay(ms: number, scope?: FaultScope): Fault;
  /** The connection ends before anything happens. */
  reset(scope?: FaultScope): Fault;
  /** The effect happens, the answer never comes; the connection ends when the fault is cleared. */
  loseAnswer(scope?: FaultScope): Fault;
  /**
   * The request lies somewhere on the way, and takes effect late: after `ms`, or when the fault is
   * cleared, whether or not the client still waits.
   */
  hold(scope?: FaultScope, ms?: number): Fault;
  /** The server takes `ms` for each new post, or until the fault is cleared: its `pending_post_id` is pending meanwhile. */
  slowCreates(ms: number): Fault;
  /** Ends sockets abruptly; returns how many. */
  dropSockets(scope?: SocketScope): number;
  /**
   * Sockets stay open, but nothing comes through them, pongs neither. Those open now stay so until
   * the client closes them; `newOnes`: those opened while the fault lasts, too. `unnoticed`: the
   * server does not learn that the client has closed, so that such a connection cannot be resumed.
   */
  deafen(scope?: SocketScope & { readonly newOnes?: boolean; readonly unnoticed?: boolean }): Fault;
  /** Sockets are refused at the upgrade; 503 by default. */
  refuseUpgrades(scope?: FaultScope, status?: number): Fault;
  /** All connections end; connection ids and pending ids are forgotten; what is stored is kept. */
  restart(): void;
  /** Nobody listens on the port any more, and all connections end. Users in `as()` still can act. */
  leave(): void;
  /** Listens on the same port again. */
  comeBack(): void;
  /** Makes the chances of `probability` repeatable. */
  seed(value: number): void;
  /** Ends every fault, and comes back. */
  clear(): void;
}

/** An open socket as faults see it. */
export interface FaultySocket {
  readonly port: number;
  username(): string | undefined;
}

/** What the server asks of the faults. */
export interface FaultPlan {
  readonly faults: Faults;
  readonly requests: RuleBook;
  readonly upgrades: RuleBook;
  creationDelay(): Promise<void> | undefined;
  /** Ends every fault, for good. */
  end(): void;
  /** A socket has opened, or has just authenticated (`greeted`). */
  socketSeen(socket: FaultySocket, greeted: boolean): void;
}

export interface FaultDeps {
  readonly hub: Hub;
  readonly relay: () => Relay;
  readonly deduplication: Deduplication;
  readonly sockets: () => Iterable<FaultySocket>;
  readonly userId: (username: string) => string | undefined;
  readonly now: () => number;
}

/** Creates the faults of one stand-in, none of them on. */
export function createFaults(deps: FaultDeps): FaultPlan {
  const requests = createRuleBook();
  const upgrades = createRuleBook();
  const slow = new Map<Fault, { readonly ms: number; readonly over: Promise<void> }>();
  const deaf = new Map<Fault, (socket: FaultySocket, greeted: boolean) => void>();
  const add = (scope: FaultScope, effect: Parameters<RuleBook["add"]>[1]) =>
    requests.add(scope, effect).fault;
  const refusal = (status: number) => ({
    status,
    body: JSON.stringify({
      id: "stand_in.fault.app_error",
      message: "A fault of the stand-in.",
      detailed_error: "",
      request_id: "",
      status_code: status,
    }),
    headers: { "content-type": "application/json" },
  });

  const end = () => {
    requests.clear();
    upgrades.clear();
    slow.clear();
    deaf.clear();
  };

  const faults: Faults = {
    rateLimited: (scope = {}, seconds = 1) =>
      add(scope, { kind: "answer", answer: tooManyRequests(seconds) }),
    rateLimit: (rate, scope = {}) =>
      add(scope, { kind: "limit", admit: createLimiter(rate, deps.now) }),
    fail: (scope = {}, status = 500) => add(scope, { kind: "answer", answer: refusal(status) }),
    loginPage: (scope = {}) => add(scope, { kind: "answer", answer: LOGIN_PAGE }),
    hang: (scope = {}) => add(scope, { kind: "never" }),
    delay: (ms, scope = {}) => add(scope, { kind: "delay", ms }),
    reset: (scope = {}) => add(scope, { kind: "reset" }),
    loseAnswer: (scope = {}) => add(scope, { kind: "silence" }),
    hold: (scope = {}, ms) => add(scope, { kind: "hold", ms }),
    slowCreates(ms) {
      const { promise: over, resolve } = Promise.withResolvers<void>();
      return keep(slow, { ms, over }, resolve);
    },
    dropSockets: ({ user } = {}) => {
      const id = user === undefined ? undefined : deps.userId(user);
      return user !== undefined && id === undefined ? 0 : deps.hub.drop(id);
    },
    deafen: ({ user, newOnes = false, unnoticed = false } = {}) => {
      const strike = (socket: FaultySocket, afterHead: boolean) => {
        if (user !== undefined && socket.username() !== user) return;
        deps.relay().deafen(socket.port, { afterHead, unnoticed });
      };
      for (const socket of deps.sockets()) strike(socket, false);
      return keep(deaf, newOnes ? (socket, greeted) => strike(socket, !greeted) : () => undefined);
    },
    refuseUpgrades: (scope = {}, status = 503) =>
      upgrades.add(scope, { kind: "answer", answer: refusal(status) }).fault,
    restart() {
      deps.deduplication.clear();
      deps.hub.restart();
      deps.relay().cutAll();
    },
    leave() {
      deps.relay().close();
      deps.relay().cutAll();
    },
    comeBack: () => deps.relay().open(),
    seed(value) {
      requests.seed(value);
      upgrades.seed(value);
    },
    clear() {
      end();
      deps.relay().open();
    },
  };

  return {
    faults,
    requests,
    upgrades,
    end,
    creationDelay() {
      if (slow.size === 0) return undefined;
      return Promise.all(
        [...slow.values()].map(({ ms, over }) => Promise.race([Bun.sleep(ms), over])),
      ).then(() => undefined);
    },
    socketSeen(socket, greeted) {
      for (const strike of deaf.values()) strike(socket, greeted);
    },
  };
}

const LOGIN_PAGE = {
  status: 200,
  body: "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body></body></html>\n",
  headers: { "content-type": "text/html; charset=utf-8" },
};

/** A fault that lasts as long as its value is in `store`. */
function keep<T>(store: Map<Fault, T>, value: T, onClear = (): void => undefined): Fault {
  const clear = (): void => {
    store.delete(fault);
    onClear();
  };
  const fault: Fault = { hits: 0, clear };
  store.set(fault, value);
  return fault;
}
