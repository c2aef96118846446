import { z } from "zod";
import { ChatError } from "../../errors.ts";
import type { Redactor } from "../../models/redaction.ts";

/** An answer that is not the one asked for. */
interface Refusal {
  readonly status: number;
  /** The header `Retry-After`, where there was one. */
  readonly retryAfter: unknown;
  readonly body: unknown;
}

/** What the transport says where no whole answer came. */
interface Silence {
  readonly code: string;
  readonly message: string;
  /** Set where the time ran out. */
  readonly withinMs?: number;
}

/**
 * Makes `ChatError`s from what may be known. Nothing of the request goes into them, because its headers hold the token; and
 * what others say, the server included, is cleared of it.
 */
export interface HttpFailures {
  /** `what` names the request: its method and path. */
  refused(what: string, refusal: Refusal): ChatError;
  unanswered(what: string, silence: Silence): ChatError;
  tooLarge(what: string): ChatError;
}

/** The answer is larger than the caller takes. */
const TOO_LARGE = "opencode_mattermost.answer_too_large";
const DEFAULT_RETRY_AFTER_MS = 1_000;
/** A mistake of the server, or of a clock, must not silence the bridge for a day. */
const MAX_RETRY_AFTER_MS = 300_000;

/** After these the request cannot have been sent: there was no connection, or none that is safe to use. */
const NOT_SENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ConnectionRefused",
  "FailedToOpenSocket",
  "DNSException",
]);
/** What is wrong with a certificate, in the words of OpenSSL, Node and Bun. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|ERR_TLS_/;

const Said = z.object({ id: z.string(), message: z.string() });

export function createHttpFailures(redactor: Redactor): HttpFailures {
  const cleared = redactor.text;

  return {
    refused(what, { status, retryAfter, body }) {
      const said = Said.safeParse(readBody(body)).data;
      const reason = cleared(said?.message ?? hintOf(status));
      const message = `${what} was answered ${status}: ${reason}`;
      const details = { code: cleared(said?.id ?? ""), status };
      const kind = kindOf(status, said !== undefined);
      if (kind !== "limited") return new ChatError(message, { kind, ...details });
      return new ChatError(message, { kind, retryAfterMs: readRetryAfter(retryAfter), ...details });
    },
    unanswered(what, { code, message, withinMs }) {
      const why = withinMs === undefined ? cleared(code || message) : `within ${withinMs / 1000} s`;
      const notSent = withinMs === undefined && (NOT_SENT.has(code) || CERTIFICATE.test(code));
      return new ChatError(`${what} got no answer (${why})`, {
        kind: notSent ? "unreachable" : "unknown",
        code: cleared(code),
        cause: new Error(cleared(message)),
      });
    },
    tooLarge: (what) =>
      new ChatError(`${what}: the answer is larger than allowed`, {
        kind: "refused",
        code: TOO_LARGE,
      }),
  };
}

/**
 * Final is what Mattermost itself says, with its error id: a page of something on the way there, a redirect to a login say, may
 * be gone in a minute. 413 is final all the same. 501 is how Mattermost says that a feature is switched off.
 */
function kindOf(status: number, isMattermost: boolean): ChatError["kind"] {
  if (status === 401) return isMattermost ? "unauthorized" : "unknown";
  if (status === 429) return "limited";
  if (status === 413) return "refused";
  const isFinal = status === 501 || (status >= 300 && status < 500 && status !== 408);
  return isFinal && isMattermost ? "refused" : "unknown";
}

const hintOf = (status: number): string =>
  status >= 300 && status < 400
    ? "a redirect, which is not followed; is the server's url right?"
    : `HTTP ${status}`;

/** Where bytes were asked for, an error comes as bytes too. */
function readBody(body: unknown): unknown {
  if (!(body instanceof ArrayBuffer) && !(body instanceof Uint8Array)) return body;
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** In seconds, or a date; in milliseconds here. */
function readRetryAfter(header: unknown): number {
  const seconds = Number(header ?? Number.NaN);
  if (Number.isFinite(seconds) && seconds > 0) return Math.min(seconds * 1000, MAX_RETRY_AFTER_MS);
  const untilMs = Date.parse(String(header)) - Date.now();
  return untilMs > 0 ? Math.min(untilMs, MAX_RETRY_AFTER_MS) : DEFAULT_RETRY_AFTER_MS;
}
