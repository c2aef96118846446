import type { Worktrees } from "../../src/ports.ts";

/** Worktrees in memory. A test changes what is in them. */
export interface MemoryWorktrees extends Worktrees {
  /** By directory. */
  readonly there: Map<string, { branch: string; isClean: boolean }>;
  /** The next one cannot be made, or removed, for this reason. */
  failWith(reason: string): void;
}

export function createMemoryWorktrees(): MemoryWorktrees {
  const there: MemoryWorktrees["there"] = new Map();
  let failure: string | undefined;
  function meetFailure(): void {
    const reason = failure;
    failure = undefined;
    if (reason !== undefined) throw new Error(reason);
  }
  return {
    there,
    failWith(reason) {
      failure = reason;
    },
    async create(project, name) {
      meetFailure();
      const branch = name.toLowerCase().replaceAll(/\W+/g, "-");
      const directory = `${project}-${branch}`;
      const isNew = !there.has(directory);
      if (isNew) there.set(directory, { branch, isClean: true });
      return { directory, folder: directory, branch, isNew };
    },
    async made(directory) {
      const found = there.get(directory);
      return found && { directory, branch: found.branch };
    },
    isClean: async (directory) => there.get(directory)?.isClean ?? false,
    async remove(directory) {
      meetFailure();
      if (there.get(directory)?.isClean !== true) throw new Error("it has changes");
      there.delete(directory);
    },
  };
}
