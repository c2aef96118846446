import { join } from "node:path";
import { createThreadMappingStore } from "../../src/persistence/thread-mapping-store.ts";
import { createMemoryMappingStore } from "../support/memory-mapping-store.ts";
import { createRecordingLogger } from "../support/recording-logger.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { mappingStoreContract } from "./mapping-store.ts";

mappingStoreContract("the file", () => {
  const folder = temporaryFolder();
  const path = join(folder.path, "opencode", "mattermost-threads.json");
  return {
    open: () =>
      createThreadMappingStore({ path, logger: createRecordingLogger(), now: () => Date.now() }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
});

mappingStoreContract("the memory store of the tests", () => {
  const store = createMemoryMappingStore();
  return { open: () => store, [Symbol.dispose]: () => undefined };
});
