import type { HostEvent, SessionInfo } from "./models/host-event.ts";
import type { SessionId } from "./models/ids.ts";
import type { ThreadMapping } from "./models/thread-mapping.ts";
import type { ThreadState } from "./models/thread-state.ts";
import type { Clock, HostPort, Logger } from "./ports.ts";
import { stateMark } from "./render/session-card.ts";
import { untilDone } from "./retry.ts";
import { createThreadConversation, type ThreadConversation } from "./thread-conversation.ts";
import { openThread } from "./thread-opener.ts";
import { restoreThread } from "./thread-restore.ts";
import { createThreadRuntime, type ThreadRuntime } from "./thread-runtime.ts";
import type { ThreadGateway, ThreadSink, ThreadView } from "./thread-sink.ts";

/** The threads of one directory: opens, attaches and ends them, and lets events and posts through to them. */
export interface ThreadManager {
  /** An event of a root session or of its sub-agents. `open` says that the session shall have a thread from now on. */
  apply(root: SessionInfo, event: HostEvent, open: boolean): void;
  /** A session that the poll found. */
  found(root: SessionInfo): void;
  views(): readonly ThreadView[];
  /** The process ends: every thread says how to come back. Resolves within `withinMs`. */
  endAll(withinMs: number): Promise<void>;
  stop(): void;
}

interface Entry {
  readonly runtime: ThreadRuntime;
  conversation?: ThreadConversation;
  mapping?: ThreadMapping;
  unregister?: () => void;
  sinceMs: number;
  stopped: boolean;
}

