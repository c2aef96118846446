import type {
  HostEvent,
  HostFailure,
  Part,
  PermissionReply,
  RunStatus,
  SessionInfo,
  StoredMessage,
  ToolCall,
} from "../models/host-event.ts";
import type { MessageId, PostId, RequestId, SessionId } from "../models/ids.ts";
import { callSeen, inputUnknown } from "./call-input.ts";
import {
  answering,
  answerNoted,
  forgetRequests,
  optionMarked,
  permissionAsked,
  permissionReplied,
  questionAsked,
  questionDecided,
  requestGone,
} from "./requests.ts";
import { restoreTurns } from "./restored.ts";
import type { Horizon, ShownTurn, ThreadState } from "./thread-state.ts";
import { isFinished } from "./tool-call.ts";
import {
  addDelta,
  addPart,
  addReply,
  addUserMessage,
  closeOnIdle,
  compacted,
  failTurns,
  forgetTurns,
  interruptTurns,
  notRun,
  setTodos,
} from "./turns.ts";
import { messagesRemoved } from "./undone.ts";

/** The reason of a refusal is told at most so long before it. */
const TOLD_JUST_BEFORE_MS = 1_000;

/** What changes a thread's state: OpenCode's events, and what the bridge itself learns. */
export type ThreadEvent =
  | HostEvent
  /** What OpenCode has stored, because it was not heard: shown from after `horizon` on. */
  | {
      readonly type: "restored";
      readonly messages: readonly StoredMessage[];
      readonly horizon: Horizon;
      /** What the thread shows of them already. */
      readonly shown?: ReadonlyMap<MessageId, ShownTurn>;
    }
  /** A person in Mattermost answered; OpenCode has not confirmed yet. `by` absent: it did not work out. */
  | {
      readonly type: "answering";
      readonly requestId: RequestId;
      readonly by?: string;
      readonly reply?: PermissionReply;
    }
  /** OpenCode does not have the request any more. */
  | { readonly type: "request-gone"; readonly requestId: RequestId }
  /** The call that asks for permission, as it was read from OpenCode. */
  | {
      readonly type: "call-read";
      readonly sessionId: SessionId;
      readonly messageId: MessageId;
      readonly call: ToolCall;
    }
  /** What the call that asks was given could not be found out in time. */
  | { readonly type: "input-unknown"; readonly requestId: RequestId }
  /** A post of the owner's has OpenCode make a prompt with this id. */
  | { readonly type: "asked"; readonly turn: MessageId; readonly postId: PostId }
  /** OpenCode has stored the prompt and does not run it. */
  | { readonly type: "not-run"; readonly turn: MessageId }
  /** An option of the question asked now was marked or unmarked. */
  | {
      readonly type: "option-marked";
      readonly requestId: RequestId;
      readonly index: number;
      readonly on: boolean;
    }
  /** The question asked now is answered; the next one of its request is asked. */
  | {
      readonly type: "answer-noted";
      readonly requestId: RequestId;
      readonly answer: readonly string[];
    }
  /** Their posts are in the thread for good. */
  | {
      readonly type: "forget";
      readonly turns: readonly MessageId[];
      readonly requests: readonly RequestId[];
    }
  | { readonly type: "exited" }
  /** OpenCode has stopped everything, and reads its configuration again. */
  | { readonly type: "reloaded" }
  /** It goes on in this process after all. */
  | { readonly type: "resumed" };

export function initialState(session: SessionInfo, horizon: Horizon): ThreadState {
  return {
    session,
    run: { kind: "idle" },
    turns: [],
    children: {},
    permissions: [],
    questions: [],
    contextTokens: 0,
    horizon,
  };
}

/**
 * The next state; the same object where nothing changed. Events of sub-agent sessions are given to the state of their
 * root. Unknown, late and repeated events change nothing.
 */
