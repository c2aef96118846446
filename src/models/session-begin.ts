/** How a session begins. */
export interface SessionBegin {
  /** May be empty. */
  readonly prompt: string;
  /** In a git worktree of this name beside the project; empty where any name will do. */
  readonly worktree?: string;
  /** In words: what fits is looked for. */
  readonly model?: string;
  readonly agent?: string;
}

/** A folder beside a project, on a branch of its own. */
export interface Worktree {
  readonly directory: string;
  readonly branch: string;
}
