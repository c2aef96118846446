/** What a host offers to choose from, and what it tells on request. */

/** A model as a host names it to itself; opaque elsewhere. */
export interface ModelRef {
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
