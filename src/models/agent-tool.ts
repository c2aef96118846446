import type { SessionId } from "./ids.ts";

/** Something that the model may call, whatever host it runs on. */
export interface AgentTool {
  readonly name: string;
  /** Goes into every request to the model, so it is short. */
  readonly description: string;
  /** Whether it asks: a host that cannot ask does not offer it. */
  readonly asks: boolean;
  /** Texts, by name. */
  readonly args: Readonly<Record<string, { readonly about: string; readonly optional?: boolean }>>;
  /** Resolves with what to tell the model. Rejects where the call is denied. */
  execute(args: Readonly<Record<string, string | undefined>>, call: ToolCallPlace): Promise<string>;
}

/** Where a call comes from. */
export interface ToolCallPlace {
  readonly sessionId: SessionId;
  readonly directory: string;
  /** The project's own folder; absent where there is none. */
  readonly worktree?: string;
  /** Asks as the host's own tools do, under the user's rules for them. Rejects where it is denied. */
  ask(request: ToolRequest): Promise<void>;
}

export interface ToolRequest {
  readonly permission: "read" | "external_directory";
  readonly patterns: readonly string[];
  readonly path: string;
}
