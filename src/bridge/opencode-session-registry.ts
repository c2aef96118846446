import { messageOf } from "../errors.ts";
import type { HostEvent, SessionInfo } from "../models/host-event.ts";
import type { SessionId } from "../models/ids.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import { retryDelayMs } from "../timing/retry.ts";

const POLL_EVERY_MS = 10_000;
const POLL_LIMIT = 50;
/** A session this young is left to its event: the process that made it comes first. */
const LEFT_TO_EVENTS_MS = 3_000;
/** So often OpenCode is asked what a session is; after that its events are given up. */
const READ_TRIES = 6;

/**
 * Which sessions there are, and to which root session an event belongs. Events first; a poll every 10 s finds what they
 * missed, among the sessions created since the process started only.
 */
export interface SessionRegistry {
  /** Takes every event of the directory, in order. Returns at once. */
  handle(event: HostEvent): void;
  start(): void;
  stop(): void;
  /** A session that is live from now on without having done anything yet. */
  adopt(session: SessionInfo): void;
  /** The root of a session's family, as far as it is known. */
  rootOf(id: SessionId): SessionInfo | undefined;
  /** One poll, now. */
  poll(): Promise<void>;
}

export interface RegistryListener {
  /**
   * An event that concerns a root session: its own, or one of its sub-agents' at any depth. `begins` is set where this
   * session does something for the first time in this process, and at every prompt: another process may have had it since.
   */
  onEvent(root: SessionInfo, event: HostEvent, begins: boolean): void;
  /** A root session that no event announced. */
  onFound(root: SessionInfo): void;
}

export function createSessionRegistry(deps: {
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly directory: string;
  /** When this process started, in Unix milliseconds. */
  readonly sinceMs: number;
  readonly listener: RegistryListener;
}): SessionRegistry {
  const { host, clock, logger, listener } = deps;
  const sessions = new Map<SessionId, SessionInfo>();
  const announced = new Set<SessionId>();
  /** Told of by the poll: another process may have them, so what they do here later is still their first sign of life. */
  const found = new Set<SessionId>();
  /** When the newest prompt of each root session was made. */
  const promptedMs = new Map<SessionId, number>();
  const reading = new Map<SessionId, Promise<SessionInfo | undefined>>();
  /** Events of sessions that are not known yet, held back until OpenCode has said what they are. */
  const held = new Map<SessionId, HostEvent[]>();
  const cancels = new Map<SessionId, () => void>();
  let stopped = false;
  let cancelTimer = (): void => undefined;

  function handle(event: HostEvent): void {
    if (stopped) return;
    if (event.type === "session-created" || event.type === "session-updated") {
      remember(event.session);
    }
    const id = sessionOf(event);
    const waiting = held.get(id);
    if (waiting) waiting.push(event);
    else deliver(id, event);
  }

  function remember(session: SessionInfo): void {
    sessions.set(session.id, session);
  }

  function deliver(id: SessionId, event: HostEvent): void {
    const root = rootOf(id);
    if (typeof root === "string") {
      if (event.type === "session-deleted") return;
      held.set(id, [event]);
      void resolve(id, 1);
      return;
    }
    const isNew = isNewPrompt(root, event) || !announced.has(root.id);
    const begins = isNew && startsThread(event, root);
    if (begins) announced.add(root.id);
    listener.onEvent(root, event, begins);
    if (event.type === "session-deleted") forget(id);
  }

  /** OpenCode tells of a prompt again whenever its sums change. */
  function isNewPrompt(root: SessionInfo, event: HostEvent): boolean {
    if (event.type !== "user-message" || event.sessionId !== root.id) return false;
    const { createdMs } = event.message;
    if (createdMs <= (promptedMs.get(root.id) ?? 0)) return false;
    promptedMs.set(root.id, createdMs);
    return true;
  }

  function forget(id: SessionId): void {
    sessions.delete(id);
    promptedMs.delete(id);
    announced.delete(id);
    found.delete(id);
  }

  /** The root's session, or the id of the first session in the chain that is not known. */
  function rootOf(id: SessionId): SessionInfo | SessionId {
    let session = sessions.get(id);
    if (!session) return id;
    while (session.parentId !== undefined) {
      const parent = sessions.get(session.parentId);
      if (!parent) return session.parentId;
      session = parent;
    }
    return session;
  }

  /** Reads the unknown sessions of a chain from OpenCode, then lets the held events go on. */
  async function resolve(id: SessionId, tries: number): Promise<void> {
    try {
      await learnChain(id);
    } catch (error) {
      if (tries < READ_TRIES && !stopped) {
        cancels.set(
          id,
          clock.schedule(retryDelayMs(tries - 1, error), () => void resolve(id, tries + 1)),
        );
        return;
      }
      logger.warn(`events of session ${id} could not be placed: ${messageOf(error)}`);
    }
    cancels.delete(id);
    const events = held.get(id) ?? [];
    held.delete(id);
    if (typeof rootOf(id) === "string") return;
    for (const event of events) handle(event);
  }

  async function learnChain(id: SessionId): Promise<void> {
    for (let next = rootOf(id); typeof next === "string" && !stopped; next = rootOf(id)) {
      const session = await read(next);
      if (session?.id !== next) return;
      if (!sessions.has(next)) remember(session);
    }
  }

  /** Asked once, however many events of a family wait for it. */
  function read(id: SessionId): Promise<SessionInfo | undefined> {
    const answer = reading.get(id) ?? host.session(id).finally(() => reading.delete(id));
    reading.set(id, answer);
    return answer;
  }

  async function poll(): Promise<void> {
    const now = clock.now();
    const listed = await host.sessions(POLL_LIMIT);
    if (stopped) return;
    for (const session of listed) {
      if (session.parentId === undefined && session.directory === deps.directory) {
        see(session, now);
      }
    }
  }

  function see(session: SessionInfo, now: number): void {
    const known = sessions.get(session.id);
    if (known && known.updatedMs < session.updatedMs) handle({ type: "session-updated", session });
    const fresh = session.createdMs >= deps.sinceMs && session.createdMs < now - LEFT_TO_EVENTS_MS;
    if (!fresh || announced.has(session.id) || found.has(session.id)) return;
    remember(session);
    found.add(session.id);
    listener.onFound(session);
  }

  function scheduleNext(): void {
    cancelTimer = clock.schedule(POLL_EVERY_MS, () => {
      void poll()
        .catch((error) => logger.debug(`the session list could not be read: ${messageOf(error)}`))
        .finally(() => {
          if (!stopped) scheduleNext();
        });
    });
  }

  return {
    handle,
    adopt(session) {
      remember(session);
      announced.add(session.id);
    },
    poll,
    rootOf(id) {
      const root = rootOf(id);
      return typeof root === "string" ? undefined : root;
    },
    start: scheduleNext,
    stop() {
      stopped = true;
      cancelTimer();
      for (const cancel of cancels.values()) cancel();
    },
  };
}

const sessionOf = (event: HostEvent): SessionId => {
  if ("session" in event) return event.session.id;
  return "request" in event ? event.request.sessionId : event.sessionId;
};

/** A new session, or an older one that begins to do something. A rename is not activity. */
function startsThread(event: HostEvent, root: SessionInfo): boolean {
  switch (event.type) {
    case "session-created":
      return event.session.id === root.id;
    case "user-message":
    case "assistant-message":
    case "part":
    case "text-delta":
    case "permission-asked":
    case "question-asked":
      return true;
    case "status":
      return event.status.kind !== "idle";
    default:
      return false;
  }
}
