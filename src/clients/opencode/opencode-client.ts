import { createOpencodeClient, type OpencodeClient } from "@opencode-ai/sdk/v2";
import { z } from "zod";
import { HostError, isUnauthorized, messageOf } from "../../errors.ts";
import type { RunStatus } from "../../models/host-event.ts";
import type { MessageId } from "../../models/ids.ts";
import type { Prompt } from "../../models/prompt.ts";
import type { Clock, HostPort, Logger } from "../../ports.ts";
import { createOffers } from "./opencode-offers.ts";
import { parseStoredMessage } from "./opencode-parts.ts";
import {
  WirePermission,
  WireQuestion,
  WireSession,
  WireStatus,
  wireSettings,
} from "./opencode-wire.ts";
import { createRunBegun } from "./run-begun.ts";

const CALL_WITHIN_MS = 30_000;
/** A toast goes by itself: a long one stays until it can have been read. */
const LEAST_TOAST_MS = 5_000;
const READ_MS_PER_CHAR = 60;

/** How to reach OpenCode from inside its own process: what the plugin's own client was made with. */
export interface HostConnection {
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  /** As an object or as `Headers`. */
  readonly headers?: unknown;
  /** The plugin's own client: what is said to the person goes by it, so that it can say that the other one is refused. */
  readonly own?: OwnClient;
}

/** OpenCode's client of the first version, as far as it is used. */
interface OwnClient {
  readonly app: {
    log(options: { body: LogEntry; query: { directory: string } }): PromiseLike<Answer>;
  };
  readonly tui: {
    showToast(options: { body: Toast; query: { directory: string } }): PromiseLike<unknown>;
  };
}

interface LogEntry {
  readonly service: string;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly extra?: Record<string, unknown>;
}

interface Toast {
  readonly title: string;
  readonly message: string;
  readonly variant: "info" | "warning" | "error";
  readonly duration: number;
}

interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response?: { readonly status: number };
}

/** OpenCode through the SDK's v2 client, for one directory. */
export function createOpencodeHost(options: {
  readonly connection: HostConnection;
  readonly directory: string;
  readonly clock: Clock;
  /** OpenCode has refused a call because of who asks; the message says what to do. */
  readonly onUnauthorized?: (message: string) => void;
}): HostPort {
  const { connection, directory, clock, onUnauthorized = () => undefined } = options;
  const { baseUrl, fetch, own } = connection;
  const headers = headersOf(connection.headers);
  const client = createOpencodeClient({ baseUrl, fetch, directory, headers });

  async function ask(what: string, call: (client: OpencodeClient) => PromiseLike<Answer>) {
    try {
      return await settle(what, () => call(client), clock);
    } catch (error) {
      if (isUnauthorized(error)) onUnauthorized(messageOf(error));
      throw error;
    }
  }

  const messages: HostPort["messages"] = async (id, limit) => {
    const list = await ask("read messages", (c) => c.session.messages({ sessionID: id, limit }));
    return arrayOf(list).flatMap((raw) => parseStoredMessage(raw) ?? []);
  };
  const runBegun = createRunBegun(messages, clock);

  return {
    async sessions(limit) {
      const list = await ask("list sessions", (c) => c.session.list({ roots: true, limit }));
      return arrayOf(list).flatMap((raw) => WireSession.safeParse(raw).data ?? []);
    },
    async session(id) {
      return notFoundAsUndefined(async () =>
        WireSession.parse(await ask("read the session", (c) => c.session.get({ sessionID: id }))),
      );
    },
    async create() {
      return WireSession.parse(await ask("start a session", (c) => c.session.create()));
    },
    async status(id): Promise<RunStatus> {
      const all = await ask("read the status", (c) => c.session.status());
      const raw = typeof all === "object" && all !== null ? Reflect.get(all, id) : undefined;
      return WireStatus.safeParse(raw).data ?? { kind: "idle" };
    },
    messages,
    async prompt(id, prompt) {
      const given = { ...wireSettings(prompt.settings), parts: promptParts(prompt) };
      await ask("send the prompt", (c) =>
        c.session.promptAsync({ sessionID: id, messageID: prompt.id, ...given }),
      );
    },
    async hasMessage(id, messageID) {
      const message = await notFoundAsUndefined(() =>
        ask("read a message", (c) => c.session.message({ sessionID: id, messageID })),
      );
      return message !== undefined;
    },
    async toolCall(id, { messageId, callId }) {
      const raw = await notFoundAsUndefined(() =>
        ask("read a tool call", (c) => c.session.message({ sessionID: id, messageID: messageId })),
      );
      const parts = parseStoredMessage(raw)?.parts ?? [];
      const calls = parts.flatMap((part) => (part.kind === "tool" ? part.call : []));
      const [call, ...more] = calls.filter((each) => each.id === callId);
      return more.length > 0 ? undefined : call;
    },
    async abort(id) {
      await runBegun(id);
      await ask("stop the session", (c) => c.session.abort({ sessionID: id }));
    },
    async permissions() {
      const list = await ask("list permissions", (c) => c.permission.list());
      return arrayOf(list).flatMap((raw) => WirePermission.safeParse(raw).data ?? []);
    },
    answerPermission: (id, reply, reason) =>
      stillPending(() =>
        ask("answer the permission", (c) =>
          c.permission.reply({ requestID: id, reply, ...(reason && { message: reason }) }),
        ),
      ),
    async questions() {
      const list = await ask("list questions", (c) => c.question.list());
      return arrayOf(list).flatMap((raw) => WireQuestion.safeParse(raw).data ?? []);
    },
    answerQuestion: (id, answers) =>
      stillPending(() =>
        ask("answer the question", (c) =>
          c.question.reply({ requestID: id, answers: answers.map((chosen) => [...chosen]) }),
        ),
      ),
    dismissQuestion: (id) =>
      stillPending(() => ask("dismiss the question", (c) => c.question.reject({ requestID: id }))),
    ...createOffers(ask, clock),
    async branch() {
      const vcs = await ask("read the branch", (c) => c.vcs.get()).catch(() => undefined);
      return z.object({ branch: z.string().min(1) }).safeParse(vcs).data?.branch;
    },
    async toast(message, variant) {
      const duration = Math.max(LEAST_TOAST_MS, message.length * READ_MS_PER_CHAR);
      const body = { title: "Mattermost", message, variant, duration };
      await Promise.resolve()
        .then(() => own?.tui.showToast({ body, query: { directory } }))
        .catch(() => undefined);
    },
  };
}

