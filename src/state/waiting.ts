import type { PostId } from "../models/ids.ts";
import type { PendingQuestion, ThreadState } from "./thread-state.ts";

/** Whether anything waits for the user's decision. */
export function needsUser(state: ThreadState): boolean {
  return waitingFor(state) !== undefined;
}

/** Whether something was not brought to its end: OpenCode stops what runs before it closes, and says so first. */
export function isLeftUndone(state: ThreadState): boolean {
  const last = state.turns.at(-1)?.outcome?.kind;
  return state.run.kind !== "idle" || last === "stopped" || last === "skipped" || needsUser(state);
}

export function waitingFor(state: ThreadState): "permission" | "question" | undefined {
  if (state.permissions.some(({ decision }) => decision === undefined)) return "permission";
  if (state.questions.some(({ decision }) => decision === undefined)) return "question";
  return undefined;
}

/**
 * What became of the prompt that a post brought, as far as the state tells. `over`: it has been read by the model, or never will be.
 */
export function promptStanding({ turns }: ThreadState, id: PostId): "unknown" | "waits" | "over" {
  const turn = turns.find(({ prompt }) => prompt.postId === id);
  if (!turn) return "unknown";
  return turn.replies.length > 0 || turn.endedMs !== undefined ? "over" : "waits";
}

/** The number of the question that waits for its answer; `undefined` where none does. */
export function openQuestion({ request, answersSoFar, decision }: PendingQuestion) {
  const index = answersSoFar?.length ?? 0;
  return decision === undefined && index < request.questions.length ? index : undefined;
}
