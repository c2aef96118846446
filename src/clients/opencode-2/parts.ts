import { argumentsOf } from "../../models/arguments.ts";
import type { Part, ToolCall } from "../../models/host-event.ts";
import { asPostId, type CallId, type MessageId, type SessionId } from "../../models/ids.ts";
import { diffsOf, sumOf } from "./file-changes.ts";
import { type Input, meaningOf } from "./tool-meanings.ts";
import type { WirePrompt } from "./wire.ts";

/** OpenCode 2 numbers the texts of a message, and its thoughts, and names its tool calls: there are no part ids. */
export const textKey = (ordinal: number): string => `text.${ordinal}`;
export const thoughtKey = (ordinal: number): string => `thought.${ordinal}`;
const callKey = (id: CallId): string => `call.${id}`;

/** A prompt's parts. Its text comes first, because the proof that a post has been sent stands there. */
export function promptParts(messageId: MessageId, prompt: WirePrompt): readonly Part[] {
  const { postId, origin } = prompt.metadata?.mattermost ?? {};
  return [
    {
      kind: "text",
      key: "prompt",
      messageId,
      text: prompt.text,
      done: true,
      synthetic: false,
      ...(postId !== undefined && { postId: asPostId(postId) }),
      ...(origin && { origin }),
    },
    ...prompt.files.map(
      ({ name, mime }, at): Part => ({
        kind: "file",
        key: `file.${at}`,
        messageId,
        name: name ?? "file",
        mime,
      }),
    ),
  ];
}

/** What is known of a tool call, from whichever source. */
export interface CallFacts {
  readonly id: CallId;
  readonly name: string;
  readonly state: ToolCall["state"];
  readonly input: Input;
  readonly output?: string;
  readonly error?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly childSessionId?: SessionId;
  /** What OpenCode calls the command that it runs, as long as it runs. */
  readonly shellId?: string;
}

export function toolPart(messageId: MessageId, facts: CallFacts): Part {
  return { kind: "tool", key: callKey(facts.id), messageId, call: toolCall(facts) };
}

function toolCall(facts: CallFacts): ToolCall {
  const { id, name, state, input, output = "", metadata } = facts;
  const { error, startMs, endMs, childSessionId } = facts;
  const exitCode = metadata?.["exit"];
  const args = argumentsOf(input);
  const diffs = diffsOf(metadata?.["files"]);
  const meaning = meaningOf(name, input);
  return {
    id,
    tool: name,
    ...meaning,
    state,
    output,
    ...(args && { args }),
    ...(error !== undefined && { error }),
    ...(startMs !== undefined && { startMs }),
    ...(endMs !== undefined && { endMs }),
    ...(typeof exitCode === "number" && { exitCode }),
    ...(diffs.length > 0 && {
      paths: meaning.paths.length > 0 ? meaning.paths : diffs.map(({ path }) => path),
      changes: sumOf(diffs),
      diff: diffs.map(({ patch }) => patch).join("\n"),
    }),
    ...(childSessionId !== undefined && { childSessionId }),
  };
}

/** A tool's arguments as the model wrote them; nothing where they are not an object yet. */
export function inputOf(value: unknown): Input {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
