import { z } from "zod";
import { argumentsOf } from "../../models/arguments.ts";
import type { Part, StoredMessage, ToolCall } from "../../models/host-event.ts";
import { asCallId, asMessageId, asPostId, asSessionId } from "../../models/ids.ts";
import { meaningOf } from "./opencode-tools.ts";
import { defined, lenient, sumOf, WireMessage } from "./opencode-wire.ts";

const Time = z.object({ start: lenient(z.number()), end: lenient(z.number()) });
const Changes = z.object({ additions: z.number(), deletions: z.number() });

const ToolMetadata = z.object({
  output: lenient(z.string()),
  /** `null`: it was ended before it had ended by itself. */
  exit: lenient(z.number().nullable()),
  diff: lenient(z.string()),
  filediff: lenient(Changes),
  files: lenient(z.array(Changes)),
  sessionId: lenient(z.string()),
});

const WireTool = z.object({
  type: z.literal("tool"),
  tool: z.string(),
  callID: z.string(),
  state: z.object({
    status: z.enum(["pending", "running", "completed", "error"]),
    input: z.record(z.string(), z.unknown()).catch({}),
    title: lenient(z.string()),
    output: lenient(z.string()),
    error: lenient(z.string()),
    time: lenient(Time),
    metadata: lenient(ToolMetadata),
  }),
});

const MAX_NOTE_CHARS = 500;

/** OpenCode says it to the model, below what the process has printed. */
const cutBy = (output: string): NonNullable<ToolCall["cut"]> =>
  /exceeding timeout \d+ ms/.test(output.slice(-MAX_NOTE_CHARS)) ? "time-limit" : "stopped";

function toolCall({ tool, callID, state }: z.infer<typeof WireTool>): ToolCall {
  const { metadata, time } = state;
  const diffs = metadata?.filediff ? [metadata.filediff] : metadata?.files;
  return {
    id: asCallId(callID),
    tool,
    ...meaningOf(tool, state.input),
    state: state.status,
    output: state.output ?? metadata?.output ?? "",
    ...defined({
      args: argumentsOf(state.input),
      title: state.title,
      error: state.error,
      startMs: time?.start,
      endMs: time?.end,
      exitCode: metadata?.exit ?? undefined,
      cut: metadata?.exit === null ? cutBy(state.output ?? "") : undefined,
      diff: metadata?.diff,
      changes: diffs && sumOf(diffs),
      childSessionId:
        metadata?.sessionId === undefined ? undefined : asSessionId(metadata.sessionId),
    }),
  };
}

/** What this plugin writes beside a text. */
const OurMark = z.object({
  postId: lenient(z.string()),
  origin: lenient(z.enum(["new", "voice", "again", "run", "plugin"])),
});

/** OpenCode's own words in the prompt of a command that a person gave to the session's shell. */
const BY_HAND = "The following tool was executed by the user";

const PartBase = z.object({ id: z.string(), messageID: z.string() });

const WirePart = z.intersection(
  PartBase,
  z.discriminatedUnion("type", [
    z.object({
      type: z.literal("text"),
      text: z.string(),
      synthetic: lenient(z.boolean()),
      ignored: lenient(z.boolean()),
      time: lenient(Time),
      metadata: lenient(z.object({ mattermost: lenient(OurMark) })),
    }),
    z.object({ type: z.literal("reasoning"), text: z.string(), time: lenient(Time) }),
    WireTool,
    z.object({
      type: z.literal("file"),
      filename: lenient(z.string()),
      mime: z.string().catch(""),
    }),
    z.object({ type: z.literal("compaction") }),
    z.object({
      type: z.literal("subtask"),
      prompt: z.string().catch(""),
      description: z.string().catch(""),
      command: lenient(z.string()),
    }),
  ]),
);

/** `undefined` for the parts that nothing is shown of (steps, snapshots, patches, and what is not known yet). */
export function parsePart(raw: unknown): Part | undefined {
  const parsed = WirePart.safeParse(raw);
  if (!parsed.success) return undefined;
  const part = parsed.data;
  const base = { key: part.id, messageId: asMessageId(part.messageID) };
  switch (part.type) {
    case "text": {
      if (part.synthetic && part.text === BY_HAND) return { ...base, kind: "by-hand" };
      const { postId, origin } = part.metadata?.mattermost ?? {};
      const flags = {
        done: part.time?.end !== undefined,
        synthetic: (part.synthetic ?? false) || (part.ignored ?? false),
      };
      const post = defined({
        postId: postId === undefined ? undefined : asPostId(postId),
        origin,
      });
      return { ...base, kind: "text", text: part.text, ...flags, ...post };
    }
    case "reasoning": {
      const end = defined({ endMs: part.time?.end });
      return {
        ...base,
        kind: "reasoning",
        text: part.text,
        startMs: part.time?.start ?? 0,
        ...end,
      };
    }
    case "tool":
      return { ...base, kind: "tool", call: toolCall(part) };
    case "file":
      return { ...base, kind: "file", name: part.filename ?? "file", mime: part.mime };
    case "subtask":
      return { ...base, kind: "text", text: taskText(part), done: true, synthetic: false };
    case "compaction":
      return { ...base, kind: "compaction" };
  }
}

/** A command that is given to a sub-agent, in place of what was typed. */
function taskText(task: {
  readonly command?: string | undefined;
  readonly description: string;
  readonly prompt: string;
}): string {
  const command = task.command ? `/${task.command}` : "";
  const words = [command, task.description].filter(Boolean).join(" · ");
  return words || task.prompt;
}

export function parseStoredMessage(raw: unknown): StoredMessage | undefined {
  const parsed = z.object({ info: WireMessage, parts: z.array(z.unknown()) }).safeParse(raw);
  if (!parsed.success) return undefined;
  const parts = parsed.data.parts.flatMap((part) => parsePart(part) ?? []);
  const { info } = parsed.data;
  return info.role === "user" ? { ...info, parts } : { ...info, parts };
}
