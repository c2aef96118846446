import { basename } from "node:path";
import { messageOf } from "./errors.ts";
import type { HostEvent } from "./models/host-event.ts";
import { createSessionRegistry } from "./opencode-session-registry.ts";
import type { Clock, HostPort, Logger } from "./ports.ts";
import { createThreadManager } from "./thread-manager.ts";
import type { ThreadGateway } from "./thread-sink.ts";

/** What an orderly exit may take, so that OpenCode is not held up: it ends a plugin that takes longer. */
const EXIT_WITHIN_MS = 2_500;

/** One directory of OpenCode: its events in, its threads out. */
export interface Bridge {
  readonly directory: string;
  start(): void;
  /** Takes every event of OpenCode's `event` hook, in order. Returns at once and never throws. */
  event(event: HostEvent): void;
  /** Another bridge serves the directory from now on: says and does nothing more. */
  stop(): void;
  /** OpenCode lets go of the directory: its threads say so. Resolves within 3 s and never rejects. */
  dispose(): Promise<void>;
}

export function createBridge(deps: {
  readonly gateway: ThreadGateway;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly directory: string;
  readonly home: string;
  /** When this process started, in Unix milliseconds. */
  readonly processStartMs: number;
}): Bridge {
  const { clock, logger, directory, home } = deps;
  const manager = createThreadManager({
    gateway: deps.gateway,
    host: deps.host,
    clock,
    logger,
    project: basename(directory) || directory,
    shortPath: (path) =>
      path === home || path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path,
  });
  const registry = createSessionRegistry({
    host: deps.host,
    clock,
    logger,
    directory,
    sinceMs: deps.processStartMs,
    listener: {
      onEvent: (root, event, first) => manager.apply(root, event, first),
      onFound: (root) => manager.found(root),
    },
  });

  let stopped = false;
  const stop = (): void => {
    stopped = true;
    registry.stop();
    manager.stop();
  };

  return {
    directory,
    stop,
    start: () => registry.start(),
    event(event) {
      if (stopped) return;
      try {
        registry.handle(event);
      } catch (error) {
        logger.error(`an event of OpenCode could not be handled: ${messageOf(error)}`);
      }
    },
    async dispose() {
      if (stopped) return;
      try {
        await manager.endAll(EXIT_WITHIN_MS);
      } catch (error) {
        logger.error(`the threads could not be ended: ${messageOf(error)}`);
      }
      stop();
    },
  };
}
