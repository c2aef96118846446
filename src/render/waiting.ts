import type { ThreadState } from "../models/thread-state.ts";

/** Whether anything waits for the user's decision. */
export function needsUser(state: ThreadState): boolean {
  return waitingFor(state) !== undefined;
}

export function waitingFor(state: ThreadState): "permission" | "question" | undefined {
  if (state.permissions.some(({ decision }) => decision === undefined)) return "permission";
  if (state.questions.some(({ decision }) => decision === undefined)) return "question";
  return undefined;
}
