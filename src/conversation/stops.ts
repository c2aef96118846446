import { messageOf } from "../errors.ts";
import type { MessageId } from "../models/ids.ts";
import type { ChatPort, Clock, HostPort, Logger } from "../ports.ts";
import type { Turn } from "../state/thread-state.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import { toLocalMs } from "../timing/server-time.ts";
import type { PendingReplies } from "./pending-replies.ts";
import { stopSession } from "./stop-session.ts";

/** A stop that is no older is for what its writer sees: no run begins unnoticed in that time. */
const JUST_WRITTEN_MS = 5_000;

/** Ends what the owner wants ended: what runs, and what was to run. */
export interface Stops {
  /** `later`: what runs now was begun after that was written. Resolves when OpenCode has been told. */
  stop(writtenMs: number): Promise<"stopped" | "nothing-runs" | "later">;
  /** The thread's state has changed: what was stopped on its way to the session may arrive there all the same. */
  changed(): void;
  /** Whether a turn's prompt was stopped before the session had it. */
  isStopped(turn: MessageId): boolean;
}

export function createStops(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pending: PendingReplies;
  /** For the server's clock. */
  readonly chat: Pick<ChatPort, "now">;
}): Stops {
  const { runtime, clock, logger, pending } = deps;
  /** When something was stopped the last time. */
  let stoppedMs = 0;
  const met = new Set<MessageId>();

  const openTurns = (): readonly Turn[] =>
    runtime.state().turns.filter(({ endedMs }) => endedMs === undefined);

  const isStopped = ({ prompt }: Turn): boolean =>
    prompt.postId !== undefined && pending.isStopped(prompt.postId);

  /** A prompt counts from when it was written, not from when OpenCode took it. */
  function begunMs({ message, prompt }: Turn): number {
    const writtenMs = prompt.postId && pending.writtenMs(prompt.postId);
    return writtenMs === undefined ? message.createdMs : toLocalMs(writtenMs, deps);
  }

  function isLater(turns: readonly Turn[], writtenMs: number): boolean {
    const atMs = toLocalMs(writtenMs, deps);
    if (clock.now() - atMs < JUST_WRITTEN_MS) return false;
    return turns.length > 0 && turns.every((turn) => begunMs(turn) > atMs);
  }

  return {
    async stop(writtenMs) {
      stoppedMs = clock.now();
      const dropped = pending.stop(writtenMs);
      const turns = openTurns().filter((turn) => !isStopped(turn));
      const runs = runtime.state().run.kind !== "idle" || turns.length > 0;
      if (!runs) return dropped > 0 ? "stopped" : "nothing-runs";
      if (isLater(turns, writtenMs)) return dropped > 0 ? "stopped" : "later";
      await stopSession(deps);
      return "stopped";
    },
    isStopped: (id) => runtime.state().turns.some((turn) => turn.id === id && isStopped(turn)),
    changed() {
      const open = openTurns();
      for (const { prompt } of open) if (prompt.postId) pending.arrived(prompt.postId);
      const arrived = open.filter((turn) => isStopped(turn) && !met.has(turn.id));
      if (arrived.length === 0) return;
      for (const { id } of arrived) met.add(id);
      // What began since then was not meant, and OpenCode cannot stop the one without the other.
      const goesOn = open.some((turn) => !isStopped(turn) && begunMs(turn) > stoppedMs);
      logger.info("a prompt that was stopped on its way has arrived", { goesOn });
      if (goesOn) return;
      void stopSession(deps).catch((error) => logger.warn(`could not stop: ${messageOf(error)}`));
    },
  };
}
