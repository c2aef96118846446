import type { CutShort } from "./cut-short.ts";
import type { PromptSettings } from "./host-offers.ts";
import type { CallId, MessageId, PostId, RequestId, SessionId } from "./ids.ts";

/**
 * What happens in OpenCode, in this product's own words. `clients/opencode/` translates OpenCode's events
 * into these; nothing else knows OpenCode's names. Times are Unix milliseconds, costs US dollars.
 */
export type HostEvent =
  | { readonly type: "session-created"; readonly session: SessionInfo }
  | { readonly type: "session-updated"; readonly session: SessionInfo }
  | { readonly type: "session-deleted"; readonly sessionId: SessionId }
  | { readonly type: "status"; readonly sessionId: SessionId; readonly status: RunStatus }
  | { readonly type: "user-message"; readonly sessionId: SessionId; readonly message: UserMessage }
  /** A prompt was taken back before the model saw it. */
  | {
      readonly type: "prompt-dropped";
      readonly sessionId: SessionId;
      readonly messageId: MessageId;
    }
  /** A message is not in the session any more, nor is one after it where `andLater` says so. */
  | {
      readonly type: "message-removed";
      readonly sessionId: SessionId;
      readonly messageId: MessageId;
      readonly andLater?: boolean;
    }
  | {
      readonly type: "assistant-message";
      readonly sessionId: SessionId;
      readonly message: AssistantMessage;
    }
  | { readonly type: "part"; readonly sessionId: SessionId; readonly part: Part }
  | {
      readonly type: "text-delta";
      readonly sessionId: SessionId;
      readonly messageId: MessageId;
      /** Names the part within its message; of no use after a restart, so never stored. */
      readonly partKey: string;
      readonly delta: string;
    }
  | { readonly type: "failed"; readonly sessionId: SessionId; readonly error: HostFailure }
  /** A prompt was taken and is not stored after all. Which one is not said; the reason may have been told as a failure just before. */
  | { readonly type: "prompt-refused"; readonly sessionId: SessionId; readonly reason?: string }
  | { readonly type: "compacted"; readonly sessionId: SessionId }
  | { readonly type: "todos"; readonly sessionId: SessionId; readonly todos: readonly Todo[] }
  | { readonly type: "permission-asked"; readonly request: PermissionRequest }
  | {
      readonly type: "permission-replied";
      readonly sessionId: SessionId;
      readonly requestId: RequestId;
      readonly reply: PermissionReply;
    }
  | { readonly type: "question-asked"; readonly request: QuestionRequest }
  | {
      readonly type: "question-replied";
      readonly sessionId: SessionId;
      readonly requestId: RequestId;
      /** One list of chosen labels (or free text) a question, in order. */
      readonly answers: readonly (readonly string[])[];
    }
  | {
      readonly type: "question-rejected";
      readonly sessionId: SessionId;
      readonly requestId: RequestId;
    };

export interface SessionInfo {
  readonly id: SessionId;
  /** Set for sub-agent sessions. */
  readonly parentId?: SessionId;
  readonly title: string;
  readonly directory: string;
  readonly createdMs: number;
  readonly updatedMs: number;
  readonly model?: string;
  /** Whose model it is: two providers may have models of one name. */
  readonly provider?: string;
  readonly costUsd?: number;
  /** The prompt that it was taken back to before; the next prompt makes that final. */
  readonly undoneFrom?: MessageId;
  /** What the session changed in its files so far, as OpenCode counts it. */
  readonly changes?: FileChanges;
  /** When it was put aside, in Unix milliseconds; absent where it was not. */
  readonly archivedMs?: number;
}

export interface FileChanges {
  readonly files: number;
  readonly additions: number;
  readonly deletions: number;
}

export type RunStatus =
  | { readonly kind: "idle" }
  | { readonly kind: "busy" }
  | {
      readonly kind: "retry";
      readonly attempt: number;
      readonly message: string;
      readonly nextMs: number;
    };

export interface UserMessage {
  readonly id: MessageId;
  readonly createdMs: number;
  /** Those of the session, where the host keeps them with that. */
  readonly settings?: PromptSettings;
  readonly changes?: FileChanges;
}

export interface AssistantMessage {
  readonly id: MessageId;
  /** The user message that this one answers. */
  readonly parentId: MessageId;
  readonly createdMs: number;
  readonly completedMs?: number;
  /** True where more steps follow this message in the same turn (the model called tools). */
  readonly continues: boolean;
  /** True once the model has finished this message by itself. */
  readonly finished: boolean;
  /** It had more to say. */
  readonly cutShort?: CutShort;
  /** True for the summary that a compaction writes. */
  readonly isSummary: boolean;
  readonly model: string;
  /** Whose model it is: two providers may have models of one name. */
  readonly provider?: string;
  readonly costUsd: number;
  /** Tokens in the model's context after this message: input, output and cache. 0 while unknown. */
  readonly contextTokens: number;
  readonly error?: HostFailure;
}

