import { expect, test } from "bun:test";
import fc from "fast-check";
import { limited, noAnswer } from "../../../support/fake-chat.ts";
import { createStreaming, final, live, type Streaming } from "../../../support/streaming.ts";

const MINUTE_MS = 60_000;
const CALLS = ["createPost", "editPost", "deletePost"] as const;
const KINDS = ["fails", "is done and fails", "lands late", "is limited"] as const;

interface Fault {
  readonly call: (typeof CALLS)[number];
  readonly kind: (typeof KINDS)[number];
}

/** Plans a fault; what comes late is let go by the returned function. */
function plan({ chat: { faults } }: Streaming, { call, kind }: Fault): () => void {
  if (kind === "lands late") return faults.late(call).release;
  if (kind === "is limited") faults.fail(call, limited(2_000));
  else faults.fail(call, noAnswer(), { after: kind === "is done and fails" });
  return () => undefined;
}

const fault = fc.record({ call: fc.constantFrom(...CALLS), kind: fc.constantFrom(...KINDS) });
const change = fc.record({
  texts: fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 4 }),
  settled: fc.boolean(),
  passMs: fc.integer({ min: 0, max: 40_000 }),
  faults: fc.array(fault, { maxLength: 3 }),
  land: fc.boolean(),
});

test("whatever fails in whatever order, the thread ends as it should be", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
      const streaming = await createStreaming();
      const { want, clock, texts, streamer } = streaming;
      const lateOnes: (() => void)[] = [];
      let count = 0;
      for (const { texts: wanted, settled, passMs, faults, land } of changes) {
        lateOnes.push(...faults.map((each) => plan(streaming, each)));
        count = Math.max(count, wanted.length);
        const posts = Array.from({ length: count }, (_, i) => wanted[i] ?? "gone");
        want(...posts.map((text, i) => (settled ? final : live)(String(i), text)));
        await clock.advance(passMs);
        if (land) for (const release of lateOnes.splice(0)) release();
      }
      const end = Array.from({ length: count }, (_, i) => final(String(i), `end ${i}`));
      want(...end);
      await clock.advance(5 * MINUTE_MS);
      for (const release of lateOnes) release();
      await clock.advance(5 * MINUTE_MS);
      expect([...texts()].sort()).toEqual(end.map((post) => post.message));
      streamer.stop();
    }),
    { numRuns: 150 },
  );
}, 60_000);
