import type { FaultAnswer } from "./fault-rules.ts";

/** The answer of a server that limits its rate, as recorded. */
export function tooManyRequests(retryAfterSeconds = 1, limit = 6): FaultAnswer {
  return {
    status: 429,
    body: "limit exceeded\n",
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "retry-after": String(retryAfterSeconds),
      "x-content-type-options": "nosniff",
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(retryAfterSeconds + 1),
    },
  };
}

/** What a user may do before it is told to wait. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** A token bucket per user: undefined while there are tokens, else the refusal. */
export function createLimiter(
  rate: Rate,
  now: () => number,
): (user: string) => FaultAnswer | undefined {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (user) => {
    const at = now();
    const bucket = buckets.get(user) ?? { tokens: rate.burst, at };
    buckets.set(user, bucket);
    const earned = ((at - bucket.at) / 1000) * rate.perSecond;
    bucket.tokens = Math.min(rate.burst, bucket.tokens + earned);
    bucket.at = at;
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return undefined;
    }
    const waitSeconds = Math.ceil((1 - bucket.tokens) / rate.perSecond);
    return tooManyRequests(Math.max(1, waitSeconds), rate.burst);
  };
}
