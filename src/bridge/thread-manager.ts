import type { HostEvent, SessionInfo } from "../models/host-event.ts";
import type { SessionId } from "../models/ids.ts";
import { createLifetime } from "../timing/lifetime.ts";
import { createLiveThread, type LiveThread, type LiveThreadDeps } from "./live-thread.ts";

/** A deleted thread is begun anew at most so often. */
const RENEWED_AT_MOST_MS = 600_000;

/** The threads of one directory: which sessions have one, and which events go to which. */
export interface ThreadManager {
  /** An event of a root session or of its sub-agents. `open` says that the session shall have a thread from now on. */
  apply(root: SessionInfo, event: HostEvent, open: boolean): void;
  /** A session that the poll found. */
  found(root: SessionInfo): void;
  /** A session that a person brings back: its thread takes prompts again. */
  resume(root: SessionInfo): void;
  entry(root: SessionId): LiveThread | undefined;
  /** OpenCode has stopped everything to read its configuration again: every thread is brought to what it has stored. */
  reloaded(): void;
  /** The process ends, or goes on without this plugin: every thread says how to come back. Resolves within `withinMs`. */
  endAll(how: "exited" | "unloaded", withinMs: number): Promise<void>;
  stop(): void;
}

export function createThreadManager(deps: LiveThreadDeps): ThreadManager {
  const clock = createLifetime(deps.clock);
  const entries = new Map<SessionId, LiveThread>();
  const renewedMs = new Map<SessionId, number>();
  const waiting = new WeakSet<LiveThread>();

  function add(session: SessionInfo, horizonMs: number, takeOver: boolean): LiveThread {
    const onLost = (): void => drop(session.id);
    const onDeleted = (works: boolean): void => beginAnew(session.id, works);
    const entry = createLiveThread(deps, { session, horizonMs, takeOver, onLost, onDeleted });
    entries.set(session.id, entry);
    return entry;
  }

  /** Soon again only after a while: something may delete every thread at once. */
  function beginAnew(id: SessionId, works: boolean): void {
    const entry = entries.get(id);
    const waitMs =
      (renewedMs.get(id) ?? Number.NEGATIVE_INFINITY) + RENEWED_AT_MOST_MS - clock.now();
    if (!entry || entry.runtime.state().ended !== undefined) return;
    if (waitMs > 0) {
      if (!waiting.has(entry)) clock.schedule(waitMs, () => beginAnew(id, works));
      waiting.add(entry);
      return;
    }
    const { session, turns } = entry.runtime.state();
    const from = turns.find(({ endedMs }) => endedMs === undefined) ?? turns.at(-1);
    drop(id);
    renewedMs.set(id, clock.now());
    add(session, from ? from.message.createdMs - 1 : clock.now(), works);
  }

  /** Resolves with the task, or after `withinMs`. */
  async function within(withinMs: number, task: Promise<void>): Promise<void> {
    let cancel = (): void => undefined;
    const late = new Promise<void>((resolve) => {
      cancel = clock.schedule(withinMs, resolve);
    });
    await Promise.race([task.finally(cancel), late]);
  }

  function drop(id: SessionId): void {
    entries.get(id)?.stop();
    entries.delete(id);
  }

  return {
    apply(root, event, open) {
      const known = entries.get(root.id);
      const entry =
        known ??
        (open && deps.gateway.opensThreads
          ? add(root, horizonOf(root, event, clock.now()), true)
          : undefined);
      entry?.runtime.apply(event);
      if (known && open) known.reclaim();
    },
    found(root) {
      if (!entries.has(root.id)) add(root, root.createdMs - 1, false);
    },
    resume(root) {
      const known = entries.get(root.id);
      if (known && known.runtime.state().ended === undefined) return;
      drop(root.id);
      add(root, clock.now(), true);
    },
    entry: (id) => entries.get(id),
    reloaded() {
      for (const { reloaded } of entries.values()) reloaded();
    },
    async endAll(how, withinMs) {
      const live = [...entries.values()].filter(
        ({ view, runtime }) => view() && runtime.state().ended === undefined,
      );
      await Promise.all(
        // The mappings may be locked by somebody who hangs. Then the next start finds out what became of this process.
        live.map((entry) => within(withinMs, entry.end(how))),
      );
    },
    stop() {
      for (const id of [...entries.keys()]) drop(id);
      clock.end();
    },
  };
}

/** What came before is history: a new session shows everything, an older one what begins now. */
function horizonOf(root: SessionInfo, event: HostEvent, now: number): number {
  if (event.type === "session-created") return root.createdMs - 1;
  if (event.type === "user-message") return event.message.createdMs - 1;
  return Math.max(root.createdMs - 1, now - 5_000);
}
