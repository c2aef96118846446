import type { CutShort } from "../models/cut-short.ts";
import type {
  Argument,
  AssistantMessage,
  HostFailure,
  PermissionReply,
  PermissionRequest,
  PromptOrigin,
  QuestionRequest,
  RunStatus,
  SessionInfo,
  Todo,
  ToolCall,
  UserMessage,
} from "../models/host-event.ts";
import type { InstanceId, MessageId, PostId, RequestId, SessionId } from "../models/ids.ts";

/**
 * Everything that a thread shows, derived from host events alone by `reduce` (`reduce.ts`). Plain data: the
 * renderer is a function of it and of the time.
 */
export interface ThreadState {
  readonly session: SessionInfo;
  readonly run: RunStatus;
  /** Oldest first. Finished turns are dropped once their posts are in the thread (`forget`). */
  readonly turns: readonly Turn[];
  /** Sub-agent sessions of any depth, by id. */
  readonly children: Readonly<Record<SessionId, Child>>;
  /** In the order asked; decided ones stay until their post says so (`forget`). */
  readonly permissions: readonly Permission[];
  readonly questions: readonly PendingQuestion[];
  readonly contextTokens: number;
  /** User messages up to and including this one are not shown: they are history, or their turn was forgotten. */
  readonly horizon: Horizon;
  /** The posts that asked for a prompt whose text does not come from there, by the prompt's id. */
  readonly asked?: Readonly<Record<MessageId, PostId>>;
  /** The newest word of OpenCode that it has not taken a prompt. */
  readonly refusal?: Refusal;
  /** The newest failure that OpenCode reported of anything but the provider or a stop. */
  readonly reported?: Refusal;
  /** When OpenCode last stopped everything to read its configuration again. */
  readonly reloadedMs?: number;
  /** The session is over: deleted, or its process went. */
  readonly ended?: "deleted" | "exited";
}

interface Refusal {
  readonly reason: string;
  readonly atMs: number;
}

/** A place in the order of a session's user messages: by time, then by id. */
export interface Horizon {
  readonly createdMs: number;
  readonly id: string;
}

/** A user message and all that answers it. */
export interface Turn {
  /** The user message's id. */
  readonly id: MessageId;
  readonly message: UserMessage;
  readonly prompt: TurnPrompt;
  /** In the order in which they began; every assistant message's parts, sub-agents' excluded. */
  readonly items: readonly TurnItem[];
  /** The assistant messages so far, in order. */
  readonly replies: readonly AssistantMessage[];
  readonly todos?: readonly Todo[];
  /** When it ended; absent while it runs. */
  readonly endedMs?: number;
  readonly outcome?: Outcome;
  /** What OpenCode reported while the turn ran. */
  readonly failure?: HostFailure;
  /** Its process died over it and left people more to read than OpenCode has stored: its posts stay as they are. */
  readonly remains?: ShownTurn["posts"];
  /** The texts that the prompt is made of, each with the key of its part. */
  readonly texts?: readonly { readonly key: string; readonly text: string }[];
  /** There is text in its prompt that no person wrote. */
  readonly synthetic?: boolean;
  /** It came while a run went on. */
  readonly midRun?: boolean;
  /** A command that the person gave to the session's shell. */
  readonly byHand?: boolean;
  /** It was undone, and is not in the session any more. */
  readonly removed?: boolean;
  /** OpenCode is compacting the conversation in this turn. */
  readonly compaction: boolean;
}

/** What the thread shows of a turn that was not seen here. */
export interface ShownTurn {
  /** Its posts by their keys, in order. */
  readonly posts: readonly { readonly key: string; readonly message: string }[];
  /** When it was last shown at work, in Unix milliseconds; absent where the thread shows its end. */
  readonly atWorkMs?: number;
  /** The process that began to show it, where its posts say so. */
  readonly by?: InstanceId;
}

export interface TurnPrompt {
  /** What a person wrote, all of it. */
  readonly text: string;
  readonly files: readonly string[];
  readonly origin?: PromptOrigin;
  /** What was added to the session before it, without asking for an answer. */
  readonly added?: readonly string[];
  /** The Mattermost post that it came from; absent for a prompt from the terminal. */
  readonly postId?: PostId;
}

/**
 * `continued`: a newer prompt took over before the model had given an answer to this one.
 * `skipped`: the run was stopped before the model saw this prompt.
 * `context`: nobody asked for an answer to it; it is told with the next prompt.
 * `cut-short`: the model's last answer is not whole.
 */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly error: HostFailure }
  | { readonly kind: "stopped" }
  | { readonly kind: "continued" }
  | { readonly kind: "skipped" }
  | { readonly kind: "context" }
  | { readonly kind: "cut-short"; readonly by: CutShort };

export type TurnItem =
  | {
      readonly kind: "text";
      readonly messageId: MessageId;
      readonly key: string;
      readonly text: string;
      readonly done: boolean;
    }
  | {
      readonly kind: "reasoning";
      readonly messageId: MessageId;
      readonly key: string;
      readonly text: string;
      readonly startMs: number;
      readonly endMs?: number;
    }
  | {
      readonly kind: "tool";
      readonly messageId: MessageId;
      readonly key: string;
      readonly call: ToolCall;
    }
  | { readonly kind: "compacted"; readonly messageId: MessageId; readonly key: string };

interface Child {
  readonly id: SessionId;
  readonly parentId: SessionId;
  readonly title: string;
  /** Its newest tool call. */
  readonly action?: ToolCall;
}

/** Equal requests share one entry: the first one's post stands for all. */
export interface Permission {
  readonly request: PermissionRequest;
  /** The requests that this entry stands for and that are not answered yet; empty once all are. */
  readonly pending: readonly RequestId[];
  /** What the call that asks was given; absent where no call asks, and until it is known or known to be unknown. */
  readonly input?: CallInput;
  /** An answer given in Mattermost is on its way to OpenCode. */
  readonly answering?: Answering;
  /** `gone`: OpenCode does not ask any more, and has not said what became of it. */
  readonly decision?: Decision<PermissionReply | "gone">;
}

export type CallInput =
  | {
      readonly args: readonly Argument[];
      /** The call changes files: the diff of its request shows all that it was given. */
      readonly isEdit: boolean;
      /** It came when the post was there already. */
      readonly isLate?: boolean;
    }
  | "unknown";

/** The questions of one request are asked one after the other and answered together. */
export interface PendingQuestion {
  readonly request: QuestionRequest;
  /** Answers given in Mattermost and not sent yet, one for each question before the one that is asked now. */
  readonly answersSoFar?: readonly (readonly string[])[];
  /** Indices of the options that are marked so far, where the question asked now allows several. */
  readonly chosen?: readonly number[];
  readonly answering?: Answering;
  readonly decision?: Decision<readonly (readonly string[])[] | "dismissed" | "gone">;
}

interface Answering {
  readonly by: string;
  /** To a permission. */
  readonly reply?: PermissionReply;
}

export interface Decision<T> {
  readonly answer: T;
  readonly atMs: number;
  /** The name of the person in Mattermost; absent where it was decided elsewhere. */
  readonly by?: string;
}
