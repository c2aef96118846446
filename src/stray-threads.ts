import { messageOf } from "./errors.ts";
import type { Post } from "./models/chat.ts";
import type { InstanceId, SessionId } from "./models/ids.ts";
import type { Logger, MappingStore } from "./ports.ts";

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
