/** What a host offers to choose from, and what it does on request. */
import type { SessionInfo, Todo } from "./host-event.ts";
import type { MessageId, SessionId } from "./ids.ts";

/** A model as a host names it to itself; opaque elsewhere. */
interface ModelRef {
  readonly provider: string;
  readonly model: string;
}

/** What a prompt runs with. What it leaves out the host fills in with defaults of its own. */
export interface PromptSettings {
  readonly agent?: string;
  readonly model?: ModelRef;
  /** How hard the model thinks, by the host's names. */
  readonly variant?: string;
}

export interface ModelOffer extends ModelRef {
  /** As people call it. */
  readonly name: string;
  readonly providerName: string;
  /** How hard it may think, by the host's names; empty where there is no choice. */
  readonly variants: readonly string[];
  /** In tokens; 0 where not known. */
  readonly contextLimit: number;
  /** Whether it hears sound. */
  readonly hears: boolean;
}

export interface AgentOffer {
  readonly name: string;
  readonly description: string;
}

/** One of the host's own commands or skills. */
export interface CommandOffer {
  readonly name: string;
  readonly description: string;
}

/** A file that a session changed, with its unified diff. */
export interface FileDiff {
  readonly path: string;
  readonly additions: number;
  readonly deletions: number;
  readonly patch: string;
}

/**
 * What a host can do beside the main job. What it lacks is absent, and a command that needs it says so. Every call settles within
 * 30 s and rejects with `HostError`.
 */
export interface HostOffers {
  /** A new session of its own, with everything that came before a prompt; without one, with everything. */
  fork?(id: SessionId, before?: MessageId): Promise<SessionInfo>;
  /** Takes an idle session and its files back to before a prompt. The next prompt makes that final. */
  undo?(id: SessionId, before: MessageId): Promise<void>;
  /** Takes the last `undo` back, while nothing was prompted since. */
  redo?(id: SessionId): Promise<void>;
  models?(): Promise<readonly ModelOffer[]>;
  /** Those that a person may choose. */
  agents?(): Promise<readonly AgentOffer[]>;
  commands?(): Promise<readonly CommandOffer[]>;
  /**
   * Resolves when the host has taken it. `messageId`: the prompt that it becomes, once however often it is asked. `settings`: those
   * of the session's last prompt, for what the command does not say itself.
   */
  runCommand?(
    id: SessionId,
    command: {
      readonly name: string;
      readonly args: string;
      readonly messageId: MessageId;
      readonly settings?: PromptSettings;
    },
  ): Promise<void>;
  /** A shell command in the session, whose output the model sees too. Resolves when the host has taken it. */
  shell?(
    id: SessionId,
    command: string,
    messageId: MessageId,
    settings?: PromptSettings,
  ): Promise<void>;
  /** Sums an idle session up, so that its context is small again. Resolves when the host has taken it. */
  compact?(id: SessionId, model: ModelRef): Promise<void>;
  todos?(id: SessionId): Promise<readonly Todo[]>;
  /** What the session changed in its files so far. */
  diff?(id: SessionId): Promise<readonly FileDiff[]>;
  rename?(id: SessionId, title: string): Promise<void>;
  /** Resolves with the public address. */
  share?(id: SessionId): Promise<string>;
  unshare?(id: SessionId): Promise<void>;
}
