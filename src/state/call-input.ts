import type { CallRef, PermissionRequest, ToolCall } from "../models/host-event.ts";
import type { MessageId, RequestId, SessionId } from "../models/ids.ts";
import type { CallInput, Permission, ThreadState } from "./thread-state.ts";

/** Whether it is not known yet what the call that asks was given. Until then nothing is shown of the request. */
export const isLookedUp = ({ request, input, decision }: Permission): boolean =>
  decision === undefined && request.call !== undefined && input === undefined;

/** The input of the call that a request names, where the turns hold it. */
export function inputInTurns(state: ThreadState, request: PermissionRequest) {
  const { call, sessionId } = request;
  if (call === undefined || sessionId !== state.session.id) return undefined;
  const items = state.turns.flatMap((turn) => turn.items);
  const [found, ...more] = items.flatMap((item) =>
    item.kind === "tool" && item.messageId === call.messageId && item.call.id === call.callId
      ? item.call
      : [],
  );
  return found && more.length === 0 ? inputOf(found) : undefined;
}

/** A call as it is now, in an event or read from OpenCode: what asks for it is shown with its input. */
export function callSeen(
  state: ThreadState,
  sessionId: SessionId,
  messageId: MessageId,
  call: ToolCall,
): ThreadState {
  const input = inputOf(call);
  const asking = state.permissions.filter(
    ({ request, decision }) =>
      decision === undefined &&
      request.sessionId === sessionId &&
      isSame(request.call, { messageId, callId: call.id }),
  );
  return input ? asking.reduce((next, entry) => withInput(next, entry, input), state) : state;
}

const isSame = (a: CallRef | undefined, b: CallRef): boolean =>
  a?.messageId === b.messageId && a.callId === b.callId;

/** While a call is pending its input is still being written. */
function inputOf({ state, kind, args }: ToolCall): CallInput | undefined {
  if (state === "pending") return undefined;
  return args === undefined ? "unknown" : { args, isEdit: kind === "edit" };
}

/** What is known from the first may join an equal request. What comes after the post was made completes it. */
function withInput(state: ThreadState, entry: Permission, input: CallInput): ThreadState {
  if (entry.input === undefined) return joined(state, { ...entry, input });
  if (input === "unknown" || isEqual(entry.input, input)) return state;
  return replaced(state, { ...entry, input: { ...input, isLate: true } });
}

/** Nothing has said in time what the call was given. */
export function inputUnknown(state: ThreadState, requestId: RequestId): ThreadState {
  const entry = state.permissions.find(({ request }) => request.id === requestId);
  return entry && isLookedUp(entry) ? replaced(state, { ...entry, input: "unknown" }) : state;
}

function replaced(state: ThreadState, entry: Permission): ThreadState {
  const { permissions } = state;
  const index = permissions.findIndex(({ request }) => request.id === entry.request.id);
  return {
    ...state,
    permissions: index < 0 ? [...permissions, entry] : permissions.with(index, entry),
  };
}

/**
 * Adds a request, or puts it in its place. One that is equal to one that is pending, in all that is shown of it, joins that: one
 * post, one answer for both. Where the input of a call is not known nothing is equal to it.
 */
export function joined(state: ThreadState, entry: Permission): ThreadState {
  const { id } = entry.request;
  const equal = state.permissions.find(
    (other) =>
      other.pending.length > 0 && other.request.id !== id && isSamePermission(other, entry),
  );
  if (!equal) return replaced(state, entry);
  const both = { ...equal, pending: [...equal.pending, id] };
  return {
    ...state,
    permissions: state.permissions
      .filter(({ request }) => request.id !== id)
      .map((other) => (other === equal ? both : other)),
  };
}

function isSamePermission(a: Permission, b: Permission): boolean {
  return (
    a.input !== undefined &&
    b.input !== undefined &&
    isEqual(a.input, b.input) &&
    JSON.stringify(shownOf(a.request)) === JSON.stringify(shownOf(b.request))
  );
}

function isEqual(a: CallInput, b: CallInput): boolean {
  if (a === "unknown" || b === "unknown") return false;
  return JSON.stringify([a.args, a.isEdit]) === JSON.stringify([b.args, b.isEdit]);
}

function shownOf(request: PermissionRequest): readonly unknown[] {
  const { sessionId, permission, patterns, always, command, path, diff, details } = request;
  return [sessionId, permission, patterns, always, command, path, diff, details];
}
