import type {
  AssistantMessage,
  HostEvent,
  HostFailure,
  Part,
  Todo,
  UserMessage,
} from "../models/host-event.ts";
import type { MessageId } from "../models/ids.ts";
import { isContext, withAdded } from "./added-context.ts";
import type { Horizon, ThreadState, Turn } from "./thread-state.ts";
import { addItemPart, appendDelta, promptPart } from "./turn-items.ts";
import { closed, outcomeOf, reopened } from "./turn-outcome.ts";

const isAfter = (message: { createdMs: number; id: string }, horizon: Horizon): boolean =>
  message.createdMs > horizon.createdMs ||
  (message.createdMs === horizon.createdMs && message.id > horizon.id);

const lastTurn = (state: ThreadState): Turn | undefined => state.turns.at(-1);

function changeTurn(
  state: ThreadState,
  matches: (turn: Turn) => boolean,
  change: (turn: Turn) => Turn,
): ThreadState {
  const index = state.turns.findLastIndex(matches);
  const turn = state.turns[index];
  if (!turn) return state;
  const next = change(turn);
  return next === turn ? state : { ...state, turns: state.turns.with(index, next) };
}

/** A new user message begins a turn; OpenCode sends known ones again when their sums change. */
export function addUserMessage(state: ThreadState, message: UserMessage): ThreadState {
  if (state.turns.some((turn) => turn.id === message.id)) {
    return changeTurn(
      state,
      (turn) => turn.id === message.id,
      (turn) => ({ ...turn, message: { ...turn.message, ...message } }),
    );
  }
  if (!isAfter(message, state.horizon)) return state;
  const postId = state.asked?.[message.id];
  const turn: Turn = {
    id: message.id,
    message,
    prompt: { text: "", files: [], ...(postId && { postId }) },
    items: [],
    replies: [],
    compaction: false,
    ...(state.run.kind !== "idle" && { midRun: true }),
  };
  return withAdded(state, turn, message.createdMs);
}

/**
 * An assistant message belongs to the turn of its parent; older turns are over once a newer one is answered. One that is learned of
 * late has its place among the others, and changes nothing of how the turn goes on.
 */
export function addReply(state: ThreadState, message: AssistantMessage): ThreadState {
  const turn = state.turns.find((t) => t.id === message.parentId);
  if (!turn) return state;
  const isBefore = (r: AssistantMessage): boolean => r.createdMs > message.createdMs;
  const known = turn.replies.some((r) => r.id === message.id || isBefore(r));
  const replies = withReply(turn.replies, message);
  const base = known ? turn : reopened(turn);
  const answered = withOutcome({ ...base, replies });
  const turns = state.turns.map((t) => {
    if (t === turn) return answered;
    const overtaken = !known && t.endedMs === undefined && isAfter(turn.message, horizonOf(t));
    return overtaken ? closed(t, message.createdMs, "overtaken") : t;
  });
  const contextTokens = message.contextTokens || state.contextTokens;
  return { ...state, turns, contextTokens };
}

function withReply(
  replies: readonly AssistantMessage[],
  message: AssistantMessage,
): readonly AssistantMessage[] {
  const at = replies.findIndex((r) => r.id === message.id);
  if (at >= 0) return replies.with(at, message);
  return replies.toSpliced(
    replies.findLastIndex((r) => r.createdMs <= message.createdMs) + 1,
    0,
    message,
  );
}

const horizonOf = (turn: Turn): Horizon => ({ createdMs: turn.message.createdMs, id: turn.id });

/** A late error or completion changes how an ended turn is told. */
function withOutcome(turn: Turn): Turn {
  return turn.endedMs === undefined
    ? turn
    : { ...turn, outcome: outcomeOf(turn, turn.outcome?.kind === "continued") };
}

export function addPart(state: ThreadState, part: Part): ThreadState {
  const asked = state.turns.some((turn) => turn.id === part.messageId);
  if (asked)
    return changeTurn(
      state,
      (t) => t.id === part.messageId,
      (t) => promptPart(t, part),
    );
  return changeTurn(
    state,
    (turn) => turn.replies.some((r) => r.id === part.messageId),
    (turn) => addItemPart(turn, part),
  );
}

