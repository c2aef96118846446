/** Which requests a fault is for; a key that is absent admits everything. */
export interface FaultScope {
  readonly method?: string;
  /** Matched against the path from after `/api/v4` on, with the query; a text is a pattern too. */
  readonly path?: RegExp | string;
  /** A username. Users that act through `as()` are spared unless they are named here. */
  readonly user?: string;
  /** Only so many requests; without it, until cleared. */
  readonly times?: number;
  /** Each request with this chance, drawn from the seeded generator. */
  readonly probability?: number;
}

/** A fault that is switched on. */
export interface Fault {
  /** How many requests it has struck. */
  readonly hits: number;
  /** Ends it, and lets go of what it holds. */
  clear(): void;
}

/** The answer that a fault gives in the server's place. */
export interface FaultAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a fault does to a request. */
type Effect =
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "answer"; readonly answer: FaultAnswer }
  /** Nothing happens, and nothing is said. */
  | { readonly kind: "never" }
  /** The connection ends before anything happens. */
  | { readonly kind: "reset" }
  /** It happens, and nothing is said. */
  | { readonly kind: "silence" }
  /** It happens later: after `ms`, or (undefined) when the fault is cleared. */
  | { readonly kind: "hold"; readonly ms: number | undefined }
  /** The server refuses over the rate; the effect of the limiter decides per request. */
  | { readonly kind: "limit"; readonly admit: (user: string) => FaultAnswer | undefined };

/** The request as a scope sees it. */
interface Struck {
  readonly method: string;
  readonly path: string;
  readonly user: string;
  /** It comes from a user that acts through `as()`. */
  readonly acting: boolean;
}

export interface Rule {
  readonly scope: FaultScope;
  readonly effect: Effect;
  readonly fault: Fault;
  /** Settles when the fault is cleared. */
  readonly cleared: Promise<void>;
}

/** The rules in force, and the dice. */
export interface RuleBook {
  add(scope: FaultScope, effect: Effect): Rule;
  /** The rules that strike this request, oldest first; each is charged for it. */
  strike(request: Struck): readonly Rule[];
  clear(): void;
  seed(value: number): void;
}

/** Creates an empty book. */
export function createRuleBook(): RuleBook {
  const rules = new Set<Rule>();
  const left = new Map<Rule, number>();
  const hits = new Map<Rule, number>();
  let random = seeded(1);

  const falls = (rule: Rule, request: Struck): boolean => {
    if ((left.get(rule) ?? 0) <= 0 || !admits(rule.scope, request)) return false;
    return rule.scope.probability === undefined || random() < rule.scope.probability;
  };

  return {
    add(scope, effect) {
      const { promise: cleared, resolve } = Promise.withResolvers<void>();
      const fault: Fault = {
        get hits() {
          return hits.get(rule) ?? 0;
        },
        clear() {
          rules.delete(rule);
          resolve();
        },
      };
      const rule: Rule = { scope, effect, fault, cleared };
      rules.add(rule);
      left.set(rule, scope.times ?? Number.POSITIVE_INFINITY);
      return rule;
    },
    strike(request) {
      const struck: Rule[] = [];
      for (const rule of rules) {
        if (!falls(rule, request)) continue;
        left.set(rule, (left.get(rule) ?? 0) - 1);
        hits.set(rule, (hits.get(rule) ?? 0) + 1);
        struck.push(rule);
        if (rule.effect.kind !== "delay" && rule.effect.kind !== "limit") break;
      }
      return struck;
    },
    clear() {
      for (const rule of rules) rule.fault.clear();
    },
    seed(value) {
      random = seeded(value);
    },
  };
}

function admits(scope: FaultScope, request: Struck): boolean {
  if (scope.method !== undefined && scope.method !== request.method) return false;
  if (scope.user !== undefined ? scope.user !== request.user : request.acting) return false;
  const { path } = scope;
  if (path === undefined) return true;
  return (typeof path === "string" ? new RegExp(path) : path).test(request.path);
}

/** A small generator of numbers in [0, 1): the same seed gives the same numbers (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
