import { messageOf } from "../errors.ts";
import type { HostEvent, SessionInfo } from "../models/host-event.ts";
import type { SessionId } from "../models/ids.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import { retryDelayMs } from "../timing/retry.ts";

const POLL_EVERY_MS = 10_000;
const POLL_LIMIT = 50;
/** The newest alone, where they are as they were, and all every so many polls: a long list costs OpenCode as much as a prompt. */
const POLL_FIRST = 5;
const WHOLE_EVERY = 6;
/** So many sessions that are not in the list are asked for each time. */
const ASKED_EACH_POLL = 5;
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

/** What is known of a session, a root or a sub-agent's. */
interface Known {
  /** Absent until OpenCode has said what it is. */
  session?: SessionInfo;
  /** It has begun to do something in this process. */
  announced: boolean;
  /** Told of by the poll: another process may have it, so what it does here later is still its first sign of life. */
  found: boolean;
  /** When the newest prompt of a root session was made. */
  promptedMs: number;
  /** Events held back until OpenCode has said what the session is. */
  held?: HostEvent[] | undefined;
  reading?: Promise<SessionInfo | undefined> | undefined;
  /** Takes back the next try to read it. */
  cancelRead?: () => void;
}

export interface RegistryListener {
  /**
   * An event that concerns a root session: its own, or one of its sub-agents' at any depth. `begins` is set where this
   * session does something for the first time in this process, and at every prompt: another process may have had it since.
   */
  onEvent(root: SessionInfo, event: HostEvent, begins: boolean): void;
  /** A root session that no event announced. */
  onFound(root: SessionInfo): void;
  /** Something has been done in such a session, and no event told of it here. */
  onChanged(root: SessionInfo): void;
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
  const known = new Map<SessionId, Known>();
  let stopped = false;
  let asked = 0;
  let polls = 0;
  let cancelTimer = (): void => undefined;

  function handle(event: HostEvent): void {
    if (stopped) return;
    if (event.type === "session-created" || event.type === "session-updated") {
      remember(event.session);
    }
    const id = sessionOf(event);
    const { held } = about(id);
    if (held) held.push(event);
    else deliver(id, event);
  }

  function about(id: SessionId): Known {
    const there = known.get(id) ?? { announced: false, found: false, promptedMs: 0 };
    known.set(id, there);
    return there;
  }

  function remember(session: SessionInfo): Known {
    return Object.assign(about(session.id), { session });
  }

  function deliver(id: SessionId, event: HostEvent): void {
    const root = rootOf(id);
    if (typeof root === "string") {
      if (event.type === "session-deleted") {
        forget(id);
      } else {
        about(id).held = [event];
        void resolve(id, 1);
      }
      return;
    }
    const isNew = isNewPrompt(root, event) || isAsked(event) || !about(root.id).announced;
    const begins = isNew && startsThread(event, root);
    if (begins) about(root.id).announced = true;
    listener.onEvent(root, event, begins);
    if (event.type === "session-deleted") forget(id);
  }

  /** OpenCode tells of a prompt again whenever its sums change. */
  function isNewPrompt(root: SessionInfo, event: HostEvent): boolean {
    if (event.type !== "user-message" || event.sessionId !== root.id) return false;
    const { createdMs } = event.message;
    const there = about(root.id);
    if (createdMs <= there.promptedMs) return false;
    there.promptedMs = createdMs;
    return true;
  }

  function forget(id: SessionId): void {
    known.get(id)?.cancelRead?.();
    known.delete(id);
  }

