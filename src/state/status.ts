import type { ThreadStatus } from "../models/thread-mapping.ts";
import type { ThreadState } from "./thread-state.ts";

/** What the mapping of a session says, as far as this process knows: it never calls itself disconnected. */
export function statusOf({ ended }: Pick<ThreadState, "ended">): ThreadStatus {
  if (ended === undefined) return "active";
  return ended === "deleted" ? "orphaned" : "ended";
}
