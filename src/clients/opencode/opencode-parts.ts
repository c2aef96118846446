import { z } from "zod";
import { argumentsOf } from "../../models/arguments.ts";
import type { Part, StoredMessage, ToolCall } from "../../models/host-event.ts";
import { asCallId, asMessageId, asPostId, asSessionId } from "../../models/ids.ts";
import { meaningOf } from "./opencode-tools.ts";
import { defined, sumOf, WireMessage } from "./opencode-wire.ts";

const Time = z.object({ start: z.number(), end: z.number() }).partial();

const ToolMetadata = z
  .object({
    output: z.string(),
    exit: z.number(),
    diff: z.string(),
    filediff: z.object({ additions: z.number(), deletions: z.number() }),
    files: z.array(z.object({ additions: z.number(), deletions: z.number() })),
    sessionId: z.string(),
  })
  .partial();

const WireTool = z.object({
  type: z.literal("tool"),
  tool: z.string(),
  callID: z.string(),
  state: z.object({
    status: z.enum(["pending", "running", "completed", "error"]),
    input: z.record(z.string(), z.unknown()).catch({}),
    title: z.string().optional(),
    output: z.string().optional(),
    error: z.string().optional(),
    time: Time.optional(),
    metadata: ToolMetadata.optional().catch(undefined),
  }),
});

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
      exitCode: metadata?.exit,
      diff: metadata?.diff,
      changes: diffs && sumOf(diffs),
      childSessionId:
        metadata?.sessionId === undefined ? undefined : asSessionId(metadata.sessionId),
    }),
  };
}

const PartBase = z.object({ id: z.string(), messageID: z.string() });

const WirePart = z.intersection(
  PartBase,
  z.discriminatedUnion("type", [
    z.object({
      type: z.literal("text"),
      text: z.string(),
      synthetic: z.boolean().optional(),
      ignored: z.boolean().optional(),
      time: Time.optional(),
      metadata: z
        .object({ mattermost: z.object({ postId: z.string() }).optional() })
        .optional()
        .catch(undefined),
    }),
    z.object({ type: z.literal("reasoning"), text: z.string(), time: Time }),
    WireTool,
    z.object({ type: z.literal("file"), filename: z.string().optional(), mime: z.string() }),
    z.object({ type: z.literal("compaction") }),
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
      const postId = part.metadata?.mattermost?.postId;
      const flags = {
        done: part.time?.end !== undefined,
        synthetic: (part.synthetic ?? false) || (part.ignored ?? false),
      };
      const post = defined({ postId: postId === undefined ? undefined : asPostId(postId) });
      return { ...base, kind: "text", text: part.text, ...flags, ...post };
    }
    case "reasoning": {
      const end = defined({ endMs: part.time.end });
      return { ...base, kind: "reasoning", text: part.text, startMs: part.time.start ?? 0, ...end };
    }
    case "tool":
      return { ...base, kind: "tool", call: toolCall(part) };
    case "file":
      return { ...base, kind: "file", name: part.filename ?? "file", mime: part.mime };
    case "compaction":
      return { ...base, kind: "compaction" };
  }
}

export function parseStoredMessage(raw: unknown): StoredMessage | undefined {
  const parsed = z.object({ info: WireMessage, parts: z.array(z.unknown()) }).safeParse(raw);
  if (!parsed.success) return undefined;
  const parts = parsed.data.parts.flatMap((part) => parsePart(part) ?? []);
  const { info } = parsed.data;
  return info.role === "user" ? { ...info, parts } : { ...info, parts };
}
