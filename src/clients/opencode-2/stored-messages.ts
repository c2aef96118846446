import { z } from "zod";
import { cutShortBy } from "../../models/cut-short.ts";
import type { Part, StoredMessage } from "../../models/host-event.ts";
import { asSessionId, type MessageId as Id } from "../../models/ids.ts";
import { type CallFacts, inputOf, promptParts, textKey, thoughtKey, toolPart } from "./parts.ts";
import { shellMessages, sumMessages, WireShell, WireSum } from "./side-messages.ts";
import {
  CallId,
  contextOf,
  MessageId,
  Times,
  Tokens,
  WireContent,
  WireError,
  WirePrompt,
} from "./wire.ts";

const Base = { id: MessageId, time: Times };

const User = WirePrompt.extend({ ...Base, type: z.literal("user") });

const ToolState = z.object({
  status: z.enum(["streaming", "running", "completed", "error"]),
  input: z.unknown(),
  content: WireContent.optional().catch(undefined),
  metadata: z.record(z.string(), z.unknown()).optional().catch(undefined),
  error: WireError.optional().catch(undefined),
});

const Content = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string() }),
  z.object({
    type: z.literal("reasoning"),
    text: z.string(),
    time: z.object({ created: z.number(), completed: z.number().optional() }).optional(),
  }),
  z.object({
    type: z.literal("tool"),
    id: CallId,
    name: z.string(),
    state: ToolState,
    time: z
      .object({ created: z.number(), ran: z.number().optional(), completed: z.number().optional() })
      .optional()
      .catch(undefined),
  }),
]);
type Content = z.infer<typeof Content>;

const Assistant = z.object({
  ...Base,
  type: z.literal("assistant"),
  model: z.object({ id: z.string() }),
  content: z.array(z.unknown()),
  finish: z.string().optional(),
  cost: z.number().catch(0).default(0),
  tokens: Tokens.optional().catch(undefined),
  error: WireError.optional().catch(undefined),
});

/** The end of a run. */
const Idle = z.object({ type: z.literal("idle") });

const Message = z.discriminatedUnion("type", [User, Assistant, WireSum, WireShell, Idle]);

/**
 * OpenCode 2's messages, oldest first, as prompts and what answers them. What is done beside a run is a turn of its own. Notes of
 * OpenCode and messages in a shape that is not known here are left out.
 */
export function storedMessages(raw: readonly unknown[]): readonly StoredMessage[] {
  let asked: Id | undefined;
  let runs = false;
  return raw.flatMap((one): readonly StoredMessage[] => {
    const { data } = Message.safeParse(one);
    switch (data?.type) {
      case "user": {
        asked = data.id;
        runs = true;
        const message = { id: data.id, createdMs: data.time.created };
        return [{ role: "user", message, parts: promptParts(data.id, data) }];
      }
      case "assistant":
        runs = true;
        return asked === undefined ? [] : [answer(data, asked)];
      case "compaction":
        return runs || data.reason !== "manual" ? [] : sumMessages(data);
      case "shell":
        return runs ? [] : shellMessages(data);
      case "idle":
        runs = false;
        return [];
      default:
        return [];
    }
  });
}

function answer(stored: z.infer<typeof Assistant>, parentId: Id): StoredMessage {
  const { id, time, finish, error } = stored;
  const cutShort = cutShortBy(finish);
  return {
    role: "assistant",
    message: {
      id,
      parentId,
      createdMs: time.created,
      continues: finish === "tool-calls",
      finished: finish !== undefined,
      ...(cutShort && { cutShort }),
      isSummary: false,
      model: stored.model.id,
      costUsd: stored.cost,
      contextTokens: stored.tokens ? contextOf(stored.tokens) : 0,
      ...(time.completed !== undefined && { completedMs: time.completed }),
      ...(error !== undefined && { error }),
    },
    parts: partsOf(id, stored.content),
  };
}

/** Texts and thoughts are numbered apart, as in the events. */
function partsOf(messageId: Id, content: readonly unknown[]): readonly Part[] {
  const counts = { text: 0, reasoning: 0 };
  return content.flatMap((raw): readonly Part[] => {
    const { data } = Content.safeParse(raw);
    if (data === undefined) return [];
    if (data.type === "tool") return [toolPart(messageId, factsOf(data))];
    const ordinal = counts[data.type]++;
    const { text } = data;
    if (data.type === "text") {
      return [
        { kind: "text", key: textKey(ordinal), messageId, text, done: true, synthetic: false },
      ];
    }
    const { created = 0, completed } = data.time ?? {};
    return [
      {
        kind: "reasoning",
        key: thoughtKey(ordinal),
        messageId,
        text,
        startMs: created,
        ...(completed !== undefined && { endMs: completed }),
      },
    ];
  });
}

function factsOf({ id, name, state, time }: Extract<Content, { type: "tool" }>): CallFacts {
  const child = state.metadata?.["sessionID"];
  const start = time?.ran ?? time?.created;
  return {
    id,
    name,
    state: state.status === "streaming" ? "pending" : state.status,
    input: inputOf(state.input),
    ...(state.content && { output: state.content.join("") }),
    ...(state.error && { error: state.error.message }),
    ...(state.metadata && { metadata: state.metadata }),
    ...(start !== undefined && { startMs: start }),
    ...(time?.completed !== undefined && { endMs: time.completed }),
    ...(typeof child === "string" && { childSessionId: asSessionId(child) }),
  };
}
