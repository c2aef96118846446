import { z } from "zod";
import type { HostEvent, PermissionRequest } from "../../models/host-event.ts";
import { answersOf, questionsOf, WireForm } from "./forms.ts";
import { type Context, type Meanings, meaning, NOTHING } from "./meaning.ts";
import type { SessionRun } from "./session-run.ts";
import { meaningOf } from "./tool-meanings.ts";
import { RequestId, WirePermission } from "./wire.ts";

/** A stop of the run withdraws what it asks; what is withdrawn without one was dismissed. */
export function dismissals({ run, sessionId }: Context): readonly HostEvent[] {
  const ids = run.withdrawn.splice(0);
  return ids.map((requestId) => ({ type: "question-rejected", sessionId, requestId }));
}

/** OpenCode takes a command apart for its rules: the request has the parts, the call the whole. */
function withCommand(request: PermissionRequest, { calls }: SessionRun): PermissionRequest {
  const call = request.call && calls.get(request.call.callId);
  const { kind, subject } = call ? meaningOf(call.name, call.input) : {};
  return kind === "shell" && subject !== undefined ? { ...request, command: subject } : request;
}

/** So long after the last event of a directory OpenCode unloads it, and interrupts what runs there. */
const LAPSES_AFTER_MS = 60 * 60_000;

const lapsing = <T>(request: T, atMs: number): T & { readonly lapsesMs: number } => ({
  ...request,
  lapsesMs: atMs + LAPSES_AFTER_MS,
});

/** Permissions, and forms, which are OpenCode 2's questions. */
export const REQUEST_EVENTS: Meanings = {
  "permission.asked": meaning(WirePermission, (request, { run, atMs }) => [
    { type: "permission-asked", request: lapsing(withCommand(request, run), atMs) },
  ]),
  "permission.replied": meaning(
    z.object({ requestID: RequestId, reply: z.enum(["once", "always", "reject"]) }),
    ({ requestID, reply }, { sessionId }) => [
      { type: "permission-replied", sessionId, requestId: requestID, reply },
    ],
  ),
  "form.created": meaning(z.object({ form: WireForm }), ({ form }, context) => {
    context.forms.set(form.id, form);
    const request = {
      ...lapsing(questionsOf(form), context.atMs),
      ...(!context.answersForms && { isAnsweredThere: true }),
    };
    return [{ type: "question-asked", request }];
  }),
  "form.replied": meaning(
    z.object({ id: RequestId, answer: z.record(z.string(), z.unknown()).catch({}) }),
    ({ id, answer }, { sessionId, forms }) => {
      const form = forms.get(id);
      forms.delete(id);
      const answers = form ? answersOf(form, answer) : [];
      return [{ type: "question-replied", sessionId, requestId: id, answers }];
    },
  ),
  "form.cancelled": meaning(z.object({ id: RequestId }), ({ id }, { run, forms }) => {
    forms.delete(id);
    run.withdrawn.push(id);
    return NOTHING;
  }),
};
