import axios, {
  type AxiosAdapter,
  AxiosError,
  type AxiosInstance,
  type AxiosRequestConfig,
  type InternalAxiosRequestConfig,
} from "axios";
import { type ChatError, messageOf } from "../../errors.ts";
import { createRedactor, type Redactor } from "../../models/redaction.ts";
import { boundedFetch, TooLargeError } from "./bounded-fetch.ts";
import { clearBytes } from "./clear-bytes.ts";
import { createHttpFailures } from "./http-failure.ts";

/**
 * Requests with a token to one server: a transport, nothing more. The one way out to Mattermost: what is sent is cleared of
 * secrets here. Rejects with `ChatError` only.
 */
export interface Http {
  json(request: HttpRequest): Promise<unknown>;
  /** Rejects as soon as more than `maxBytes` have come. */
  bytes(path: string, maxBytes: number): Promise<Uint8Array>;
}

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** From after the base url on. */
  readonly path: string;
  /** Bytes are sent as they are, everything else as JSON. */
  readonly body?: unknown;
}

const WITHIN_MS = 15_000;
const FILE_WITHIN_MS = 120_000;
const MAX_JSON_BYTES = 64 * 1024 * 1024;
/** Room for an error where the bytes asked for are fewer than it takes to say what is wrong. */
const MAX_ERROR_BYTES = 64 * 1024;

/** Under Bun each request by one of axios's own adapters keeps OpenCode's only thread busy for several times as long. */
const byFetch: AxiosAdapter = async (config) => {
  const { status, headers, data } = await answered(config);
  const answer = { status, statusText: "", headers, data, config };
  if (config.validateStatus?.(status) ?? true) return answer;
  throw new AxiosError(`HTTP ${status}`, AxiosError.ERR_BAD_RESPONSE, config, undefined, answer);
};

async function answered(config: InternalAxiosRequestConfig) {
  const { baseURL = "", url = "", method = "get", data, headers, signal } = config;
  const request = {
    method: method.toUpperCase(),
    headers: Object.entries(headers.toJSON()).map(([name, value]) => [name, String(value)]),
    ...(data !== undefined && { body: data }),
    ...(signal instanceof AbortSignal && { signal }),
  };
  const maxBytes = config.maxContentLength ?? MAX_JSON_BYTES;
  const as = config.responseType === "arraybuffer" ? "bytes" : "text";
  try {
    return await boundedFetch(baseURL + url, request, { maxBytes, as });
  } catch (error) {
    const { code } = Object(error);
    const cause = error instanceof Error ? error : new Error(messageOf(error));
    throw AxiosError.from(cause, typeof code === "string" ? code : undefined, config);
  }
}

const TRANSPORT: AxiosRequestConfig = {
  // A redirect would carry the token to wherever it points.
  maxRedirects: 0,
  // Bun obeys HTTP_PROXY and NO_PROXY by itself; two that do would not always agree.
  ...(process.versions["bun"] === undefined
    ? { adapter: "http" }
    : { adapter: byFetch, proxy: false }),
};

const AS_BYTES = { "Content-Type": "application/octet-stream" };

export function createHttp(options: {
  readonly baseUrl: string;
  readonly token: string;
  /** From the first byte sent to the last one received, however the time was spent between. */
  readonly withinMs?: number;
  /** Hears of the header `Date` of every answer, and when it was asked for. */
  readonly onDate?: (header: unknown, sentMs: number) => void;
  /** What else must not leave; without it the token alone. */
  readonly redactor?: Redactor;
}): Http {
  const { baseUrl, token, withinMs = WITHIN_MS, onDate = () => undefined } = options;
  const { redactor = createRedactor([token]) } = options;
  const failures = createHttpFailures(redactor);
  const client: AxiosInstance = axios.create({
    baseURL: baseUrl,
    headers: { Authorization: `Bearer ${token}` },
    ...TRANSPORT,
    maxContentLength: MAX_JSON_BYTES,
    maxBodyLength: Number.POSITIVE_INFINITY,
  });

  async function send<T>(
    { method, path, body }: HttpRequest,
    withinMs: number,
    how: AxiosRequestConfig = {},
  ): Promise<T> {
    // axios's own `timeout` would let a server go on for ever that sends a byte now and then.
    const signal = AbortSignal.timeout(withinMs);
    const sentMs = Date.now();
    try {
      const isFile = body instanceof Uint8Array;
      const headers = isFile ? AS_BYTES : {};
      const sent = isFile ? clearBytes(body, redactor) : redactor.data(body);
      const request = { ...how, method, url: redactor.text(path), data: sent, headers, signal };
      const { data, headers: told } = await client.request<T>(request);
      onDate(told["date"], sentMs);
      return data;
    } catch (error) {
      throw failure(
        error,
        `${method} ${path.split("?")[0]}`,
        signal.aborted ? withinMs : undefined,
      );
    }
  }

  function failure(error: unknown, what: string, withinMs: number | undefined): ChatError {
    const response = axios.isAxiosError(error) ? error.response : undefined;
    if (response) {
      const { status, headers, data } = response;
      return failures.refused(what, { status, retryAfter: headers["retry-after"], body: data });
    }
    const message = messageOf(error);
    const isTooLarge = axios.isAxiosError(error) && error.cause instanceof TooLargeError;
    if (isTooLarge || message.startsWith("maxContentLength")) return failures.tooLarge(what);
    const code = axios.isAxiosError(error) ? (error.code ?? "") : "";
    return failures.unanswered(what, {
      code,
      message,
      ...(withinMs !== undefined && { withinMs }),
    });
  }

  return {
    json: (request) =>
      send<unknown>(request, request.body instanceof Uint8Array ? FILE_WITHIN_MS : withinMs),
    async bytes(path, maxBytes) {
      const data = await send<ArrayBuffer>({ method: "GET", path }, FILE_WITHIN_MS, {
        responseType: "arraybuffer",
        maxContentLength: Math.max(maxBytes, MAX_ERROR_BYTES),
      });
      if (data.byteLength > maxBytes) throw failures.tooLarge(`GET ${path}`);
      return new Uint8Array(data);
    },
  };
}

/** Who answers at an address, Mattermost or anything else; or what the transport says where nobody does. */
export type Look =
  | {
      readonly kind: "answer";
      readonly status: number;
      /** Where it sends the asker on; empty where it does not. */
      readonly location: string;
      readonly body: string;
    }
  | { readonly kind: "silence"; readonly code: string; readonly timedOut: boolean };

/** Asks for an address without a token, as somebody does who does not know yet whether it may have one. Never rejects. */
export async function lookAt(address: string, withinMs = WITHIN_MS): Promise<Look> {
  const signal = AbortSignal.timeout(withinMs);
  try {
    const { status, headers, data } = await axios.get<unknown>(address, {
      ...TRANSPORT,
      signal,
      maxContentLength: MAX_JSON_BYTES,
      responseType: "text",
      transformResponse: (body: unknown) => body,
      validateStatus: () => true,
    });
    const location = String(headers["location"] ?? "");
    return { kind: "answer", status, location, body: String(data ?? "") };
  } catch (error) {
    const code = axios.isAxiosError(error) ? error.code : undefined;
    return { kind: "silence", code: code ?? messageOf(error), timedOut: signal.aborted };
  }
}
