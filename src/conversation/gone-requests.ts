import { messageOf } from "../errors.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";

/** An event that says what became of a request comes within this time of the run's end. */
const SETTLED_WITHIN_MS = 1_500;

/**
 * A run that ended asks nothing more. OpenCode does not say so of each request, and keeps some in its list after a stop,
 * so the end of the run is what counts: of the root's, or of the sub-agent's that asked, which may run by itself.
 */
export function dropGoneRequests(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: Pick<HostPort, "status">;
  readonly clock: Clock;
  readonly logger: Logger;
}): void {
  const { runtime, host, clock, logger } = deps;

  async function drop(): Promise<void> {
    const { session, run, permissions, questions } = runtime.state();
    if (run.kind !== "idle") return;
    const open = [
      ...permissions.map(({ request, pending }) => ({ by: request.sessionId, ids: pending })),
      ...questions
        .filter(({ decision }) => !decision)
        .map(({ request }) => ({ by: request.sessionId, ids: [request.id] })),
    ];
    for (const { by, ids } of open) {
      const isOver = by === session.id || (await host.status(by)).kind === "idle";
      if (!isOver || runtime.state().run.kind !== "idle") continue;
      for (const requestId of ids) runtime.apply({ type: "request-gone", requestId });
    }
  }

  clock.schedule(SETTLED_WITHIN_MS, () => {
    void drop().catch((error) => logger.warn(`requests could not be checked: ${messageOf(error)}`));
  });
}
