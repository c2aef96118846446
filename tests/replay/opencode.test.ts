// Recorded traffic of OpenCode through translation, reducer and renderer, to the text of the thread.
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { safeMarkdown } from "../../src/render/markdown/safe-markdown.ts";
import { renderThread } from "../../src/render/thread.ts";
import { RENDER, readRecording, recordingNames, statesOf, timeOf } from "../support/recordings.ts";

/** Events that a thread does not show. A new name in a recording must be added here or translated. */
const NOT_SHOWN = new Set(["session.diff", "file.edited"]);
/** Parts that a thread does not show. */
const PARTS_NOT_SHOWN = new Set(["step-start", "step-finish", "patch", "snapshot"]);

test.each(recordingNames)("%s: every event is understood", (name) => {
  const lost = readRecording(name).filter(({ raw, event, type }) => {
    const part = Object(raw).properties?.part?.type;
    return !event && !NOT_SHOWN.has(type) && !PARTS_NOT_SHOWN.has(part);
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
  let before: readonly string[] = [];
  for (const state of statesOf(name)) {
    const keys = renderThread(state, timeOf(state), RENDER).map((post) => post.key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(before.filter((key) => !keys.includes(key))).toEqual([]);
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
