import type { Outcome, Turn } from "./thread-state.ts";

/** `overtaken`: a newer prompt is being answered. `idle`: the run is over. */
export function closed(turn: Turn, atMs: number, how: "overtaken" | "idle"): Turn {
  const last = turn.replies.at(-1);
  const endedMs = last?.completedMs ?? atMs;
  const answered = last?.finished === true && !last.continues;
  const continued = how === "overtaken" && !answered;
  return { ...turn, endedMs, outcome: outcomeOf(turn, continued) };
}

/**
 * How an ended turn went, from its last reply and from what OpenCode reported. A reply that has begun and never ended was cut
 * off with its process.
 */
export function outcomeOf(turn: Turn, continued: boolean): Outcome {
  const last = turn.replies.at(-1);
  // What OpenCode reported while the model went on to its end was about something else.
  const isAnswered = last?.finished === true && !last.continues;
  const error = last?.error ?? (isAnswered ? undefined : turn.failure);
  if (error?.kind === "aborted") return { kind: last ? "stopped" : "skipped" };
  if (error) return { kind: "failed", error };
  if (continued) return { kind: "continued" };
  if (last?.cutShort) return { kind: "cut-short", by: last.cutShort };
  return { kind: last && !last.finished && last.completedMs === undefined ? "stopped" : "done" };
}

/** A turn that was thought over is being answered after all. */
export function reopened(turn: Turn): Turn {
  const { endedMs: _ended, outcome: _outcome, failure: _failure, ...open } = turn;
  return open;
}
