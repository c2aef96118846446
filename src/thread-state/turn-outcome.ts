import type { Outcome, Turn } from "../models/thread-state.ts";

/** `overtaken`: a newer prompt is being answered. `idle`: the run is over. */
export function closed(turn: Turn, atMs: number, how: "overtaken" | "idle"): Turn {
  const last = turn.replies.at(-1);
  const endedMs = last?.completedMs ?? atMs;
  const answered = last?.finished === true && !last.continues;
  const fallback: Outcome | undefined =
    how === "overtaken" && !answered ? { kind: "continued" } : undefined;
  return { ...turn, endedMs, outcome: outcomeOf(turn, fallback) };
}

/** How an ended turn went, from its last reply and from what OpenCode reported. */
export function outcomeOf(turn: Turn, fallback: Outcome | undefined): Outcome {
  const last = turn.replies.at(-1);
  const error = last?.error ?? turn.failure;
  if (error?.kind === "aborted") return { kind: last ? "stopped" : "skipped" };
  if (error) return { kind: "failed", error };
  return fallback ?? { kind: "done" };
}

/** A turn that was thought over is being answered after all. */
export function reopened(turn: Turn): Turn {
  const { endedMs: _ended, outcome: _outcome, failure: _failure, ...open } = turn;
  return open;
}
