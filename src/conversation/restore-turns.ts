import type { Post } from "../models/chat.ts";
import type { AssistantMessage, StoredMessage } from "../models/host-event.ts";
import {
  asInstanceId,
  asMessageId,
  type InstanceId,
  type MessageId,
  type PostId,
  type SessionId,
} from "../models/ids.ts";
import { readPostMark } from "../models/post-mark.ts";
import type { ThreadMapping } from "../models/thread-mapping.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import { isUnfinished } from "../render/turn-remains.ts";
import { mayGoOn } from "../state/restored.ts";
import type { Horizon, ShownTurn } from "../state/thread-state.ts";
import type { ThreadGateway } from "../thread/ports.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import { untilDone } from "../timing/retry.ts";
import { beginsBefore, storedMessages } from "./stored-messages.ts";

/** So many of the newest turns may still run in another process: more than are ever prompted at once. */
const MAY_RUN = 5;

/**
 * Brings an older thread to what OpenCode has stored: the last turn that the thread shows is finished if it was left
 * open, and turns that came after it are added. Those that another process may still run are left as they are.
 */
export async function restoreThread(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly posts: readonly Post[];
  readonly mapping: ThreadMapping;
  /** A time of the server's by this machine's clock. */
  readonly toLocal: (serverMs: number) => number;
  /** Whether the process that had the thread before lives: what has not ended may end there. */
  readonly isElsewhere: () => boolean;
  /** Whether this is another process, and lives: what it began it may still run, whoever has had the thread since. */
  readonly isOther: (by: InstanceId) => boolean;
}): Promise<Restored> {
  const { runtime, host, posts, mapping } = deps;
  const { sessionId } = mapping;
  const shown = shownTurns(posts, deps.toLocal);
  // The thread of a new session is made a moment later than what it shall show, or much later.
  const sinceMs = Math.min(mapping.createdAtMs, runtime.state().horizon.createdMs + 1);
  const reachesThread = beginsBefore(sinceMs);
  const messages = await storedMessages(
    host,
    sessionId,
    (read) =>
      reachesThread(read) ||
      read.some(({ role, message }) => role === "user" && shown.has(message.id)),
  );
  const { run } = runtime.state();
  const status = await host.status(sessionId);
  // What has been told meanwhile is newer.
  if (status.kind !== "idle" && run.kind === "idle" && runtime.state().run === run) {
    runtime.apply({ type: "status", sessionId, status });
  }
  const mayRunOn = (id: MessageId): boolean => {
    const by = shown.get(id)?.by;
    return deps.isElsewhere() || (by !== undefined && deps.isOther(by));
  };
  const open = new Set([...openTurns(messages)].filter(mayRunOn));
  const ended = messages.filter((m) => m.role !== "user" || !open.has(m.message.id));
  runtime.apply({ type: "restored", shown, ...lackingIn(ended, shown, sinceMs) });
  const isRunning = messages.some((m) => m.role === "assistant" && !isOver(m.message));
  return { stored: postsIn(messages), isOpen: open.size > 0, isRunning };
}

interface Restored {
  /** The posts whose prompts OpenCode has stored. */
  readonly stored: ReadonlySet<PostId>;
  /** Whether a turn was left as it is, because another process may still run it. */
  readonly isOpen: boolean;
  /** Whether OpenCode has stored an answer that has not ended: whoever lives may still work on it. */
  readonly isRunning: boolean;
}

const isOver = ({ finished, error }: AssistantMessage): boolean => finished || Boolean(error);

/** The turns that have not ended, as OpenCode has them. */
function openTurns(messages: readonly StoredMessage[]): ReadonlySet<MessageId> {
  const prompts = messages.flatMap((m) => (m.role === "user" ? m.message.id : [])).slice(-MAY_RUN);
  const newest = prompts.at(-1);
  const isOpen = (id: MessageId): boolean => {
    const last = messages
      .flatMap((m) => (m.role === "assistant" && m.message.parentId === id ? m.message : []))
      .at(-1);
    if (!last) return id === newest;
    const goesOn = !last.finished || (last.continues && id === newest);
    return goesOn && !last.error;
  };
  return new Set(prompts.filter(isOpen));
}

/** The posts whose prompts OpenCode has stored. */
export async function promptedPosts(
  host: HostPort,
  sessionId: SessionId,
): Promise<ReadonlySet<PostId>> {
  return postsIn(await storedMessages(host, sessionId, () => true));
}

/** That something can be posted again is noticed within this time. */
const GAP_RETRY_MS = 1_000;

