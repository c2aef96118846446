import { z } from "zod";
import type { HostEvent } from "../../models/host-event.ts";
import { asMessageId, asRequestId, asSessionId } from "../../models/ids.ts";
import { parsePart } from "./opencode-parts.ts";
import {
  WireMessage,
  WirePermission,
  WireQuestion,
  WireSession,
  WireSessionError,
  WireStatus,
  WireTodos,
} from "./opencode-wire.ts";

type Translate = (properties: unknown) => HostEvent | undefined;

const SessionOf = z.object({ sessionID: z.string().transform(asSessionId) });

const translate =
  <T>(schema: z.ZodType<T>, make: (value: T, raw: object) => HostEvent | undefined): Translate =>
  (properties) => {
    const parsed = schema.safeParse(properties);
    return parsed.success ? make(parsed.data, Object(properties)) : undefined;
  };

/** OpenCode's event names (1.18), and what each becomes. */
const EVENTS: Readonly<Record<string, Translate>> = {
  "session.created": translate(z.object({ info: WireSession }), ({ info }) => ({
    type: "session-created",
    session: info,
  })),
  "session.updated": translate(z.object({ info: WireSession }), ({ info }) => ({
    type: "session-updated",
    session: info,
  })),
  "session.deleted": translate(z.object({ info: WireSession }), ({ info }) => ({
    type: "session-deleted",
    sessionId: info.id,
  })),
  "session.status": translate(SessionOf.extend({ status: WireStatus }), (p) => ({
    type: "status",
    sessionId: p.sessionID,
    status: p.status,
  })),
  "session.idle": translate(SessionOf, (p) => ({
    type: "status",
    sessionId: p.sessionID,
    status: { kind: "idle" },
  })),
  "session.error": translate(
    SessionOf.extend({ error: WireSessionError }),
    ({ sessionID, error }) => {
      const { refuses, ...failure } = error;
      if (!refuses) return { type: "failed", sessionId: sessionID, error: failure };
      const reason = failure.message === "" ? {} : { reason: failure.message };
      return { type: "prompt-refused", sessionId: sessionID, ...reason };
    },
  ),
  "session.compacted": translate(SessionOf, (p) => ({ type: "compacted", sessionId: p.sessionID })),
  "message.updated": translate(
    z.object({ info: SessionOf }),
    ({ info: { sessionID: sessionId } }, raw) => {
      const { data } = WireMessage.safeParse(Reflect.get(raw, "info"));
      if (!data) return undefined;
      return data.role === "user"
        ? { type: "user-message", sessionId, message: data.message }
        : { type: "assistant-message", sessionId, message: data.message };
    },
  ),
  "message.removed": translate(SessionOf.extend({ messageID: z.string() }), (p) => ({
    type: "message-removed",
    sessionId: p.sessionID,
    messageId: asMessageId(p.messageID),
  })),
  "message.part.updated": translate(
    z.object({ part: SessionOf }),
    ({ part: { sessionID: sessionId } }, raw) => {
      const part = parsePart(Reflect.get(raw, "part"));
      return part && { type: "part", sessionId, part };
    },
  ),
  "message.part.delta": translate(
    SessionOf.extend({
      messageID: z.string(),
      partID: z.string(),
      field: z.literal("text"),
      delta: z.string(),
    }),
    (p) => ({
      type: "text-delta",
      sessionId: p.sessionID,
      messageId: asMessageId(p.messageID),
      partKey: p.partID,
      delta: p.delta,
    }),
  ),
  "todo.updated": translate(SessionOf.extend({ todos: WireTodos }), (p) => ({
    type: "todos",
    sessionId: p.sessionID,
    todos: p.todos,
  })),
  "permission.asked": translate(WirePermission, (request) => ({
    type: "permission-asked",
    request,
  })),
  "permission.replied": translate(
    SessionOf.extend({ requestID: z.string(), reply: z.enum(["once", "always", "reject"]) }),
    (p) => ({
      type: "permission-replied",
      sessionId: p.sessionID,
      requestId: asRequestId(p.requestID),
      reply: p.reply,
    }),
  ),
  "question.asked": translate(WireQuestion, (request) => ({ type: "question-asked", request })),
  "question.replied": translate(
    SessionOf.extend({ requestID: z.string(), answers: z.array(z.array(z.string())) }),
    (p) => ({
      type: "question-replied",
      sessionId: p.sessionID,
      requestId: asRequestId(p.requestID),
      answers: p.answers,
    }),
  ),
  "question.rejected": translate(SessionOf.extend({ requestID: z.string() }), (p) => ({
    type: "question-rejected",
    sessionId: p.sessionID,
    requestId: asRequestId(p.requestID),
  })),
};

/** What tells an event from every other one: a second load of the plugin may be given the same. */
export function eventKey(raw: unknown): unknown {
  const { id } = Object(raw);
  return typeof id === "string" ? id : raw;
}

/**
 * One event of OpenCode's `event` hook. `undefined` for what nothing here depends on: unknown names, known names in a
 * shape not known here, and parts that are not shown. Never throws.
 */
export function parseHostEvent(raw: unknown): HostEvent | undefined {
  const { type, properties } = Object(raw);
  const known = typeof type === "string" && Object.hasOwn(EVENTS, type) ? EVENTS[type] : undefined;
  return known?.(properties);
}
