import { createRing } from "../ring.ts";
import { type CallKind, callKind } from "./call-kind.ts";
import { type ChatRequest, parseChatRequest } from "./chat-request.ts";
import { failureAnswer, streamedCompletion, wholeCompletion } from "./completion.ts";
import { createGates } from "./gates.ts";
import { type HttpAnswer, type HttpRequest, startHttpServer } from "./http-server.ts";
import { playReply } from "./play-reply.ts";
import type { Reply } from "./reply.ts";
import { type Answer, createScript, type ModelCall } from "./script.ts";
import { until } from "./until.ts";

export { failures } from "./failures.ts";
export type { Reply } from "./reply.ts";
export type { ModelCall } from "./script.ts";

interface ScriptedModelOptions {
  readonly port?: number;
  /** The rhythm: milliseconds per word. */
  readonly wordMs?: number;
}

/** A model that says what a test tells it to, behind OpenAI's chat completions interface on loopback. */
export interface ScriptedModel {
  /** `http://127.0.0.1:PORT/v1` */
  readonly url: string;
  /**
   * What to answer to prompts that begin with a text or match a pattern; the first rule that matches answers.
   * A list has one reply per step of the turn (a step ends with tool calls); after its last reply the turn
   * closes with a short text.
   */
  on(when: string | RegExp, answer: Answer): void;
  /** What to answer when no rule matches; without it, the prompt's first line comes back. */
  otherwise(answer: Answer): void;
  /** The calls so far, oldest first: the latest 2,000 are remembered. Titles and summaries, which OpenCode asks for by itself, are kinds of their own. */
  calls(kind?: CallKind): readonly ModelCall[];
  /** The gates at which an answer is held now. */
  held(): readonly string[];
  /** Opens the gate for good, also for answers that have not come to it yet. */
  release(gate: string): void;
  /** Opens every gate for good. */
  releaseAll(): void;
  /** Waits until the probe returns something; rejects after `timeoutMs` (20 s) with what was waited for. */
  until<T>(what: string, probe: () => T | undefined | false, timeoutMs?: number): Promise<T>;
  /** Ends every answer and closes the port. */
  stop(): Promise<void>;
}

interface MutableCall extends ModelCall {
  aborted: boolean;
}

const MODELS = {
  object: "list",
  data: [{ id: "script", object: "model", created: 0, owned_by: "scripted" }],
};

function titleFor({ userText }: ModelCall): Reply {
  const words = userText.replace(/^"|"$/g, "").trim().split(/\s+/).slice(0, 6).join(" ");
  return [{ text: `Scripted title: ${words}`.slice(0, 50) }];
}

function summaryFor({ messages }: ModelCall): Reply {
  return [{ text: `Scripted summary of ${messages.length} messages.` }];
}

/** What OpenCode 2 puts before the prompt of a sub-agent. */
const SUB_AGENT = /^You are a subagent spawned by another session\.\n/;

function describeCall(
  request: ChatRequest,
  session: string | undefined,
  attempt: number,
): MutableCall {
  const lastUser = request.messages.findLastIndex(({ role }) => role === "user");
  const since = request.messages.slice(lastUser + 1);
  return {
    at: Date.now(),
    model: request.model,
    session,
    messages: request.messages,
    tools: request.tools,
    userText: request.messages[lastUser]?.text.replace(SUB_AGENT, "") ?? "",
    step: since.filter(({ role }) => role === "assistant").length,
    attempt,
    aborted: false,
  };
}

/** Each holds the whole conversation as it was then. */
const CALLS_KEPT = 2_000;

export async function startScriptedModel(
  options: ScriptedModelOptions = {},
): Promise<ScriptedModel> {
  const script = createScript();
  const gates = createGates();
  const calls = createRing<{ readonly kind: CallKind; readonly call: MutableCall }>(CALLS_KEPT);
  let made = 0;
  const attempts = new Map<string, number>();
  const stopping = new AbortController();
  let toolCalls = 0;

  const replyTo = (kind: CallKind, call: ModelCall): Reply => {
    if (kind === "title") return titleFor(call);
    return kind === "summary" ? summaryFor(call) : script.replyTo(call);
  };

  function record(request: ChatRequest, session: string | undefined) {
    const kind = callKind(request);
    const key = `${kind} ${session} ${Bun.hash(JSON.stringify(request.messages))}`;
    const attempt = attempts.get(key) ?? 0;
    attempts.set(key, attempt + 1);
    const call = describeCall(request, session, attempt);
    calls.push({ kind, call });
    made++;
    return { kind, call };
  }

  async function complete(http: HttpRequest): Promise<HttpAnswer> {
    const request = parseChatRequest(http.json());
    if (!request) {
      return failureAnswer({ status: 400, message: "The body is no chat completion request." });
    }
    const { kind, call } = record(request, http.header("x-session-affinity"));
    http.signal.addEventListener("abort", () => {
      call.aborted = true;
    });
    const deltas = playReply(replyTo(kind, call), {
      gates,
      signal: AbortSignal.any([http.signal, stopping.signal]),
      wordMs: options.wordMs ?? 0,
      attempt: call.attempt,
      newToolCallId: () => `call_${++toolCalls}`,
    });
    const head = {
      id: `chatcmpl-${made}`,
      model: request.model,
      inputChars: request.messages.reduce((sum, { text }) => sum + text.length, 0),
    };
    return request.stream ? streamedCompletion(head, deltas) : wholeCompletion(head, deltas);
  }

  const server = await startHttpServer(options.port ?? 0, async (http) => {
    const route = `${http.method} ${http.path}`;
    if (route === "POST /v1/chat/completions") return complete(http);
    if (route === "GET /v1/models") return { status: 200, json: MODELS };
    return failureAnswer({ status: 404, message: `There is no ${route} here.` });
  });

  return {
    url: `http://127.0.0.1:${server.port}/v1`,
    on: script.on,
    otherwise: script.otherwise,
    calls: (wanted = "chat") =>
      calls
        .all()
        .filter(({ kind }) => kind === wanted)
        .map(({ call }) => call),
    held: gates.held,
    release: gates.release,
    releaseAll: gates.releaseAll,
    until,
    async stop() {
      stopping.abort();
      gates.releaseAll();
      await server.stop();
    },
  };
}