export function addDelta(
  state: ThreadState,
  delta: Extract<HostEvent, { readonly type: "text-delta" }>,
): ThreadState {
  return changeTurn(
    state,
    (turn) => turn.replies.some((r) => r.id === delta.messageId),
    (turn) => appendDelta(turn, delta),
  );
}

export function setTodos(state: ThreadState, todos: readonly Todo[]): ThreadState {
  const current = lastTurn(state);
  return changeTurn(
    state,
    (turn) => turn === current,
    (turn) => ({ ...turn, todos }),
  );
}

export function compacted(state: ThreadState): ThreadState {
  const current = lastTurn(state);
  return changeTurn(
    state,
    (turn) => turn === current && !turn.compaction,
    (turn) => {
      const messageId = turn.replies.at(-1)?.id ?? turn.id;
      const isTold = turn.items.some((i) => i.kind === "compacted" && i.messageId === messageId);
      if (isTold) return turn;
      const key = `compacted-${turn.items.length}`;
      return { ...turn, items: [...turn.items, { kind: "compacted", messageId, key }] };
    },
  );
}

/**
 * OpenCode reports a failure of the run: it concerns every turn that is still open, or else the newest one where that was
 * thought over without an answer.
 */
export function failTurns(state: ThreadState, failure: HostFailure, now: number): ThreadState {
  if (state.turns.every((turn) => turn.endedMs !== undefined)) return failLast(state, failure);
  const turns = state.turns.map((turn) => {
    if (turn.endedMs !== undefined) return turn;
    const failed = { ...turn, failure };
    return state.run.kind === "idle" ? closed(failed, now, "idle") : failed;
  });
  return { ...state, turns };
}

function failLast(state: ThreadState, failure: HostFailure): ThreadState {
  const last = lastTurn(state);
  return changeTurn(
    state,
    (turn) => turn === last && turn.endedMs !== undefined && !turn.failure && !isAnswered(turn),
    (turn) => withOutcome({ ...turn, failure }),
  );
}

/** The session is over: what runs now was interrupted. */
export function interruptTurns(state: ThreadState, now: number): ThreadState {
  const failure: HostFailure = { kind: "aborted", message: "" };
  const turns = state.turns.map((turn) => {
    if (turn.endedMs !== undefined) return turn;
    return closed(isAnswered(turn) ? turn : { failure, ...turn }, now, "idle");
  });
  return { ...state, run: { kind: "idle" }, turns };
}

export const isAnswered = (turn: Turn): boolean => {
  const last = turn.replies.at(-1);
  return last?.finished === true && !last.continues;
};

/** Idle ends what has been answered or has failed. A prompt that came just before the idle stays open. */
export function closeOnIdle(state: ThreadState, now: number): ThreadState {
  if (state.turns.every((turn) => turn.endedMs !== undefined)) return state;
  const turns = state.turns.map((turn) => {
    const begun = turn.replies.length > 0 || turn.failure !== undefined;
    return turn.endedMs === undefined && begun ? closed(turn, now, "idle") : turn;
  });
  return { ...state, turns };
}

/** Drops ended turns and moves the horizon, so that a late event cannot bring them back. */
export function forgetTurns(state: ThreadState, ids: readonly MessageId[]): ThreadState {
  const gone = state.turns.filter((turn) => turn.endedMs !== undefined && ids.includes(turn.id));
  if (gone.length === 0) return state;
  const horizon = gone.reduce<Horizon>(
    (far, turn) => (isAfter(turn.message, far) ? horizonOf(turn) : far),
    state.horizon,
  );
  return { ...state, horizon, turns: state.turns.filter((turn) => !gone.includes(turn)) };
}

/**
 * A prompt that came while a run was winding up may be stored and forgotten: it is told, not left silent. What nobody asked an answer
 * to waits for the next prompt.
 */
export const notRun = (state: ThreadState, id: MessageId, now: number): ThreadState =>
  changeTurn(
    state,
    (turn) => turn.id === id && turn.replies.length === 0 && turn.endedMs === undefined,
    (turn) => {
      if (isContext(turn, state)) return { ...turn, endedMs: now, outcome: { kind: "context" } };
      return closed({ ...turn, failure: { kind: "aborted", message: "" } }, now, "idle");
    },
  );
