import type { StoreError } from "../../src/errors.ts";
import type { ChannelId, PostId, SessionId } from "../../src/models/ids.ts";
import { ThreadMapping } from "../../src/models/thread-mapping.ts";
import type { MappingStore } from "../../src/ports.ts";

export interface MemoryMappingStore extends MappingStore {
  readonly threads: Map<SessionId, ThreadMapping>;
  readonly cursors: Map<ChannelId, PostId>;
  /** Every change is rejected with it while it is set. */
  failure: StoreError | undefined;
}

export function createMemoryMappingStore(): MemoryMappingStore {
  const threads = new Map<SessionId, ThreadMapping>();
  const cursors = new Map<ChannelId, PostId>();
  const store: MemoryMappingStore = {
    threads,
    cursors,
    failure: undefined,
    load: async () => [...threads.values()],
    async update(sessionId, change) {
      if (store.failure) throw store.failure;
      const stored = threads.get(sessionId);
      const wanted = change(stored) ?? stored;
      // As a file would give it back: a member set to `undefined` is not there.
      if (wanted) threads.set(sessionId, ThreadMapping.parse(JSON.parse(JSON.stringify(wanted))));
      return threads.get(sessionId);
    },
    async prune(isOver) {
      if (store.failure) throw store.failure;
      const over = [...threads.values()].filter(isOver);
      for (const mapping of over) threads.delete(mapping.sessionId);
      return over.length;
    },
    cursor: async (channelId) => cursors.get(channelId),
    async moveCursor(channelId, to) {
      if (store.failure) throw store.failure;
      cursors.set(channelId, to);
    },
  };
  return store;
}
