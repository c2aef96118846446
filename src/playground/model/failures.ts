import type { Failure } from "./reply.ts";

/** What providers answer when they refuse, in the words that OpenCode knows. */
export const failures = {
  unauthorized: (): Failure => ({
    status: 401,
    message: "Incorrect API key provided.",
    code: "invalid_api_key",
  }),
  rateLimited: (retryAfterSeconds: number, times?: number): Failure => ({
    status: 429,
    message: "Rate limit reached for requests.",
    code: "rate_limit_exceeded",
    headers: { "retry-after": String(retryAfterSeconds) },
    ...(times === undefined ? {} : { times }),
  }),
  serverError: (times?: number): Failure => ({
    status: 500,
    message: "The server had an error while processing your request.",
    ...(times === undefined ? {} : { times }),
  }),
  contextTooLong: (): Failure => ({
    status: 400,
    message:
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 200000 tokens.",
    code: "context_length_exceeded",
  }),
} as const;
