import axios, { type AxiosError, type AxiosInstance } from "axios";
import { z } from "zod";
import { ChatError } from "../errors.ts";

/** Requests with a token to one server: a transport, nothing more. Rejects with `ChatError` only. */
export interface Http {
  json(request: HttpRequest): Promise<unknown>;
  bytes(path: string, maxBytes: number): Promise<Uint8Array>;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** From after the base url on. */
  readonly path: string;
  readonly body?: unknown;
}

const WITHIN_MS = 15_000;
const FILE_WITHIN_MS = 120_000;
const MAX_JSON_BYTES = 64 * 1024 * 1024;
const DEFAULT_RETRY_AFTER_MS = 1_000;

export function createHttp(options: {
  readonly baseUrl: string;
  readonly token: string;
  readonly withinMs?: number;
}): Http {
  const { baseUrl, token, withinMs = WITHIN_MS } = options;
  const client: AxiosInstance = axios.create({
    baseURL: baseUrl,
    headers: { Authorization: `Bearer ${token}` },
    // A redirect would carry the token to wherever it points.
    maxRedirects: 0,
    maxContentLength: MAX_JSON_BYTES,
    maxBodyLength: Number.POSITIVE_INFINITY,
    adapter: "http",
  });

  return {
    async json({ method, path, body }) {
      const within = body instanceof FormData ? FILE_WITHIN_MS : withinMs;
      try {
        const { data } = await client.request({
          method,
          url: path,
          data: body,
          timeout: within,
          signal: AbortSignal.timeout(within),
        });
        return data;
      } catch (error) {
        throw failure(error, method, path);
      }
    },
    async bytes(path, maxBytes) {
      try {
        const { data } = await client.request<ArrayBuffer>({
          method: "GET",
          url: path,
          responseType: "arraybuffer",
          maxContentLength: maxBytes,
          timeout: FILE_WITHIN_MS,
          signal: AbortSignal.timeout(FILE_WITHIN_MS),
        });
        return new Uint8Array(data);
      } catch (error) {
        throw failure(error, "GET", path);
      }
    },
  };
}

const Refusal = z.object({ id: z.string(), message: z.string() });

/** Errors that say that the request cannot have been sent. */
const NOT_SENT = [
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ConnectionRefused",
  "FailedToOpenSocket",
];

/** Made anew from what may be known: an axios error carries the request's headers, and so the token. */
function failure(error: unknown, method: string, path: string): ChatError {
  const what = `${method} ${path.split("?")[0]}`;
  if (!axios.isAxiosError(error)) {
    return new ChatError(`${what} failed: ${nameOf(error)}`, { kind: "unknown" });
  }
  const { response } = error;
  if (!response) return withoutAnswer(error, what);
  const parsed = Refusal.safeParse(readBody(response.data));
  const { status } = response;
  const said = parsed.data?.message ?? `HTTP ${status}`;
  const details = { code: parsed.data?.id ?? "", status };
  const message = `${what} was answered ${status}: ${said}`;
  if (status === 401) return new ChatError(message, { kind: "unauthorized", ...details });
  if (status === 429) {
    const retryAfterMs = retryAfter(response.headers["retry-after"]);
    return new ChatError(message, { kind: "limited", retryAfterMs, ...details });
  }
  const refused = status >= 300 && status < 500 && status !== 408;
  return new ChatError(message, { kind: refused ? "refused" : "unknown", ...details });
}

function withoutAnswer(error: AxiosError, what: string): ChatError {
  const code = error.code ?? "";
  if (code === "ERR_BAD_RESPONSE" && error.message.includes("maxContentLength")) {
    return new ChatError(`${what}: the answer is larger than allowed`, { kind: "refused", code });
  }
  const kind = NOT_SENT.includes(code) ? "unreachable" : "unknown";
  return new ChatError(`${what} got no answer (${code || nameOf(error)})`, { kind, code });
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

function readBody(data: unknown): unknown {
  if (!(data instanceof ArrayBuffer) && !Buffer.isBuffer(data)) return data;
  try {
    return JSON.parse(new TextDecoder().decode(data));
  } catch {
    return undefined;
  }
}

/** `Retry-After` in seconds, or a date; in milliseconds here. */
function retryAfter(header: unknown): number {
  const seconds = Number(header);
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  const untilMs = Date.parse(String(header)) - Date.now();
  return Number.isFinite(untilMs) && untilMs > 0 ? untilMs : DEFAULT_RETRY_AFTER_MS;
}
