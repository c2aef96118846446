import type { HttpAnswer } from "./http-server.ts";
import type { Delta } from "./play-reply.ts";
import type { Failure, Usage } from "./reply.ts";
import { createTally } from "./tally.ts";

export interface CompletionHead {
  readonly id: string;
  readonly model: string;
  readonly inputChars: number;
}

const createdSeconds = (): number => Math.floor(Date.now() / 1000);

/** Usage as OpenAI reports it. */
function usageBody({ input, output, reasoning = 0, cached = 0 }: Usage) {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

function errorBody({ message, code, status }: Failure) {
  const type = status >= 500 ? "server_error" : "invalid_request_error";
  return { error: { message, type, param: null, code: code ?? null } };
}

export function failureAnswer(failure: Failure): HttpAnswer {
  return { status: failure.status, headers: { ...failure.headers }, json: errorBody(failure) };
}

/** The whole answer as one body. */
export async function wholeCompletion(
  head: CompletionHead,
  deltas: AsyncIterable<Delta>,
): Promise<HttpAnswer> {
  const tally = createTally(head.inputChars);
  for await (const delta of deltas) {
    if (delta.kind === "broken") return "cut";
    if (delta.kind === "failure") return failureAnswer(delta.failure);
    tally.add(delta);
  }
  const { text, reasoning, tools, finish, usage } = tally.result();
  const message = {
    role: "assistant",
    content: text === "" ? null : text,
    ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(tools.length === 0 ? {} : { tool_calls: tools }),
  };
  return {
    status: 200,
    json: {
      id: head.id,
      object: "chat.completion",
      created: createdSeconds(),
      model: head.model,
      choices: [{ index: 0, message, finish_reason: finish }],
      usage: usageBody(usage),
    },
  };
}

function deltaBody(delta: Delta): Record<string, unknown> | undefined {
  if (delta.kind === "text") return { content: delta.text };
  if (delta.kind === "reasoning") return { reasoning_content: delta.text };
  if (delta.kind === "tool") {
    const { index, id, name } = delta;
    return { tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] };
  }
  if (delta.kind === "arguments") {
    return { tool_calls: [{ index: delta.index, function: { arguments: delta.text } }] };
  }
  return undefined;
}

async function* completionEvents(
  head: CompletionHead,
  deltas: AsyncIterable<Delta>,
): AsyncGenerator<string> {
  const base = { id: head.id, object: "chat.completion.chunk", created: createdSeconds() };
  const event = (choices: unknown[], more: Record<string, unknown> = {}): string =>
    `data: ${JSON.stringify({ ...base, model: head.model, choices, ...more })}\n\n`;
  const chunk = (delta: Record<string, unknown>, finish: string | null = null): string =>
    event([{ index: 0, delta, finish_reason: finish }]);

  const tally = createTally(head.inputChars);
  yield chunk({ role: "assistant", content: "" });
  for await (const delta of deltas) {
    if (delta.kind === "broken") throw new Error("The scripted stream breaks here.");
    if (delta.kind === "failure") {
      yield `data: ${JSON.stringify(errorBody(delta.failure))}\n\n`;
      return;
    }
    tally.add(delta);
    const body = deltaBody(delta);
    if (body) yield chunk(body);
  }
  const { finish, usage } = tally.result();
  yield chunk({}, finish);
  yield event([], { usage: usageBody(usage) });
  yield "data: [DONE]\n\n";
}

async function* startingWith<T>(first: IteratorResult<T>, rest: AsyncIterator<T>) {
  for (let next = first; !next.done; next = await rest.next()) yield next.value;
}

/** The answer as server-sent events; a reply that begins with a failure is an HTTP error instead. */
export async function streamedCompletion(
  head: CompletionHead,
  deltas: AsyncGenerator<Delta>,
): Promise<HttpAnswer> {
  const first = await deltas.next();
  if (!first.done && first.value.kind === "failure") return failureAnswer(first.value.failure);
  return { events: completionEvents(head, startingWith(first, deltas)) };
}
