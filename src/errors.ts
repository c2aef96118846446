/**
 * `refused`: the server said no. `unauthorized`: it does not accept the token. `limited`: not now, ask again after
 * `retryAfterMs`. `unreachable`: certainly not done. `unknown`: no answer came, it may have been done.
 */
export type ChatFailure = "refused" | "unauthorized" | "limited" | "unreachable" | "unknown";

export class ChatError extends Error {
  override readonly name = "ChatError";
  readonly kind: ChatFailure;
  /** Mattermost's error id, such as `api.post.create_post.root_id.app_error`; empty where there was none. */
  readonly code: string;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    details: {
      readonly kind: ChatFailure;
      readonly code?: string;
      readonly status?: number;
      readonly retryAfterMs?: number;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: details.cause });
    this.kind = details.kind;
    this.code = details.code ?? "";
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** The server will not do it however often it is asked. A refused token may be accepted again, so it is not that. */
export const isRefusal = (error: unknown): error is ChatError =>
  error instanceof ChatError && error.kind === "refused";

/**
 * A refusal that may be over in a moment: Mattermost answers so too while its database is away, because it cannot look up what a
 * post or a permission hangs on.
 */
export const isDoubtful = (error: ChatError): boolean =>
  error.status === 403 || error.code === "api.post.create_post.root_id.app_error";

/** Whether the server has certainly not done what it was asked. */
export const certainlyNotDone = (error: unknown): boolean =>
  error instanceof ChatError && ["unreachable", "limited", "unauthorized"].includes(error.kind);

type HostFailure = "refused" | "unauthorized" | "not-found" | "unknown";

/** OpenCode did not do what was asked. `unauthorized`: it lets us do nothing. `unknown`: no answer came, it may have been done. */
export class HostError extends Error {
  override readonly name = "HostError";
  readonly kind: HostFailure;

  constructor(message: string, details: { readonly kind: HostFailure; readonly cause?: unknown }) {
    super(message, { cause: details.cause });
    this.kind = details.kind;
  }
}

/** Nobody answered whether it was done, and doing it twice would do harm: the owner has to look. */
export class PerhapsDone extends Error {
  override readonly name = "PerhapsDone";
}

/** OpenCode lets this plugin do nothing: what is written in a thread does not reach the session. */
export const isUnauthorized = (error: unknown): boolean =>
  error instanceof HostError && error.kind === "unauthorized";

type StoreFailure = "newer-version" | "locked" | "io";

/** The mappings cannot be kept. The message says what to do. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  readonly kind: StoreFailure;

  constructor(message: string, details: { readonly kind: StoreFailure; readonly cause?: unknown }) {
    super(message, { cause: details.cause });
    this.kind = details.kind;
  }
}

/** One line for a log or a thread: the message alone, never a stack, never a request with its headers. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
