import type { ThreadState } from "./thread-state.ts";

/** Nothing runs, and nothing is about to: every prompt that the session has was answered, or its turn is over otherwise. */
export const isAtRest = ({ run, turns, ended }: ThreadState): boolean =>
  run.kind === "idle" && ended === undefined && turns.every(({ endedMs }) => endedMs !== undefined);
