// Run as a process of its own: adds one session after the other and acknowledges each when it is stored.
import { asSessionId } from "../../src/models/ids.ts";
import { createThreadMappingStore } from "../../src/persistence/thread-mapping-store.ts";
import { aMapping } from "./mappings.ts";
import { createRecordingLogger } from "./recording-logger.ts";

const [path = "", writer = "", first = "0", end = "0"] = process.argv.slice(2);
const logger = createRecordingLogger();
const store = createThreadMappingStore({ path, logger, now: () => Date.now() });
for (let number = Number(first); number < Number(end); number++) {
  const id = asSessionId(`${writer}-${number}`);
  await store.update(id, () => aMapping(id, { updatedAtMs: number }));
  process.stdout.write(`${number}\n`);
}
for (const line of logger.lines) process.stderr.write(`${line.message}\n`);
