import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createThreadMappingStore } from "../../src/persistence/thread-mapping-store.ts";
import { createRecordingLogger } from "./recording-logger.ts";

export interface Crowd {
  readonly path: string;
  readonly writers: number;
  readonly changesEach: number;
  /** A writer is killed with SIGKILL after so many acknowledged changes, counted over all; another one goes on for it. */
  readonly killEvery: number;
}

export interface CrowdReport {
  readonly acknowledged: number;
  /** Acknowledged changes that the file does not hold. */
  readonly lost: readonly string[];
  readonly kills: number;
  /** How often the file was read while they wrote, and each time that it was not whole or held less than before. */
  readonly reads: number;
  readonly torn: readonly string[];
  /** What the store had to say: nothing, where all is well. */
  readonly complaints: string;
  readonly tookMs: number;
}

/** Several processes change one file at the same time, and are killed at any moment. */
export async function runCrowd(crowd: Crowd): Promise<CrowdReport> {
  const startedAt = performance.now();
  const acknowledged = new Set<string>();
  const tally = { kills: 0, complaints: "" };

  const writeAll = async (writer: string): Promise<void> => {
    let next = 0;
    while (next < crowd.changesEach) {
      const child = spawnWriter(crowd, writer, next);
      const complaints = new Response(child.stderr).text();
      for await (const number of numbersIn(child.stdout)) {
        acknowledged.add(`${writer}-${number}`);
        next = number + 1;
        if (acknowledged.size % crowd.killEvery !== 0 || child.killed) continue;
        tally.kills++;
        child.kill("SIGKILL");
      }
      tally.complaints += await complaints;
      await child.exited;
      if (child.signalCode === null && next < crowd.changesEach) return;
    }
  };

  const reader = readAllTheTime(crowd.path);
  await Promise.all(Array.from({ length: crowd.writers }, (_, at) => writeAll(`w${at}`)));
  const watched = await reader.stop();
  const logger = createRecordingLogger();
  const store = createThreadMappingStore({ path: crowd.path, logger, now: () => Date.now() });
  const stored = new Set<string>((await store.load()).map((mapping) => mapping.sessionId));
  return {
    ...tally,
    ...watched,
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((id) => !stored.has(id)),
    complaints: tally.complaints + logger.lines.map((line) => line.message).join("\n"),
    tookMs: performance.now() - startedAt,
  };
}

function spawnWriter(crowd: Crowd, writer: string, first: number) {
  const program = join(import.meta.dir, "mapping-writer.ts");
  return Bun.spawn(
    [process.execPath, program, crowd.path, writer, `${first}`, `${crowd.changesEach}`],
    { stdin: "ignore", stdout: "pipe", stderr: "pipe" },
  );
}

/** Whole lines only: a writer may be killed while it says something. */
async function* numbersIn(stream: ReadableStream<Uint8Array>): AsyncGenerator<number> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.map(Number);
  }
}

/** Without any lock: what other programs, and people, see of the file. */
function readAllTheTime(path: string): {
  stop(): Promise<{ reads: number; torn: readonly string[] }>;
} {
  const torn: string[] = [];
  let [reads, before, going] = [0, 0, true];
  const done = (async () => {
    while (going) {
      await Bun.sleep(5);
      const text = await readFile(path, "utf8").catch(() => undefined);
      if (text === undefined) {
        if (reads > 0) torn.push("gone");
        continue;
      }
      reads++;
      const count = entriesIn(text);
      if (count === undefined || count < before) torn.push(`${before} → ${count}`);
      before = count ?? before;
    }
  })();
  return {
    async stop() {
      going = false;
      await done;
      return { reads, torn };
    },
  };
}

function entriesIn(text: string): number | undefined {
  try {
    return JSON.parse(text).threads.length;
  } catch {
    return undefined;
  }
}
