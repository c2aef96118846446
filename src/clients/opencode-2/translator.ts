import type {
  HostEvent,
  PermissionRequest,
  SessionInfo,
  StoredMessage,
  UserMessage,
} from "../../models/host-event.ts";
import { asRequestId, type RequestId, type SessionId } from "../../models/ids.ts";
import { type Envelope, sessionOf } from "./envelope.ts";
import { lackingFor, tell } from "./events.ts";
import type { WireForm } from "./forms.ts";
import type { Lacking } from "./meaning.ts";
import { newRun, noteCall, type RunningShell, type SessionRun, shellsOf } from "./session-run.ts";
import { shellTold } from "./side-events.ts";

const EVENTS_REMEMBERED = 5_000;
const ASKERS_REMEMBERED = 500;

/**
 * Tells what OpenCode 2's events mean. Unlike OpenCode 1's they hang on what came before, so it remembers, for each session, what
 * the next one needs. It reads nothing itself: what it lacks is read by whoever uses it, and given to it.
 */
export interface Translator {
  /** What must be read before `translate`: it is given by `learn` and `learnPrompt`. */
  lacking(event: Envelope): Lacking | undefined;
  /** Whether the event has not come before. Every instance of the plugin hears every event. */
  isFirst(event: Envelope): boolean;
  translate(event: Envelope): readonly HostEvent[];
  learn(session: SessionInfo): void;
  /** The session's messages, of which the newest prompt is the one that is being answered. */
  learnPrompt(id: SessionId, messages: readonly StoredMessage[]): readonly HostEvent[];
  /** What a person's shell command became, among the session's messages. */
  shellTold(
    event: Envelope,
    id: SessionId,
    messages: readonly StoredMessage[],
  ): readonly HostEvent[];
  /** The prompt that is being answered. */
  asked(id: SessionId): UserMessage | undefined;
  /** Commands that run, whose output OpenCode tells only when asked. */
  runningShells(id: SessionId): readonly RunningShell[];
  /** What such a command has printed so far. Nothing where it runs no more. */
  printed(id: SessionId, shell: RunningShell, output: string): readonly HostEvent[];
  session(id: SessionId): SessionInfo | undefined;
  sessions(): readonly SessionInfo[];
  /** Whether a run of the session is under way, as far as events told. */
  isWorking(id: SessionId): boolean;
  form(id: string): WireForm | undefined;
  /** A request that is listed as pending. */
  learnRequest(request: PermissionRequest): void;
  /** The session that asked for a permission. */
  askedBy(id: RequestId): SessionId | undefined;
}

export function createTranslator(answersForms: () => boolean): Translator {
  const runs = new Map<SessionId, SessionRun>();
  const forms = new Map<string, WireForm>();
  const seen = new Set<string>();
  const askers = new Map<RequestId, SessionId>();

  function isFirst({ id }: Envelope): boolean {
    if (seen.has(id)) return false;
    seen.add(id);
    const [oldest] = seen;
    if (seen.size > EVENTS_REMEMBERED && oldest) seen.delete(oldest);
    return true;
  }

  function noteAsker({ data }: Envelope): void {
    const { sessionID, id } = data;
    if (sessionID !== undefined && typeof id === "string") remember(asRequestId(id), sessionID);
  }

  function remember(id: RequestId, sessionId: SessionId): void {
    askers.set(id, sessionId);
    const [oldest] = askers.keys();
    if (askers.size > ASKERS_REMEMBERED && oldest) askers.delete(oldest);
  }

  function runOf(id: SessionId): SessionRun {
    const run = runs.get(id) ?? newRun();
    runs.set(id, run);
    return run;
  }

  return {
    isFirst,
    lacking(event) {
      const id = sessionOf(event);
      return id && lackingFor(event.type, runOf(id));
    },
    translate(event) {
      const sessionId = sessionOf(event);
      if (sessionId === undefined) return [];
      const run = runOf(sessionId);
      if (event.type === "permission.asked") noteAsker(event);
      const context = { run, sessionId, atMs: event.created, forms, answersForms: answersForms() };
      const told = tell(event.type, event.data, context);
      if (event.type === "session.deleted") runs.delete(sessionId);
      return told;
    },
    learn(session) {
      runOf(session.id).info = session;
    },
    learnPrompt(id, messages) {
      const asked = messages.findLast(({ role }) => role === "user");
      if (asked?.role !== "user") return [];
      runOf(id).asked = asked.message;
      return [
        { type: "user-message", sessionId: id, message: asked.message },
        ...asked.parts.map((part): HostEvent => ({ type: "part", sessionId: id, part })),
      ];
    },
    shellTold: (event, sessionId, messages) =>
      shellTold(event, { run: runOf(sessionId), sessionId }, messages),
    asked: (id) => runs.get(id)?.asked,
    runningShells: (id) => shellsOf(runs.get(id)),
    printed(id, { callId, shellId }, output) {
      const run = runs.get(id);
      const shell = shellsOf(run).find((known) => known.shellId === shellId);
      if (!run || !shell) return [];
      const part = noteCall(run, shell.messageId, { id: callId, output });
      return [{ type: "part", sessionId: id, part }];
    },
    session: (id) => runs.get(id)?.info,
    sessions: () => [...runs.values()].flatMap(({ info }) => info ?? []),
    isWorking: (id) => runs.get(id)?.working ?? false,
    form: (id) => forms.get(id),
    learnRequest: ({ id, sessionId }) => remember(id, sessionId),
    askedBy: (id) => askers.get(id),
  };
}
