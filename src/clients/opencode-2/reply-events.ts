import { z } from "zod";
import { cutShortBy } from "../../models/cut-short.ts";
import type { HostEvent } from "../../models/host-event.ts";
import { asSessionId, type MessageId as Message } from "../../models/ids.ts";
import { type Context, type Meanings, meaning, NOTHING, part, status } from "./meaning.ts";
import { inputOf, textKey, thoughtKey } from "./parts.ts";
import { dismissals } from "./request-events.ts";
import { noteCall, noteReply } from "./session-run.ts";
import { CallId, contextOf, MessageId, Tokens, WireContent, WireError } from "./wire.ts";

const Reply = z.object({ assistantMessageID: MessageId });
const Numbered = Reply.extend({ ordinal: z.number().int() });
const Call = Reply.extend({ id: CallId });

/** A step begins, or a run goes on that began in an earlier life of OpenCode. */
function working(context: Context): readonly HostEvent[] {
  context.run.working = true;
  return [...dismissals(context), status(context.sessionId, { kind: "busy" })];
}

function text(
  context: Context,
  data: { assistantMessageID: Message; ordinal: number },
  whole?: string,
) {
  const { assistantMessageID: messageId, ordinal } = data;
  const key = textKey(ordinal);
  const shown = { text: whole ?? "", done: whole !== undefined, synthetic: false };
  return part(context, { kind: "text", key, messageId, ...shown });
}

function thought(
  context: Context,
  data: { assistantMessageID: Message; ordinal: number },
  whole?: string,
) {
  const { assistantMessageID: messageId, ordinal } = data;
  const { atMs, run } = context;
  const key = thoughtKey(ordinal);
  const startMs = whole === undefined ? atMs : (run.thoughtSinceMs ?? atMs);
  run.thoughtSinceMs = startMs;
  const end = whole === undefined ? {} : { endMs: atMs };
  return part(context, { kind: "reasoning", key, messageId, text: whole ?? "", startMs, ...end });
}

const delta = (key: (ordinal: number) => string) =>
  meaning(Numbered.extend({ delta: z.string() }), (d, { sessionId }) => [
    {
      type: "text-delta",
      sessionId,
      messageId: d.assistantMessageID,
      partKey: key(d.ordinal),
      delta: d.delta,
    },
  ]);

/** What the model writes and does, step by step. */
export const REPLY_EVENTS: Meanings = {
  "session.step.started": meaning(
    Reply.extend({ model: z.object({ id: z.string() }), started: z.number().optional() }),
    (d, context) => {
      const { run, sessionId, atMs } = context;
      const { assistantMessageID: id } = d;
      if (run.asked === undefined) return NOTHING;
      const reply = noteReply(run, {
        id,
        parentId: run.asked.id,
        // A step that failed is tried again under its own id.
        createdMs: run.replies.get(id)?.createdMs ?? d.started ?? atMs,
        continues: false,
        finished: false,
        isSummary: false,
        model: d.model.id,
        costUsd: 0,
        contextTokens: 0,
      });
      const message: HostEvent = { type: "assistant-message", sessionId, message: reply };
      return [...working(context), message];
    },
    { answers: true },
  ),
  "session.step.ended": meaning(
    Reply.extend({
      finish: z.string(),
      cost: z.number().catch(0).default(0),
      tokens: Tokens.optional().catch(undefined),
      files: z.array(z.unknown()).catch([]).default([]),
    }),
    (d, { run, sessionId, atMs }) => {
      if (d.files.length > 0) run.hasChanged = true;
      const reply = run.replies.get(d.assistantMessageID);
      if (!reply) return NOTHING;
      const cutShort = cutShortBy(d.finish);
      const message = noteReply(run, {
        ...reply,
        completedMs: atMs,
        continues: d.finish === "tool-calls",
        finished: true,
        ...(cutShort && { cutShort }),
        costUsd: d.cost,
        contextTokens: d.tokens ? contextOf(d.tokens) : 0,
      });
      return [{ type: "assistant-message", sessionId, message }];
    },
  ),
  "session.retry.scheduled": meaning(
    z.object({ attempt: z.number(), at: z.number(), error: WireError }),
    (d, { sessionId }) => [
      status(sessionId, {
        kind: "retry",
        attempt: d.attempt,
        message: d.error.message,
        nextMs: d.at,
      }),
    ],
  ),
  "session.text.started": meaning(Numbered, (d, context) => text(context, d)),
  "session.text.delta": delta(textKey),
  "session.text.ended": meaning(Numbered.extend({ text: z.string() }), (d, context) =>
    text(context, d, d.text),
  ),
  "session.reasoning.started": meaning(Numbered, (d, context) => thought(context, d)),
  "session.reasoning.delta": delta(thoughtKey),
  "session.reasoning.ended": meaning(Numbered.extend({ text: z.string() }), (d, context) =>
    thought(context, d, d.text),
  ),
  "session.tool.input.started": meaning(Call.extend({ name: z.string() }), (d, context) =>
    part(context, noteCall(context.run, d.assistantMessageID, { id: d.id, name: d.name })),
  ),
  "session.tool.called": meaning(Call.extend({ input: z.unknown() }), (d, context) =>
    part(
      context,
      noteCall(context.run, d.assistantMessageID, {
        id: d.id,
        state: "running",
        input: inputOf(d.input),
        startMs: context.atMs,
      }),
    ),
  ),
  "session.tool.progress": meaning(
    Call.extend({ metadata: z.record(z.string(), z.unknown()).catch({}) }),
    (d, context) => {
      const { sessionID: child, shellID: shellId } = d.metadata;
      const known = {
        ...(typeof child === "string" && { childSessionId: asSessionId(child) }),
        ...(typeof shellId === "string" && { shellId }),
      };
      const note = { id: d.id, state: "running", ...known } as const;
      return part(context, noteCall(context.run, d.assistantMessageID, note));
    },
  ),
  "session.tool.success": meaning(
    Call.extend({
      content: WireContent.catch([]),
      metadata: z.record(z.string(), z.unknown()).optional().catch(undefined),
    }),
    (d, context) =>
      part(
        context,
        noteCall(context.run, d.assistantMessageID, {
          id: d.id,
          state: "completed",
          output: d.content.join(""),
          endMs: context.atMs,
          ...(d.metadata && { metadata: d.metadata }),
        }),
      ),
  ),
  "session.tool.failed": meaning(
    Call.extend({ error: WireError, content: WireContent.optional().catch(undefined) }),
    (d, context) =>
      part(
        context,
        noteCall(context.run, d.assistantMessageID, {
          id: d.id,
          state: "error",
          error: d.error.message,
          endMs: context.atMs,
          ...(d.content && { output: d.content.join("") }),
        }),
      ),
  ),
};