export function reduce(state: ThreadState, event: ThreadEvent, now: number): ThreadState {
  switch (event.type) {
    case "session-created":
    case "session-updated":
      return sessionChanged(state, event.session);
    case "session-deleted":
      return event.sessionId === state.session.id
        ? { ...interruptTurns(state, now), ended: "deleted" }
        : state;
    case "resumed": {
      const { ended, ...live } = state;
      return ended === undefined ? state : live;
    }
    case "exited":
      return { ...interruptTurns(state, now), ended: "exited" };
    case "reloaded":
      return { ...state, reloadedMs: now };
    case "restored":
      return restoreTurns(state, event, now);
    case "forget":
      return forgetRequests(forgetTurns(state, event.turns), event.requests);
    case "permission-asked":
      return permissionAsked(state, event.request);
    case "call-read":
      return callSeen(state, event.sessionId, event.messageId, event.call);
    case "input-unknown":
      return inputUnknown(state, event.requestId);
    case "permission-replied":
      return permissionReplied(state, event.requestId, event.reply, now);
    case "question-asked":
      return questionAsked(state, event.request);
    case "question-replied":
      return questionDecided(state, event.requestId, event.answers, now);
    case "question-rejected":
      return questionDecided(state, event.requestId, "dismissed", now);
    case "request-gone":
      return requestGone(state, event.requestId, now);
    case "asked":
      return { ...state, asked: { ...state.asked, [event.turn]: event.postId } };
    case "not-run":
      return notRun(state, event.turn, now);
    case "prompt-dropped":
      return notRun(state, event.messageId, now);
    case "message-removed":
      return event.sessionId === state.session.id
        ? messagesRemoved(state, event.messageId, event.andLater === true)
        : state;
    case "option-marked":
      return optionMarked(state, event);
    case "answer-noted":
      return answerNoted(state, event.requestId, event.answer);
    case "answering":
      return answering(state, event);
    default:
      return withCall(
        event.sessionId === state.session.id
          ? reduceTurns(state, event, now)
          : childEvent(state, event),
        event,
      );
  }
}

function withCall(state: ThreadState, event: TurnEvent): ThreadState {
  if (event.type !== "part" || event.part.kind !== "tool") return state;
  return callSeen(state, event.sessionId, event.part.messageId, event.part.call);
}

type TurnEvent = Extract<
  HostEvent,
  {
    readonly type:
      | "status"
      | "user-message"
      | "assistant-message"
      | "part"
      | "text-delta"
      | "failed"
      | "prompt-refused"
      | "compacted"
      | "todos";
  }
>;

function reduceTurns(state: ThreadState, event: TurnEvent, now: number): ThreadState {
  switch (event.type) {
    case "status":
      return statusChanged(state, event.status, now);
    case "user-message":
      return addUserMessage(state, event.message);
    case "assistant-message":
      return addReply(state, event.message);
    case "part":
      return addPart(subAgentDone(state, event.part), event.part);
    case "text-delta":
      return addDelta(state, event);
    case "failed":
      return failTurns(reported(state, event.error, now), event.error, now);
    case "prompt-refused":
      return promptRefused(state, event.reason, now);
    case "compacted":
      return compacted(state);
    case "todos":
      return setTodos(state, event.todos);
  }
}

const reported = (state: ThreadState, error: HostFailure, atMs: number): ThreadState =>
  error.kind === "other" ? { ...state, reported: { reason: error.message, atMs } } : state;

/** What runs meanwhile goes on: it is none of its business. */
function promptRefused(state: ThreadState, said: string | undefined, atMs: number): ThreadState {
  const before = state.reported;
  const told = before && atMs - before.atMs < TOLD_JUST_BEFORE_MS ? before.reason : undefined;
  return { ...state, refusal: { reason: said ?? told ?? "OpenCode does not say why", atMs } };
}

function statusChanged(state: ThreadState, run: RunStatus, now: number): ThreadState {
  const same = run.kind !== "retry" && run.kind === state.run.kind;
  const next = same ? state : { ...state, run };
  return run.kind === "idle" ? closeOnIdle(next, now) : next;
}

function sessionChanged(state: ThreadState, session: SessionInfo): ThreadState {
  if (session.id === state.session.id) return { ...state, session };
  if (session.parentId === undefined) return state;
  const known = state.children[session.id];
  const child = { ...known, id: session.id, parentId: session.parentId, title: session.title };
  return { ...state, children: { ...state.children, [session.id]: child } };
}

function childEvent(state: ThreadState, event: TurnEvent): ThreadState {
  if (event.type !== "part" || event.part.kind !== "tool") return state;
  return childActed(state, event.sessionId, event.part.call);
}

/** Nothing is shown of what a sub-agent did once its task is over. */
function subAgentDone(state: ThreadState, part: Part): ThreadState {
  const id = part.kind === "tool" && isFinished(part.call) ? part.call.childSessionId : undefined;
  const known = id && state.children[id];
  if (!id || !known?.action) return state;
  const { action: _, ...child } = known;
  return { ...state, children: { ...state.children, [id]: child } };
}

function childActed(state: ThreadState, id: SessionId, action: ToolCall): ThreadState {
  const child = state.children[id];
  if (!child) return state;
  return { ...state, children: { ...state.children, [id]: { ...child, action } } };
}