export interface HostFailure {
  readonly kind: "aborted" | "provider" | "other";
  readonly message: string;
  readonly statusCode?: number;
}

interface PartBase {
  readonly key: string;
  readonly messageId: MessageId;
}

export type Part =
  | (PartBase & {
      readonly kind: "text";
      readonly text: string;
      readonly done: boolean;
      /** The Mattermost post that this prompt came from, where it came from one. */
      readonly postId?: PostId;
      /** Written by OpenCode itself (the contents of an attached file), not by a person. */
      readonly synthetic: boolean;
      /** Where a prompt comes from; absent where a person typed it into OpenCode. */
      readonly origin?: PromptOrigin;
    })
  | (PartBase & {
      readonly kind: "reasoning";
      readonly text: string;
      readonly startMs: number;
      readonly endMs?: number;
    })
  | (PartBase & { readonly kind: "tool"; readonly call: ToolCall })
  | (PartBase & { readonly kind: "file"; readonly name: string; readonly mime: string })
  | (PartBase & { readonly kind: "compaction" })
  /** In a prompt: nobody asks the model anything, the person gives a command to the session's shell. */
  | (PartBase & { readonly kind: "by-hand" });

/**
 * `new`: written in Mattermost to begin the session. `voice`: spoken there. `again`: an earlier prompt, run again by a tap. `run`:
 * given on OpenCode's command line. `plugin`: sent by a program.
 */
export type PromptOrigin = "new" | "voice" | "again" | "run" | "plugin";

/** What kind of work a tool does, whatever its host calls it. */
export type ToolKind =
  | "shell"
  | "read"
  | "edit"
  | "search"
  | "web"
  | "skill"
  | "sub-agent"
  | "todos"
  | "question"
  | "other";

export interface ToolCall {
  readonly id: CallId;
  /** The tool's name, as the host shows it. */
  readonly tool: string;
  readonly kind: ToolKind;
  /** What it works on: a command, a pattern, an address. Absent where its title or its paths say that. */
  readonly subject?: string;
  /** The files that it reads or changes, as its arguments name them. */
  readonly paths: readonly string[];
  readonly state: "pending" | "running" | "completed" | "error";
  /** What it is called with, whole; while it is pending there may be more to come. Absent where it cannot be told. */
  readonly args?: readonly Argument[];
  readonly title?: string;
  /** What it has printed so far (running) or returned (completed). */
  readonly output: string;
  readonly error?: string;
  readonly startMs?: number;
  readonly endMs?: number;
  /** The process's exit code, where the tool ran one. */
  readonly exitCode?: number;
  /** The process was ended before it had ended by itself. */
  readonly cut?: "time-limit" | "stopped";
  readonly changes?: FileChanges;
  /** The unified diff that an edit made. */
  readonly diff?: string;
  /** The session of the sub-agent that this call started. */
  readonly childSessionId?: SessionId;
}

export interface Todo {
  readonly content: string;
  readonly status: "pending" | "in_progress" | "completed" | "cancelled";
}

export type PermissionReply = "once" | "always" | "reject";

export interface PermissionRequest {
  readonly id: RequestId;
  readonly sessionId: SessionId;
  /** The kind of action: `bash`, `edit`, `webfetch`, … */
  readonly permission: string;
  readonly patterns: readonly string[];
  /** What `always` would allow from now on. */
  readonly always: readonly string[];
  /** The whole command, where the action is one. */
  readonly command?: string;
  readonly path?: string;
  readonly diff?: string;
  /** The tool call that asks; absent where none does. */
  readonly call?: CallRef;
  /** What else the request says of itself. */
  readonly details?: readonly Argument[];
  /** From when on the host may give up what nobody has answered; absent where it waits for ever. */
  readonly lapsesMs?: number;
}

/** Names a tool call among those of its session. */
export interface CallRef {
  readonly messageId: MessageId;
  readonly callId: CallId;
}

/** One of the things that a tool is called with. */
export interface Argument {
  readonly name: string;
  readonly text: string;
  /** Whether it is a text; else `text` is its JSON. */
  readonly isText: boolean;
}

export interface QuestionRequest {
  readonly id: RequestId;
  readonly sessionId: SessionId;
  readonly questions: readonly Question[];
  /** The host takes the answer at its own screen only. */
  readonly isAnsweredThere?: boolean;
  /** As of a permission. */
  readonly lapsesMs?: number;
}

export interface Question {
  readonly header: string;
  readonly question: string;
  readonly options: readonly { readonly label: string; readonly description: string }[];
  readonly multiple: boolean;
  /** Whether a free text is an answer too. */
  readonly custom: boolean;
}

/** A stored message with its parts, as `HostPort.messages` reads them back. */
export type StoredMessage =
  | { readonly role: "user"; readonly message: UserMessage; readonly parts: readonly Part[] }
  | {
      readonly role: "assistant";
      readonly message: AssistantMessage;
      readonly parts: readonly Part[];
    };