  /** The root's session, or the id of the first session in the chain that is not known. */
  function rootOf(id: SessionId): SessionInfo | SessionId {
    let session = known.get(id)?.session;
    if (!session) return id;
    while (session.parentId !== undefined) {
      const parent: SessionInfo | undefined = known.get(session.parentId)?.session;
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
        const again = (): void => void resolve(id, tries + 1);
        about(id).cancelRead = clock.schedule(retryDelayMs(tries - 1, error), again);
        return;
      }
      logger.warn(`events of session ${id} could not be placed: ${messageOf(error)}`);
    }
    const { held: events = [] } = about(id);
    about(id).held = undefined;
    if (typeof rootOf(id) === "string") return;
    for (const event of events) handle(event);
  }

  async function learnChain(id: SessionId): Promise<void> {
    for (let next = rootOf(id); typeof next === "string" && !stopped; next = rootOf(id)) {
      const session = await read(next);
      if (session?.id !== next) return;
      if (!about(next).session) remember(session);
    }
  }

  /** Asked once, however many events of a family wait for it. */
  function read(id: SessionId): Promise<SessionInfo | undefined> {
    const there = about(id);
    there.reading ??= host.session(id).finally(() => {
      there.reading = undefined;
    });
    return there.reading;
  }

  async function poll(): Promise<void> {
    const now = clock.now();
    const listed = await list(now);
    if (stopped) return;
    for (const session of listed) {
      if (session.parentId === undefined && session.directory === deps.directory) {
        see(session, now);
      }
    }
    await lookForDeleted(new Set(listed.map(({ id }) => id)), now);
  }

  async function list(now: number): Promise<readonly SessionInfo[]> {
    if (polls++ % WHOLE_EVERY === 0) return host.sessions(POLL_LIMIT);
    const newest = await host.sessions(POLL_FIRST);
    const isNew = newest.some((session) => isFound(session, now) || hasNews(session));
    return isNew ? host.sessions(POLL_LIMIT) : newest;
  }

  const hasNews = (session: SessionInfo): boolean =>
    isNews(session, known.get(session.id)?.session);

  /** Nothing has told of it, though something should have by now. */
  function isFound({ id, createdMs }: SessionInfo, now: number): boolean {
    const there = known.get(id);
    const fresh = createdMs >= deps.sinceMs && createdMs < now - LEFT_TO_EVENTS_MS;
    return fresh && !there?.announced && !there?.found;
  }

  /** Another process may have deleted a session that lives here: nothing is told of that. The list alone proves nothing. */
  async function lookForDeleted(listed: ReadonlySet<SessionId>, now: number): Promise<void> {
    const unlisted = [...known.values()].flatMap(({ session, announced, found }) => {
      const isLive = session && session.parentId === undefined && (announced || found);
      const isOlder = session && session.createdMs < now - LEFT_TO_EVENTS_MS;
      return isLive && isOlder && !listed.has(session.id) ? session.id : [];
    });
    const from = asked++ % Math.max(1, unlisted.length);
    const inTurn = [...unlisted.slice(from), ...unlisted.slice(0, from)];
    for (const id of inTurn.slice(0, ASKED_EACH_POLL)) {
      const session = await host.session(id);
      if (session && isNews(session, known.get(id)?.session)) {
        handle({ type: "session-updated", session });
      } else if (!session && known.has(id)) handle({ type: "session-deleted", sessionId: id });
    }
  }

  function see(session: SessionInfo, now: number): void {
    const there = known.get(session.id);
    if (hasNews(session)) {
      handle({ type: "session-updated", session });
      if (there?.found && !there.announced) listener.onChanged(session);
    }
    if (!isFound(session, now)) return;
    remember(session).found = true;
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
      remember(session).announced = true;
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
      for (const { cancelRead } of known.values()) cancelRead?.();
    },
  };
}

const sessionOf = (event: HostEvent): SessionId => {
  if ("session" in event) return event.session.id;
  return "request" in event ? event.request.sessionId : event.sessionId;
};

/** Whether OpenCode tells something of a session that no event told. */
const isNews = (now: SessionInfo, before = now): boolean =>
  before.updatedMs < now.updatedMs ||
  before.archivedMs !== now.archivedMs ||
  before.undoneFrom !== now.undoneFrom;

/** Something waits for the person here, whoever has the thread meanwhile. */
const isAsked = ({ type }: HostEvent): boolean =>
  type === "permission-asked" || type === "question-asked";

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