export function createThreadManager(deps: {
  readonly gateway: ThreadGateway;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly project: string;
  /** A directory as the person knows it: the home folder as `~`. */
  readonly shortPath: (directory: string) => string;
}): ThreadManager {
  const { gateway, host, clock, logger } = deps;
  const entries = new Map<SessionId, Entry>();

  function add(session: SessionInfo, horizonMs: number, takeOver: boolean): Entry {
    const runtime = createThreadRuntime({
      session,
      face: {
        project: deps.project,
        directory: deps.shortPath(session.directory),
        used: false,
        status: "active",
      },
      horizonMs,
      clock,
      logger,
      onChange: (before, after) => changed(entry, before, after),
    });
    const entry: Entry = { runtime, sinceMs: clock.now(), stopped: false };
    entries.set(session.id, entry);
    void open(entry, session, takeOver);
    return entry;
  }

  async function open(entry: Entry, session: SessionInfo, takeOver: boolean): Promise<void> {
    const { identity, context, commands } = await gateway.ready();
    if (entry.stopped) return;
    const retry = { clock, logger, stopped: () => entry.stopped };
    const opened = await untilDone(`the thread of session ${session.id}`, retry, async () =>
      openThread(
        { gateway, identity, clock, logger },
        {
          session,
          project: deps.project,
          takeOver,
          cardMessage: () => entry.runtime.card(context),
        },
      ),
    );
    if (!opened || entry.stopped) return;
    if (opened.kind === "theirs") return drop(session.id);
    const { mapping, rootPostId, posts } = opened;
    entry.mapping = mapping;
    const place = {
      channelId: mapping.channelId,
      rootPostId,
      sessionId: session.id,
      machineId: gateway.machineId,
    };
    const used = posts.some((post) => post.userId === identity.owner.id);
    entry.runtime.setFace({ used });
    entry.runtime.open(context, place, posts);
    entry.conversation = createThreadConversation({
      runtime: entry.runtime,
      host,
      clock,
      logger,
      owner: identity.owner,
      bridge: commands,
    });
    entry.unregister = gateway.register(rootPostId, sinkOf(entry, session.id, rootPostId));
    void showBranch(entry);
    if (posts.length > 1) {
      await untilDone("restoring the thread", retry, () =>
        restoreThread({ runtime: entry.runtime, host, posts, mapping }),
      );
    }
  }

  async function showBranch(entry: Entry): Promise<void> {
    const branch = await host.branch().catch(() => undefined);
    if (branch && branch !== entry.runtime.face().branch) entry.runtime.setFace({ branch });
  }

  function changed(entry: Entry, before: ThreadState, after: ThreadState): void {
    if (stateMark(before, "active") !== stateMark(after, "active")) entry.sinceMs = clock.now();
    if (before.run.kind !== "idle" && after.run.kind === "idle") void showBranch(entry);
    if (before.session.title !== after.session.title) void noteTitle(after.session);
    if (after.ended === "deleted" && before.ended === undefined) end(entry, after.session.id);
  }

  async function noteTitle({ id, title }: SessionInfo): Promise<void> {
    await gateway.store
      .update(id, (stored) =>
        stored && stored.title !== title && stored.owner === gateway.instanceId
          ? { ...stored, title, updatedAtMs: clock.now() }
          : stored,
      )
      .catch((error) => logger.debug(`a title could not be noted: ${String(error)}`));
  }

  /** The session was deleted: its thread says so and takes no more prompts, but answers them. */
  function end(entry: Entry, id: SessionId): void {
    entry.runtime.setFace({ status: "ended" });
    entry.conversation?.sayEnded("deleted");
    void release(id, "ended");
  }

  /** The mapping keeps the thread; nobody owns it from now on. */
  async function release(id: SessionId, status: "ended"): Promise<void> {
    const entry = entries.get(id);
    await gateway.store
      .update(id, (stored) => {
        if (!stored || stored.owner !== gateway.instanceId) return stored;
        const { owner: _, ...rest } = stored;
        return { ...rest, status, updatedAtMs: clock.now() };
      })
      .then((mapping) => {
        if (entry && mapping) entry.mapping = mapping;
      })
      .catch((error) =>
        logger.warn(`the end of session ${id} could not be noted: ${String(error)}`),
      );
  }

  function drop(id: SessionId): void {
    const entry = entries.get(id);
    if (!entry) return;
    entry.stopped = true;
    entry.unregister?.();
    entry.runtime.stop();
    entries.delete(id);
  }

  function sinkOf(
    entry: Entry,
    sessionId: SessionId,
    rootPostId: ThreadMapping["rootPostId"],
  ): ThreadSink {
    const mine = async (): Promise<boolean> => {
      const stored = (await gateway.store.load()).find((m) => m.sessionId === sessionId);
      if (!stored || stored.owner === undefined || stored.owner === gateway.instanceId) return true;
      drop(sessionId);
      return false;
    };
    return {
      sessionId,
      post: (post) => {
        void entry.runtime.inLane("a post", async () => {
          if (await mine()) await entry.conversation?.post(post, entry.mapping?.status ?? "active");
        });
      },
      reaction: (reaction, added) => {
        void entry.runtime.inLane("a reaction", async () => {
          if (await mine()) await entry.conversation?.reaction(reaction, added);
        });
      },
      seen: (post) => entry.runtime.seen(post),
      has: (postId) =>
        postId === rootPostId ||
        entry.runtime.keyOf(postId) !== undefined ||
        entry.conversation?.knows(postId) === true,
      view: () => viewOf(entry),
    };
  }

  const viewOf = (entry: Entry): ThreadView => {
    if (!entry.mapping) throw new Error("a thread is listed only once it is open");
    return {
      mapping: entry.mapping,
      state: entry.runtime.state(),
      face: entry.runtime.face(),
      sinceMs: entry.sinceMs,
    };
  };

  return {
    apply(root, event, open) {
      const entry =
        entries.get(root.id) ??
        (open ? add(root, horizonOf(root, event, clock.now()), true) : undefined);
      entry?.runtime.apply(event);
    },
    found(root) {
      if (!entries.has(root.id)) add(root, root.createdMs - 1, false);
    },
    views: () => [...entries.values()].filter((entry) => entry.mapping).map(viewOf),
    async endAll(withinMs) {
      const live = [...entries].filter(
        ([, e]) => e.mapping && e.runtime.state().ended === undefined,
      );
      await Promise.all(
        live.map(async ([id, entry]) => {
          entry.runtime.setFace({ status: "ended" });
          entry.runtime.apply({ type: "exited" });
          entry.conversation?.sayEnded("exited");
          await Promise.all([release(id, "ended"), entry.runtime.settled(withinMs)]);
        }),
      );
    },
    stop() {
      for (const id of [...entries.keys()]) drop(id);
    },
  };
}

/** What came before is history: a new session shows everything, an older one what begins now. */
function horizonOf(root: SessionInfo, event: HostEvent, now: number): number {
  if (event.type === "session-created") return root.createdMs - 1;
  if (event.type === "user-message") return event.message.createdMs - 1;
  return Math.max(root.createdMs - 1, now - 5_000);
}
