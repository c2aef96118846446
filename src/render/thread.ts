import type { DesiredPost, RenderOptions } from "../models/desired-post.ts";
import type { ThreadState } from "../state/thread-state.ts";
import { renderPermission } from "./permission.ts";
import { renderQuestion } from "./question.ts";
import { renderTurn } from "./turn.ts";

/**
 * Every post that the thread should have below its root, in reading order. What asks the user stands below the newest
 * turn's work and above its answer.
 */
export function renderThread(
  state: ThreadState,
  now: number,
  options: RenderOptions,
): DesiredPost[] {
  const newest = state.turns.at(-1);
  const posts = state.turns.flatMap((turn) => {
    const verbosity = options.verbosityAt?.(turn.message.createdMs) ?? options.verbosity;
    return renderTurn(turn, state, now, { ...options, verbosity });
  });
  const answerAt = posts.findIndex(({ key }) => key === `${newest?.id}/answer`);
  const asking = [
    ...state.permissions.flatMap((permission) => renderPermission(permission, state, options)),
    ...state.questions.flatMap((question) => renderQuestion(question, state, options)),
  ];
  return posts.toSpliced(answerAt < 0 ? posts.length : answerAt, 0, ...asking);
}
