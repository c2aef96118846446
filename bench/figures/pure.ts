import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bench } from "tinybench";
import { asChannelId, asInstanceId, asPostId, asSessionId } from "../../src/models/ids.ts";
import type { ThreadMapping } from "../../src/models/thread-mapping.ts";
import { createThreadMappingStore } from "../../src/persistence/thread-mapping-store.ts";
import { splitMessage } from "../../src/render/markdown/split-message.ts";
import { renderThread } from "../../src/render/thread.ts";
import { reduce } from "../../src/state/reduce.ts";
import type { ThreadState } from "../../src/state/thread-state.ts";
import { withClaim } from "../../src/thread/reply-claims.ts";
import { OPTIONS } from "../../tests/support/build-state.ts";
import {
  delta,
  NOW,
  play,
  promptText,
  reply,
  status,
  text,
  user,
} from "../../tests/support/events.ts";
import type { Figure, Result } from "../figure.ts";

const CHARS = 100_000;
const PLACES = [0.1, 0.25, 0.5, 0.75, 1];
const PARAGRAPH =
  "A paragraph of an answer with `code`, **emphasis**, a [link](https://example.com/a) and plain words.\n\n";

/** The parts without I/O alone, on an answer of 100,000 characters. */
export async function pure(): Promise<Result> {
  const figures: Figure[] = [];
  const points: [number, number][] = [];
  for (const place of PLACES) {
    const chars = CHARS * place;
    const state = answerOf(chars);
    const added = delta("msg_1-a", "msg_1-t", " word");
    const samples = await measured(() => {
      const next = reduce(state, added, NOW);
      return renderThread(next, NOW, OPTIONS).map(({ message }) => message.length);
    });
    points.push([chars, median(samples)]);
    figures.push({
      name: `reduce, render and split for one word more, at ${chars.toLocaleString("en")} characters`,
      unit: "ms",
      samples,
      ...(place === 1 && { goal: { of: "median", atMost: 1 } as const }),
    });
  }
  let texts = 0;
  const whole = PARAGRAPH.repeat(CHARS / PARAGRAPH.length);
  figures.push({
    name: "split 100,000 characters into posts",
    unit: "ms",
    // One that begins otherwise each time: what is remembered of the last one does not help.
    samples: await measured(() => splitMessage(`${texts++} ${whole}`, OPTIONS.maxPostChars)),
  });
  figures.push(...(await claims()));
  const curve = {
    title: "Reduce, render and split for one word more",
    x: "characters of the answer so far",
    y: "ms",
    lines: [{ name: "median", points }],
  };
  return { figures, curves: [curve] };
}

const median = (samples: readonly number[]): number =>
  samples.toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;

/** An answer that has come so far. */
function answerOf(chars: number): ThreadState {
  const written = PARAGRAPH.repeat(Math.ceil(chars / PARAGRAPH.length)).slice(0, chars);
  return play([
    user("msg_1", 1),
    promptText("msg_1", "Tell me all."),
    status("busy"),
    reply("msg_1-a", "msg_1"),
    text("msg_1-a", "msg_1-t", written, false),
  ]);
}

async function measured(
  task: () => unknown,
  before: () => Promise<void> = async () => undefined,
): Promise<readonly number[]> {
  const bench = new Bench({ time: 500, retainSamples: true });
  const once = async (): Promise<void> => {
    await task();
  };
  bench.add("it", once, { beforeEach: before });
  const [only] = await bench.run();
  const result = only?.result;
  if (result?.state !== "completed") throw new Error(`It came to no end: ${result?.state}.`);
  return result.latency.samples ?? [];
}

/** What takes a reply, so that no other process acts on it: a lock, the file read anew, and written. */
async function claims(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-claims-"));
  try {
    const figures: Figure[] = [];
    for (const known of [1, 1_000]) {
      const path = join(folder, `mappings-${known}.json`);
      const store = createThreadMappingStore({ path, logger: SILENT, now: Date.now });
      for (let at = 0; at < known; at++)
        await store.update(asSessionId(`ses_${at}`), () => mapping(at));
      let posts = 0;
      const claim = () =>
        store.update(
          asSessionId("ses_0"),
          (found) =>
            found &&
            withClaim(found, { post: asPostId(`post${posts++}`), by: INSTANCE, to: "run" }),
        );
      figures.push({
        name: `a reply is claimed, ${known.toLocaleString("en")} known thread${known === 1 ? "" : "s"}`,
        unit: "ms",
        // Replies do not come in the same millisecond: then one would wait for the door that is left open to other processes.
        samples: await measured(claim, () => Bun.sleep(2)),
        ...(known === 1 && { goal: { of: "median", atMost: 2 } as const }),
      });
    }
    return figures;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const INSTANCE = asInstanceId("bench");
const nothing = (): undefined => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const mapping = (at: number): ThreadMapping => ({
  sessionId: asSessionId(`ses_${at}`),
  channelId: asChannelId("channel"),
  rootPostId: asPostId(`root${at}`),
  directory: "/home/alice/projects/api",
  project: "api",
  title: `Work ${at}`,
  machineId: "machine",
  status: "active",
  owner: INSTANCE,
  createdAtMs: NOW,
  updatedAtMs: NOW,
});
