import { messageOf } from "./errors.ts";
import type { SessionId } from "./models/ids.ts";
import type { ThreadMapping } from "./models/thread-mapping.ts";
import type { Logger, MappingStore } from "./ports.ts";

/** A session's mapping as it is on disk. Where it cannot be read, nothing says that the thread has gone elsewhere. */
export async function sessionMapping(
  store: MappingStore,
  id: SessionId,
  logger: Logger,
): Promise<ThreadMapping | undefined> {
  try {
    return (await store.load()).find((mapping) => mapping.sessionId === id);
  } catch (error) {
    logger.warn(`the mapping of session ${id} could not be read: ${messageOf(error)}`);
    return undefined;
  }
}
