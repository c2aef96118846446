import { z } from "zod";
import type { HostEvent, SessionInfo } from "../../models/host-event.ts";
import { type Context, type Meanings, meaning, NOTHING, status } from "./meaning.ts";
import { promptParts } from "./parts.ts";
import { dismissals } from "./request-events.ts";
import { MessageId, SessionId, WireError, WirePrompt } from "./wire.ts";

const Any = z.unknown();

function updated({ run }: Context, change: Partial<SessionInfo>): readonly HostEvent[] {
  if (!run.info) return NOTHING;
  run.info = { ...run.info, ...change };
  return [{ type: "session-updated", session: run.info }];
}

/** Nothing of it is undone any more, but what is gone. */
function redone({ run }: Context): readonly HostEvent[] {
  if (run.info?.undoneFrom === undefined) return NOTHING;
  const { undoneFrom: _, ...info } = run.info;
  run.info = info;
  return [{ type: "session-updated", session: info }];
}

/** The run is over: nothing of it is asked, or pending, any more. */
function over({ run, sessionId }: Context): readonly HostEvent[] {
  run.calls.clear();
  run.withdrawn.length = 0;
  run.hasChanged = false;
  if (!run.working) return NOTHING;
  run.working = false;
  return [status(sessionId, { kind: "idle" })];
}

/** Why a run was cut off, where that needs a word. OpenCode says "shutdown" also where a request was turned down without one. */
const REASONS: Readonly<Record<string, string>> = {
  inactivity: "OpenCode stopped it because nothing happened for too long",
};

/** Sessions, their prompts, and the beginning and end of their runs. */
export const RUN_EVENTS: Meanings = {
  "session.created": meaning(
    z.object({
      sessionID: SessionId,
      parentID: SessionId.optional(),
      title: z.string().default(""),
      location: z.object({ directory: z.string() }),
    }),
    (d, { run, atMs }) => {
      run.info = {
        id: d.sessionID,
        title: d.title,
        directory: d.location.directory,
        createdMs: atMs,
        updatedMs: atMs,
        ...(d.parentID !== undefined && { parentId: d.parentID }),
      };
      return [{ type: "session-created", session: run.info }];
    },
    { saysAll: true },
  ),
  /** A fork is a session of its own; OpenCode does not say that it was created. */
  "session.forked": meaning(Any, (_, { run }) =>
    run.info ? [{ type: "session-created", session: run.info }] : NOTHING,
  ),
  "session.renamed": meaning(z.object({ title: z.string() }), ({ title }, context) =>
    updated(context, { title, updatedMs: context.atMs }),
  ),
  "session.usage.updated": meaning(z.object({ cost: z.number() }), ({ cost }, context) =>
    updated(context, { costUsd: cost, updatedMs: context.atMs }),
  ),
  "session.model.selected": meaning(
    z.object({ model: z.object({ id: z.string() }) }),
    ({ model }, context) => updated(context, { model: model.id }),
  ),
  "session.revert.staged": meaning(
    z.object({ revert: z.object({ messageID: MessageId }) }),
    ({ revert }, context) => updated(context, { undoneFrom: revert.messageID }),
  ),
  "session.revert.cleared": meaning(Any, (_, context) => redone(context)),
  "session.revert.committed": meaning(z.object({ to: MessageId }), ({ to }, context) => [
    { type: "message-removed", sessionId: context.sessionId, messageId: to, andLater: true },
    ...redone(context),
  ]),
  "session.deleted": meaning(Any, (_, { sessionId }) => [{ type: "session-deleted", sessionId }], {
    saysAll: true,
  }),
  "session.inbox.enqueued": meaning(
    z.object({
      inboxID: MessageId,
      item: z.object({ type: z.literal("user"), payload: WirePrompt }),
    }),
    ({ inboxID, item }, { run, sessionId, atMs }) => {
      run.waiting.add(inboxID);
      return [
        { type: "user-message", sessionId, message: { id: inboxID, createdMs: atMs } },
        ...promptParts(inboxID, item.payload).map(
          (one): HostEvent => ({ type: "part", sessionId, part: one }),
        ),
      ];
    },
  ),
  /** The model gets it: that is the time which OpenCode stores with it. */
  "session.inbox.delivered": meaning(
    z.object({ inboxID: MessageId }),
    ({ inboxID }, { run, sessionId, atMs }) => {
      if (!run.waiting.delete(inboxID)) return NOTHING;
      run.asked = { id: inboxID, createdMs: atMs };
      return [{ type: "user-message", sessionId, message: run.asked }];
    },
  ),
  "session.inbox.cancelled": meaning(
    z.object({ inboxID: MessageId }),
    ({ inboxID }, { run, sessionId }) => {
      run.waiting.delete(inboxID);
      return [{ type: "prompt-dropped", sessionId, messageId: inboxID }];
    },
  ),
  "session.execution.succeeded": meaning(Any, (_, context) => over(context), { ends: true }),
  "session.execution.failed": meaning(
    z.object({ error: WireError }),
    ({ error }, context) => [
      { type: "failed", sessionId: context.sessionId, error },
      ...over(context),
    ],
    { ends: true },
  ),
  "session.execution.interrupted": meaning(
    z.object({ reason: z.string() }),
    ({ reason }, context) => {
      // Another run of the session has taken its place, and goes on.
      if (reason === "superseded") return NOTHING;
      const error = { kind: "aborted", message: REASONS[reason] ?? "" } as const;
      const dismissed = reason === "user" ? NOTHING : dismissals(context);
      return [
        ...dismissed,
        { type: "failed", sessionId: context.sessionId, error },
        ...over(context),
      ];
    },
    { ends: true },
  ),
};
