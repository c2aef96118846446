import { messageOf } from "../errors.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";

/** A stop takes effect within this time; later tries leave it more. */
const FIRST_LOOK_MS = 500;
const TRIES = 4;

/**
 * Stops what the session does now. OpenCode sometimes stops the sub-agents alone and lets the session go on with their failure:
 * while the same turn still runs it is stopped again. Resolves when OpenCode has been told the first time.
 */
export async function stopSession(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
}): Promise<void> {
  const { runtime, host, clock, logger } = deps;
  const { id } = runtime.state().session;
  const newest = () => runtime.state().turns.at(-1)?.id;
  const turn = newest();

  const lookAgain = (tries: number): void => {
    clock.schedule(FIRST_LOOK_MS * 2 ** tries, () => {
      if (tries >= TRIES || runtime.state().run.kind === "idle" || newest() !== turn) return;
      logger.info("the session goes on after a stop: stopped again", { sessionId: id });
      void host.abort(id).catch((error) => logger.warn(`could not stop: ${messageOf(error)}`));
      lookAgain(tries + 1);
    });
  };
  await host.abort(id);
  lookAgain(0);
}
