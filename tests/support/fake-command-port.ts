import type { CommandPort } from "../../src/ports.ts";

/** A bridge without sessions and projects, where everything that is asked for works. */
export const createFakeCommandPort = (): CommandPort => ({
  sessions: async () => [],
  status: () => Promise.reject(new Error("not asked for here")),
  projects: async () => [],
  start: async () => "started",
  resume: async () => "resumed",
  worktreeOffer: async () => "",
  removeWorktree: async () => "removed",
  lock: () => true,
});
