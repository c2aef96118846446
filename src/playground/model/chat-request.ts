import { z } from "zod";

interface ModelAttachment {
  readonly kind: string;
  readonly mime: string | undefined;
  readonly name: string | undefined;
}

interface ModelToolCall {
  readonly id: string;
  readonly name: string;
  readonly args: string;
}

export interface ModelMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly text: string;
  readonly attachments: readonly ModelAttachment[];
  readonly toolCalls: readonly ModelToolCall[];
  readonly toolCallId: string | undefined;
}

export interface ChatRequest {
  readonly model: string;
  readonly stream: boolean;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly string[];
}

const part = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  image_url: z.looseObject({ url: z.string() }).optional(),
  file: z
    .looseObject({ filename: z.string().optional(), file_data: z.string().optional() })
    .optional(),
});

const message = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  content: z.union([z.string(), z.array(part)]).nullish(),
  tool_call_id: z.string().optional(),
  tool_calls: z
    .array(
      z.looseObject({
        id: z.string(),
        function: z.looseObject({ name: z.string(), arguments: z.string() }),
      }),
    )
    .optional(),
});

const request = z.looseObject({
  model: z.string(),
  stream: z.boolean().optional(),
  messages: z.array(message),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }) })).optional(),
});

const mimeOf = (dataUrl: string | undefined): string | undefined =>
  dataUrl?.match(/^data:([^;,]+)/)?.[1];

function toMessage(wire: z.infer<typeof message>): ModelMessage {
  const parts = typeof wire.content === "string" ? [] : (wire.content ?? []);
  const text =
    typeof wire.content === "string"
      ? wire.content
      : parts.flatMap((item) => (item.text === undefined ? [] : [item.text])).join("\n");
  return {
    role: wire.role === "developer" ? "system" : wire.role,
    text,
    attachments: parts
      .filter((item) => item.type !== "text")
      .map((item) => ({
        kind: item.type,
        mime: mimeOf(item.image_url?.url ?? item.file?.file_data),
        name: item.file?.filename,
      })),
    toolCalls: (wire.tool_calls ?? []).map((call) => ({
      id: call.id,
      name: call.function.name,
      args: call.function.arguments,
    })),
    toolCallId: wire.tool_call_id,
  };
}

/** The body of `POST /v1/chat/completions`, or undefined when it is none. */
export function parseChatRequest(body: unknown): ChatRequest | undefined {
  const parsed = request.safeParse(body);
  if (!parsed.success) return undefined;
  return {
    model: parsed.data.model,
    stream: parsed.data.stream ?? false,
    messages: parsed.data.messages.map(toMessage),
    tools: (parsed.data.tools ?? []).map((tool) => tool.function.name),
  };
}