/**
 * The post id goes with a text part, because that is where OpenCode keeps metadata; a post may have no text. Every part has
 * an id of its own that follows from the message's, in order: a part that is sent again is the same part.
 */
function promptParts({ id, text, postId, origin, files, paths, missing = [] }: Prompt) {
  const mark = { ...(postId && { postId }), ...(origin && { origin }) };
  const metadata = (postId || origin) && { metadata: { mattermost: mark } };
  const first =
    text.trim() === "" ? { text: "See the attached files.", synthetic: true } : { text };
  const parts = [
    { type: "text" as const, ...first, ...metadata },
    ...files.map(({ name, mime, url }) => ({ type: "file" as const, filename: name, mime, url })),
    ...paths.map((path) => told(`The user attached a file: ${path}`)),
    ...missing.map((why) => told(`The user attached a file that you were not given: ${why}`)),
  ];
  return parts.map((part, at) => ({ id: partId(id, at), ...part }));
}

const told = (text: string) => ({ type: "text" as const, text, synthetic: true });

const partId = (id: MessageId, at: number): string =>
  `${id.replace(/^msg/, "prt")}${String(at).padStart(2, "0")}`;

/** Writes to OpenCode's own log, and to `otherwise` what that does not take. Never awaited by the caller. */
export function createHostLogger(
  { own }: HostConnection,
  directory: string,
  otherwise: Logger,
): Logger {
  const write =
    (level: LogEntry["level"]): Logger["info"] =>
    (message, extra) => {
      const entry = { service: "opencode-mattermost", level, message };
      const body = { ...entry, ...(extra && { extra: { ...extra } }) };
      void Promise.resolve()
        .then(() => own?.app.log({ body, query: { directory } }))
        .then(
          (answer) => (answer && answer.error === undefined) || otherwise[level](message, extra),
        )
        .catch(() => otherwise[level](message, extra));
    };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
}

/** The SDK reports errors as values; a call into a server that is still starting may never settle. */
async function settle(
  what: string,
  call: () => PromiseLike<Answer>,
  clock: Clock,
): Promise<unknown> {
  let cancel = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    cancel = clock.schedule(CALL_WITHIN_MS, () =>
      reject(
        new HostError(`OpenCode did not ${what} within ${CALL_WITHIN_MS / 1000} s`, {
          kind: "unknown",
        }),
      ),
    );
  });
  try {
    const answer = await Promise.race([call(), late]);
    if (answer.error === undefined) return answer.data;
    throw refusal(what, answer);
  } catch (error) {
    if (error instanceof HostError) throw error;
    throw new HostError(`OpenCode could not ${what}: ${messageOf(error)}`, {
      kind: "unknown",
      cause: error,
    });
  } finally {
    cancel();
  }
}

function refusal(what: string, { error, response }: Answer): HostError {
  const status = response?.status;
  if (status === 401 || status === 403) {
    const message = `OpenCode does not let this plugin ${what} (${status}): restart OpenCode, and update the plugin if that does not help`;
    return new HostError(message, { kind: "unauthorized", cause: error });
  }
  const text = `OpenCode would not ${what}: ${describe(error)}`;
  if (status === 404) return new HostError(text, { kind: "not-found", cause: error });
  const definite = status !== undefined && status >= 400 && status < 500;
  return new HostError(text, { kind: definite ? "refused" : "unknown", cause: error });
}

function describe(error: unknown): string {
  if (error instanceof Error) return error.message;
  return (JSON.stringify(error) ?? String(error)).slice(0, 500);
}

const arrayOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** As a plain object: spreading `Headers`, as the SDK does, gives nothing. */
function headersOf(given: unknown): Record<string, string> {
  if (given instanceof Headers) return Object.fromEntries(given);
  return Object.fromEntries(
    Object.entries(given ?? {}).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value]] : [],
    ),
  );
}

async function notFoundAsUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof HostError && error.kind === "not-found") return undefined;
    throw error;
  }
}

async function stillPending(answer: () => Promise<unknown>): Promise<boolean> {
  return (await notFoundAsUndefined(() => answer().then(() => true))) ?? false;
}
