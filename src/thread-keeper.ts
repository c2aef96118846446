import { messageOf } from "./errors.ts";
import type { InstanceId } from "./models/ids.ts";
import type { Logger, MappingStore } from "./ports.ts";
import type { ThreadView } from "./thread-sink.ts";

/**
 * Puts the entries of this process's threads back where the mappings file lost them: it was set aside as unreadable, or somebody
 * removed it. Never rejects.
 */
export function createThreadKeeper(deps: {
  readonly store: MappingStore;
  readonly logger: Logger;
  readonly instanceId: InstanceId;
  readonly views: () => readonly ThreadView[];
}): () => Promise<void> {
  const { store, logger, instanceId } = deps;
  let told = "";
  return async () => {
    try {
      const views = deps.views().filter(({ face }) => face.status === "active");
      if (views.length === 0) return;
      const known = new Set((await store.load()).map(({ sessionId }) => sessionId));
      for (const { mapping } of views.filter((view) => !known.has(view.mapping.sessionId))) {
        const { sessionId } = mapping;
        await store.update(sessionId, (stored) => stored ?? { ...mapping, owner: instanceId });
        logger.info(`the mapping of session ${sessionId} was lost and is put back`);
      }
      told = "";
    } catch (error) {
      const problem = messageOf(error);
      if (problem !== told) logger.warn(`the mappings could not be looked after: ${problem}`);
      told = problem;
    }
  };
}
