import type { PermissionReply, PermissionRequest, QuestionRequest } from "../models/host-event.ts";
import type { RequestId } from "../models/ids.ts";
import { inputInTurns, joined } from "./call-input.ts";
import type { PendingQuestion, Permission, ThreadState } from "./thread-state.ts";

/** Each is known once, by its own id or as one of those that another stands for. One that was called gone may be asked again. */
export function permissionAsked(before: ThreadState, request: PermissionRequest): ThreadState {
  const state = withoutGone(before, request.id);
  const isKnown = state.permissions.some(
    (p) => p.request.id === request.id || p.pending.includes(request.id),
  );
  if (isKnown) return state;
  const input = inputInTurns(state, request);
  return joined(state, { request, pending: [request.id], ...(input && { input }) });
}

export function permissionReplied(
  state: ThreadState,
  requestId: RequestId,
  answer: PermissionReply | "gone",
  atMs: number,
): ThreadState {
  const entry = state.permissions.find((p) => p.pending.includes(requestId));
  if (!entry) return state;
  const pending = entry.pending.filter((id) => id !== requestId);
  const next: Permission =
    pending.length > 0
      ? { ...entry, pending }
      : { ...entry, pending, decision: { answer, atMs, ...decider(state, entry, answer) } };
  return { ...state, permissions: state.permissions.map((p) => (p === entry ? next : p)) };
}

/**
 * Whose answer it is: in Mattermost somebody may answer while another one is given in the terminal, and "always" or a denial
 * settles other requests of the session too.
 */
function decider(
  { permissions }: ThreadState,
  entry: Permission,
  answer: PermissionReply | "gone",
): { readonly by?: string } {
  const own = entry.answering;
  const wider = permissions.find(
    (p) => p.request.sessionId === entry.request.sessionId && p.answering?.reply === answer,
  );
  const isOwn = own !== undefined && (own.reply ?? answer) === answer;
  const by = isOwn ? own.by : answer === "once" ? undefined : wider?.answering?.by;
  return by === undefined ? {} : { by };
}

export function questionAsked(before: ThreadState, request: QuestionRequest): ThreadState {
  const state = withoutGone(before, request.id);
  if (state.questions.some((q) => q.request.id === request.id)) return state;
  return { ...state, questions: [...state.questions, { request }] };
}

export function questionDecided(
  state: ThreadState,
  requestId: RequestId,
  answer: readonly (readonly string[])[] | "dismissed" | "gone",
  atMs: number,
): ThreadState {
  return changeQuestion(state, requestId, (q) =>
    q.decision ? q : { ...q, decision: { answer, atMs, ...q.answering } },
  );
}

function changeQuestion(
  state: ThreadState,
  requestId: RequestId,
  change: (question: PendingQuestion) => PendingQuestion,
): ThreadState {
  const entry = state.questions.find((q) => q.request.id === requestId);
  const next = entry && change(entry);
  if (!entry || next === entry) return state;
  return { ...state, questions: state.questions.map((q) => (q === entry ? (next ?? q) : q)) };
}

/** Several options may be marked at once; the order of marking does not matter. */
export function optionMarked(
  state: ThreadState,
  {
    requestId,
    index,
    on,
  }: { readonly requestId: RequestId; readonly index: number; readonly on: boolean },
): ThreadState {
  return changeQuestion(state, requestId, (q) => {
    if (q.decision) return q;
    const others = (q.chosen ?? []).filter((known) => known !== index);
    return { ...q, chosen: on ? [...others, index].sort((a, b) => a - b) : others };
  });
}

export function answerNoted(
  state: ThreadState,
  requestId: RequestId,
  answer: readonly string[],
): ThreadState {
  return changeQuestion(state, requestId, (question) => {
    const { chosen: _, ...q } = question;
    if (q.decision) return question;
    return { ...q, answersSoFar: [...(q.answersSoFar ?? []), answer] };
  });
}

/** Notes who is answering, so that the decision can name them when OpenCode confirms it. */
export function answering(
  state: ThreadState,
  {
    requestId,
    by,
    reply,
  }: {
    readonly requestId: RequestId;
    readonly by?: string;
    readonly reply?: PermissionReply;
  },
): ThreadState {
  const isKnown =
    state.permissions.some((p) => p.pending.includes(requestId)) ||
    state.questions.some((q) => q.request.id === requestId);
  if (!isKnown) return state;
  const who = by === undefined ? {} : { answering: { by, ...(reply && { reply }) } };
  return {
    ...state,
    permissions: state.permissions.map((entry) => {
      const { answering: _, ...p } = entry;
      return p.pending.includes(requestId) ? { ...p, ...who } : entry;
    }),
    questions: state.questions.map((entry) => {
      const { answering: _, ...q } = entry;
      return q.request.id === requestId ? { ...q, ...who } : entry;
    }),
  };
}

/** OpenCode does not have the request any more: nothing waits for an answer. */
export const requestGone = (state: ThreadState, id: RequestId, atMs: number): ThreadState =>
  questionDecided(permissionReplied(state, id, "gone", atMs), id, "gone", atMs);

function withoutGone(state: ThreadState, id: RequestId): ThreadState {
  const isGone = (r: Permission | PendingQuestion): boolean =>
    r.request.id === id && r.decision?.answer === "gone";
  const isOne = state.permissions.some(isGone) || state.questions.some(isGone);
  return isOne ? forgetRequests(state, [id]) : state;
}

export function forgetRequests(state: ThreadState, ids: readonly RequestId[]): ThreadState {
  const permissions = state.permissions.filter((p) => !p.decision || !ids.includes(p.request.id));
  const questions = state.questions.filter((q) => !q.decision || !ids.includes(q.request.id));
  const forgotten =
    permissions.length < state.permissions.length || questions.length < state.questions.length;
  return forgotten ? { ...state, permissions, questions } : state;
}