/** Reads the turns that ended while nothing could be posted, from where the state lost them on, as soon as something can be. */
export async function restoreSince(
  deps: {
    readonly runtime: ThreadRuntime;
    readonly host: HostPort;
    readonly gateway: Pick<ThreadGateway, "chat" | "ready">;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly stopped: () => boolean;
  },
  horizon: Horizon,
): Promise<void> {
  const { runtime, host, gateway } = deps;
  const often = { ...deps, mostMs: GAP_RETRY_MS };
  await untilDone("reading the turns of an outage", often, async () => {
    await gateway.ready();
    // What is still to be posted shows that nothing can be.
    if (runtime.isBehind()) throw new Error("nothing can be posted yet");
    await gateway.chat.me();
    const { id } = runtime.state().session;
    const messages = await storedMessages(host, id, beginsBefore(horizon.createdMs));
    runtime.closeGap();
    runtime.apply({ type: "restored", messages, horizon });
  });
}

/** OpenCode may have gone on, or stopped, unheard: brings the thread to what it has stored since. */
export async function rereadTurns(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly stopped: () => boolean;
}): Promise<void> {
  const { runtime, host } = deps;
  await untilDone("reading what went unheard", deps, async () => {
    const { session, run, turns } = runtime.state();
    const open = turns.find(mayGoOn) ?? turns.at(-1);
    const fromMs = open?.message.createdMs ?? runtime.state().horizon.createdMs;
    const messages = await storedMessages(host, session.id, beginsBefore(fromMs));
    const status = await host.status(session.id);
    // What has been told meanwhile is newer.
    const tell = (): void => {
      if (runtime.state().run !== run) return;
      runtime.apply({ type: "status", sessionId: session.id, status });
    };
    if (status.kind !== "idle") tell();
    runtime.apply({ type: "restored", messages, horizon: runtime.state().horizon });
    if (status.kind === "idle") tell();
  });
}

const postsIn = (messages: readonly StoredMessage[]): ReadonlySet<PostId> =>
  new Set(
    messages.flatMap((m) =>
      m.parts.flatMap((part) => (part.kind === "text" && part.postId ? [part.postId] : [])),
    ),
  );

/** What a thread shows, by the turn that it is of. Of a post that takes another one's place the newest counts. */
function shownTurns(
  posts: readonly Post[],
  toLocal: (serverMs: number) => number,
): ReadonlyMap<MessageId, ShownTurn> {
  const byTurn = Map.groupBy(posts, (post) => readPostMark(post.props)?.key.split("/")[0] ?? "");
  return new Map(
    [...byTurn].map(([turn, its]) => {
      const byKey = new Map(
        its.map((post) => [(readPostMark(post.props)?.key ?? "").replace(/~\d+$/, ""), post]),
      );
      const atWork = [...byKey.values()].filter(({ message }) => isUnfinished(message));
      const by = readPostMark(its[0]?.props ?? {})?.instance_id;
      const lastMs = Math.max(...atWork.map((post) => Math.max(post.createdMs, post.editedMs)));
      return [
        asMessageId(turn),
        {
          posts: [...byKey].map(([key, { message }]) => ({ key, message })),
          ...(atWork.length > 0 && { atWorkMs: toLocal(lastMs) }),
          ...(by !== undefined && { by: asInstanceId(by) }),
        },
      ];
    }),
  );
}

/**
 * What the thread lacks: the newest turn that it shows and everything after that, and older turns that were answered and that
 * the thread does not show to their end, because their process died over them.
 */
function lackingIn(
  messages: readonly StoredMessage[],
  shown: ReadonlyMap<MessageId, ShownTurn>,
  createdAtMs: number,
): { readonly messages: readonly StoredMessage[]; readonly horizon: Horizon } {
  const isShown = (m: StoredMessage): boolean => m.role === "user" && shown.has(m.message.id);
  const newest = messages.findLastIndex(isShown);
  const answered = new Set(
    messages.flatMap((m) => (m.role === "assistant" ? m.message.parentId : [])),
  );
  const isWhole = (id: MessageId): boolean => {
    const known = shown.get(id);
    return known ? known.atWorkMs === undefined : !answered.has(id);
  };
  const firstMs = Math.min(createdAtMs, messages[newest]?.message.createdMs ?? createdAtMs);
  const isKept = ({ message: { id } }: StoredMessage, at: number): boolean =>
    at >= newest || !isWhole(id) || isToldWithNext(at);
  /** What was added to the session before a prompt is told with it. */
  const isToldWithNext = (at: number): boolean => {
    const { id } = messages[at]?.message ?? {};
    const next = messages.findIndex(({ role }, index) => index > at && role === "user");
    const [found] = messages.slice(next, next + 1);
    if (id === undefined || found === undefined || next < 0) return false;
    return !answered.has(id) && !shown.has(id) && isKept(found, next);
  };
  return {
    messages: messages.filter((m, at) => m.role !== "user" || isKept(m, at)),
    horizon: { createdMs: firstMs - 1, id: "" },
  };
}
