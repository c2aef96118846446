import { messageOf } from "../errors.ts";
import type { Clock, Logger } from "../ports.ts";

/** Whoever is silent for ten times as long counts as stopped. */
const BEAT_MS = 3_000;

/** Beats at once and then for ever, whatever else the process waits for. The returned function ends it. */
export function startHeartbeat(deps: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly beat: () => void;
}): () => void {
  const { clock, logger } = deps;
  let cancel = (): void => undefined;
  function beat(): void {
    cancel = clock.schedule(BEAT_MS, beat);
    try {
      deps.beat();
    } catch (error) {
      logger.error(`the heartbeat failed: ${messageOf(error)}`);
    }
  }
  beat();
  return () => cancel();
}
