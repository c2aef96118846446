import { messageOf } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import type { InstanceId, SessionId } from "../models/ids.ts";
import type { Logger, MappingStore } from "../ports.ts";
import type { ThreadSink } from "../thread/ports.ts";

/**
 * Looks after the entries of this process's threads in the mappings file: those that it lost (it was set aside as unreadable, or
 * somebody removed it) are put back; those that others declared lost, because this process was stopped, are taken back. Never
 * rejects.
 */
export function createMappingKeeper(deps: {
  readonly store: MappingStore;
  readonly logger: Logger;
  readonly instanceId: InstanceId;
  readonly sinks: () => readonly ThreadSink[];
}): () => Promise<void> {
  const { store, logger, instanceId } = deps;
  let told = "";

  async function keep(): Promise<void> {
    const live = deps.sinks().flatMap((sink) => {
      const view = sink.view();
      return view && view.state.ended === undefined ? { sink, mapping: view.mapping } : [];
    });
    if (live.length === 0) return;
    const stored = new Map((await store.load()).map((mapping) => [mapping.sessionId, mapping]));
    for (const { sink, mapping } of live) {
      const { sessionId } = mapping;
      const found = stored.get(sessionId);
      if (!found) {
        await store.update(sessionId, (there) => there ?? { ...mapping, owner: instanceId });
        logger.info(`the mapping of session ${sessionId} was lost and is put back`);
      } else if (found.status === "disconnected" && found.owner === undefined) {
        await sink.takeBack();
      }
    }
  }

  return async () => {
    try {
      await keep();
      told = "";
    } catch (error) {
      const problem = messageOf(error);
      if (problem !== told) logger.warn(`the mappings could not be looked after: ${problem}`);
      told = problem;
    }
  };
}

/**
 * Threads that the mappings give to this process, and that nothing here attends to any more: OpenCode loaded the plugin anew for
 * their directory, say. No other process answers there, so this one takes them up again when the owner writes.
 */
export function createStrayThreads(deps: {
  readonly store: MappingStore;
  readonly logger: Logger;
  readonly instanceId: InstanceId;
  /** Changes nothing where the session is attended to here. */
  readonly resume: (session: SessionId) => Promise<unknown>;
}): { readonly post: (post: Post) => Promise<void> } {
  const { store, logger, instanceId, resume } = deps;
  return {
    /** A post that is in no thread that is attended to here. Never rejects. */
    async post({ rootId }) {
      if (rootId === undefined) return;
      try {
        const mapping = (await store.load()).find((known) => known.rootPostId === rootId);
        if (mapping?.owner === instanceId) await resume(mapping.sessionId);
      } catch (error) {
        logger.warn(`a reply in thread ${rootId} could not be looked at: ${messageOf(error)}`);
      }
    },
  };
}
