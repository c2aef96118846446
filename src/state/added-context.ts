import type { ThreadState, Turn } from "./thread-state.ts";

/** A prompt that comes so soon after a run that did not end well may have been forgotten over its end. */
const WINDING_UP_MS = 3_000;

type Turns = Pick<ThreadState, "turns">;

/** The newest prompt before it; what was only added does not count. */
const promptBefore = (turn: Turn, { turns }: Turns): Turn | undefined =>
  turns.slice(0, turns.indexOf(turn)).findLast(({ outcome }) => outcome?.kind !== "context");

/** What is written while a run goes on is meant for it: the thread shows that it waits. */
const cameMidRun = (turn: Turn, state: Turns): boolean =>
  turn.midRun === true || turn.message.createdMs < (promptBefore(turn, state)?.endedMs ?? 0);

/** A message that nobody in Mattermost wrote and that OpenCode has not begun to answer, nor had to. */
const isUnasked = (turn: Turn, state: Turns): boolean =>
  turn.prompt.postId === undefined &&
  turn.replies.length === 0 &&
  !turn.compaction &&
  (turn.prompt.text.trim() !== "" || turn.synthetic === true) &&
  !cameMidRun(turn, state);

/** Whether nothing runs that could answer it, so that it may never be. */
export const isIdleContext = (turn: Turn, state: ThreadState): boolean =>
  state.run.kind === "idle" && turn.endedMs === undefined && isUnasked(turn, state);

/**
 * Pure. Whether a message that was not answered was not meant to be: plugins add such to a session. One that came while a run that
 * failed or was stopped was winding up may have been forgotten instead.
 */
export function isContext(turn: Turn, state: Turns): boolean {
  if (!isUnasked(turn, state)) return false;
  const before = promptBefore(turn, state);
  const kind = before?.outcome?.kind;
  const wasBad = kind === "failed" || kind === "stopped";
  return !wasBad || turn.message.createdMs > (before?.endedMs ?? 0) + WINDING_UP_MS;
}

/** What was added to the session since its last prompt becomes a part of this one. */
export function withAdded(state: ThreadState, turn: Turn, now: number): ThreadState {
  const others = state.turns;
  const from = others.findLastIndex(
    (t) => t.outcome?.kind !== "context" && !isIdleContext(t, state),
  );
  const added = others.slice(from + 1);
  if (added.length === 0) return { ...state, turns: [...others, turn] };
  const texts = added.map(({ prompt }) => prompt.text).filter((text) => text.trim() !== "");
  const folded = added.map((t): Turn => ({ ...t, endedMs: now, outcome: { kind: "context" } }));
  const prompt = texts.length === 0 ? turn.prompt : { ...turn.prompt, added: texts };
  return { ...state, turns: [...others.slice(0, from + 1), ...folded, { ...turn, prompt }] };
}
