import { basename } from "node:path";
import { messageOf } from "../errors.ts";
import type { HostEvent } from "../models/host-event.ts";
import type { PromptSettings } from "../models/host-offers.ts";
import type { SessionId } from "../models/ids.ts";
import type { SessionBegin } from "../models/session-begin.ts";
import { shortPath } from "../models/short-path.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import type { OutboundFile } from "../thread/outbound-file.ts";
import type { ThreadGateway } from "../thread/ports.ts";
import { type BeginSession, createBeginSession } from "./begin-session.ts";
import { firstSettings } from "./first-settings.ts";
import type { LiveThread } from "./live-thread.ts";
import { createOpenBeside } from "./open-beside.ts";
import { createSessionRegistry } from "./opencode-session-registry.ts";
import { createProjectFiles } from "./project-files.ts";
import { createThreadManager } from "./thread-manager.ts";

const NOT_CONNECTED =
  "This session has no thread in Mattermost yet: Mattermost has not answered so far.";

/** What an orderly exit may take, so that OpenCode is not held up: it ends a plugin that takes longer. */
const EXIT_WITHIN_MS = 2_500;

/** One directory of OpenCode: its events in, its threads out. */
export interface Bridge {
  readonly directory: string;
  start(): void;
  /** Takes every event of OpenCode's `event` hook, in order. Returns at once and never throws. */
  event(event: HostEvent): void;
  /** The largest file that can be sent, in bytes: what the owner's settings allow and Mattermost takes. */
  maxFileBytes(): number;
  /** Posts a file in the thread of a session, or of its root. Resolves with what to tell the model. */
  sendFile(session: SessionId, file: OutboundFile): Promise<string>;
  /** How the session stands to Mattermost, for the model. */
  describe(session: SessionId): Promise<string>;
  /** Another bridge serves the directory from now on: says and does nothing more. */
  stop(): void;
  create: BeginSession;
  /** What a session begins with, by words for it. Resolves with a text where those are not clear. */
  choose(wanted: Pick<SessionBegin, "model" | "agent">): Promise<PromptSettings | string>;
  /** Brings a session back: its thread takes prompts again. `gone` where OpenCode does not have it any more. */
  resume(id: SessionId): Promise<"resumed" | "gone">;
  /** OpenCode has read its configuration again, and stopped everything for that. */
  reloaded(): void;
  /**
   * OpenCode lets go of the directory, with its process or without: its threads say so. Resolves within 3 s and never rejects.
   */
  dispose(how?: "exited" | "unloaded"): Promise<void>;
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
  /** Until Mattermost has said it nothing can be sent. */
  let serverMaxFileBytes = Number.POSITIVE_INFINITY;
  const maxFileBytes = (): number => Math.min(deps.gateway.maxFileBytes, serverMaxFileBytes);
  const manager = createThreadManager({
    gateway: deps.gateway,
    host: deps.host,
    clock,
    logger,
    project: basename(directory) || directory,
    shortPath: (path) => shortPath(path, home),
    openBeside: (...given) => openBeside(...given),
    tellAsked: learnPending,
    look: createProjectFiles(directory, maxFileBytes),
  });
  const registry = createSessionRegistry({
    host: deps.host,
    clock,
    logger,
    directory,
    sinceMs: deps.processStartMs,
    listener: {
      onEvent: (root, event, first) => manager.apply(root, event, first),
      onFound(root) {
        if (deps.gateway.opensThreads) manager.found(root);
      },
      onChanged: (root) => manager.entry(root.id)?.lookAgain(),
    },
  });

  const openBeside = createOpenBeside({ manager, adopt: registry.adopt, clock });

  let stopped = false;
  const stop = (): void => {
    stopped = true;
    registry.stop();
    manager.stop();
  };

  const entryOf = (session: SessionId): LiveThread | undefined =>
    manager.entry(registry.rootOf(session)?.id ?? session);

  /** What Mattermost allows, and the requests that were asked before this bridge began. Events tell of those that come later. */
  async function learn(only?: SessionId): Promise<void> {
    const { identity } = await deps.gateway.ready();
    serverMaxFileBytes = identity.limits.maxFileBytes;
    for (const request of await deps.host.permissions()) {
      if (await mayWait(request.sessionId, only)) handle({ type: "permission-asked", request });
    }
    for (const request of await deps.host.questions()) {
      if (await mayWait(request.sessionId, only)) handle({ type: "question-asked", request });
    }
  }

  /** Of one root session alone, and not what OpenCode has kept of a run that is over. */
  async function mayWait(asking: SessionId, only: SessionId | undefined): Promise<boolean> {
    if (only === undefined) return true;
    const root = registry.rootOf(asking)?.id ?? only;
    return root === only && (await deps.host.status(asking)).kind !== "idle";
  }

  function learnPending(only?: SessionId): void {
    void learn(only).catch((error) => {
      logger.warn(`what waits for an answer could not be read: ${messageOf(error)}`);
    });
  }

  function handle(event: HostEvent): void {
    if (stopped) return;
    try {
      registry.handle(event);
    } catch (error) {
      logger.error(`an event of OpenCode could not be handled: ${messageOf(error)}`);
    }
  }

  return {
    directory,
    stop,
    start() {
      registry.start();
      learnPending();
    },
    reloaded() {
      if (stopped) return;
      manager.reloaded();
      learnPending();
    },
    maxFileBytes,
    async sendFile(session, file) {
      const entry = entryOf(session);
      return entry ? entry.sendFile(file) : NOT_CONNECTED;
    },
    async describe(session) {
      const link = entryOf(session)?.link();
      return link ? `This session's thread in Mattermost: ${link}` : NOT_CONNECTED;
    },
    event: handle,
    choose: (wanted) => firstSettings(deps.host, wanted),
    create: createBeginSession({ ...deps, manager }),
    async resume(id) {
      const session = await deps.host.session(id);
      if (!session) return "gone";
      registry.adopt(session);
      manager.resume(session);
      return "resumed";
    },
    async dispose(how = "exited") {
      if (stopped) return;
      try {
        await manager.endAll(how, EXIT_WITHIN_MS);
      } catch (error) {
        logger.error(`the threads could not be ended: ${messageOf(error)}`);
      }
      stop();
    },
  };
}
