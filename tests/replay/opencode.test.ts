// Recorded traffic of OpenCode through translation, reducer and renderer, to the text of the thread.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { safeMarkdown } from "../../src/render/markdown/safe-markdown.ts";
import { renderThread } from "../../src/render/thread.ts";
import type { ThreadState } from "../../src/state/thread-state.ts";
import { RENDER, readRecording, recordingNames, statesOf, timeOf } from "../support/recordings.ts";

/** Events that a thread does not show. A new name in a recording must be added here or translated. */
const NOT_SHOWN = new Set([
  "session.diff",
  "file.edited",
  "session.execution.started",
  // Without a step it was no turn.
  "session.execution.succeeded",
  "session.inbox.delivered",
  "session.instructions.updated",
  "session.metadata.updated",
  "session.agent.selected",
  "session.step.streamed",
  "session.step.failed",
  "session.tool.input.ended",
  "session.tool.progress",
  "session.compaction.started",
  "session.compaction.delta",
  "session.compaction.failed",
  "session.shell.started",
  "session.shell.ended",
  "session.viewed",
  "location.shutdown",
  // What comes next says whether somebody dismissed it.
  "form.cancelled",
]);
/** Parts that a thread does not show. */
const PARTS_NOT_SHOWN = new Set(["step-start", "step-finish", "patch", "snapshot"]);
/** What OpenCode 2 puts into a session's inbox beside prompts. */
const ITEMS_NOT_SHOWN = new Set(["synthetic", "compaction"]);

test.each(recordingNames)("%s: every event is understood", (name) => {
  const lost = readRecording(name).filter(({ raw, events, type }) => {
    const part = Object(raw).properties?.part?.type;
    const item = Object(raw).data?.item?.type;
    const isShown = ![
      NOT_SHOWN.has(type),
      PARTS_NOT_SHOWN.has(part),
      ITEMS_NOT_SHOWN.has(item),
    ].includes(true);
    return events.length === 0 && isShown;
  });
  expect(lost.map(({ raw }) => raw)).toEqual([]);
});

test.each(recordingNames)("%s: the thread at the end", (name) => {
  const last = [...statesOf(name)].at(-1);
  if (!last) throw new Error("the recording is empty");
  const posts = renderThread(last, timeOf(last), RENDER);
  const text = `${posts.map((post) => post.message).join("\n\n---\n\n")}\n`;
  const path = join(import.meta.dir, "threads", `${name}.md`);
  if (process.env["UPDATE_THREADS"] === "1") void Bun.write(path, text);
  else expect(text).toBe(readFileSync(path, "utf8"));
});

test.each(recordingNames)("%s: no key is there twice, and none goes once it was there", (name) => {
  const states = [...statesOf(name)];
  const keysOf = (state: ThreadState) =>
    renderThread(state, timeOf(state), RENDER).map((post) => post.key);
  const atTheEnd = new Set(states.slice(-1).flatMap(keysOf));
  let before: readonly string[] = [];
  for (const state of states) {
    const keys = keysOf(state);
    expect(new Set(keys).size).toBe(keys.length);
    const gone = before.filter((key) => !keys.includes(key));
    // The end of a turn that OpenCode 2 resumes by itself comes again.
    expect(gone.filter((key) => !name.startsWith("opencode-2/") || !atTheEnd.has(key))).toEqual([]);
    before = keys;
  }
});

test.each(recordingNames)(
  "%s: every finished text is shown once, as OpenCode stored it",
  (name) => {
    const last = [...statesOf(name)].at(-1);
    if (!last) throw new Error("the recording is empty");
    const shown = renderThread(last, timeOf(last), RENDER)
      .map((post) => post.message)
      .join("\n");
    for (const turn of last.turns.filter((t) => !t.compaction)) {
      for (const item of turn.items) {
        if (item.kind !== "text" || !item.done) continue;
        expect(shown).toContain(safeMarkdown(item.text).trimEnd());
      }
    }
  },
);
