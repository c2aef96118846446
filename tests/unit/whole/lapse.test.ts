// OpenCode 2 gives up what nobody has answered for an hour: the request says so in time, and afterwards.
import { expect, test } from "bun:test";
import { readEnvelope } from "../../../src/clients/opencode-2/envelope.ts";
import { createTranslator } from "../../../src/clients/opencode-2/translator.ts";
import type { HostEvent } from "../../../src/models/host-event.ts";
import { renderThread } from "../../../src/render/thread.ts";
import { initialState, reduce } from "../../../src/state/reduce.ts";
import { RENDER, readRecording, rootSession } from "../../support/recordings.ts";

const HOUR_MS = 60 * 60_000;
const ASKED = ["permission.asked", "form.created"];

/** What the thread shows of a recording's request, with what ends its run so long after it was asked. */
function shown(name: string, endsAfterMs: number, end: string, data: object) {
  const translator = createTranslator(() => true);
  const session = rootSession(name);
  let state = initialState(session, { createdMs: session.createdMs - 1, id: "" });
  const tell = (events: readonly HostEvent[], nowMs: number): void => {
    for (const event of events) state = reduce(state, event, nowMs);
  };
  const texts = (nowMs: number): readonly string[] =>
    renderThread(state, nowMs, RENDER).map(({ message }) => message);
  for (const { raw, type } of readRecording(name)) {
    const event = readEnvelope(raw);
    if (!event) continue;
    tell(translator.translate(event), event.created);
    if (!ASKED.includes(type)) continue;
    const before = texts(event.created).find((text) => /needs your OK|asks: /.test(text));
    const endMs = event.created + endsAfterMs;
    const last = {
      id: "evt_end",
      created: endMs,
      type: end,
      data: { sessionID: session.id, ...data },
    };
    const ending = readEnvelope(last);
    if (ending) tell(translator.translate(ending), endMs);
    // As found when OpenCode is asked what it still asks.
    for (const { request } of [...state.permissions, ...state.questions]) {
      state = reduce(state, { type: "request-gone", requestId: request.id }, endMs);
    }
    return { before: before ?? "", after: texts(endMs).join("\n---\n") };
  }
  throw new Error("the recording asks nothing");
}

const INTERRUPTED = "session.execution.interrupted";

test.each([
  ["a permission", "opencode-2/shell-permission-once"],
  ["a question", "opencode-2/question-answered"],
])("%s says until when it is open, and that it lapsed", (_, name) => {
  const { before, after } = shown(name, HOUR_MS, INTERRUPTED, { reason: "inactivity" });
  expect(before).toMatch(/⏱ open until \d\d:\d\d at least/);
  expect(after).toContain("⚫ **Lapsed**: nobody answered in time");
  expect(after).not.toContain("open until");
});

test("a run that somebody stops before that has not lapsed", () => {
  const { after } = shown("opencode-2/shell-permission-once", 60_000, INTERRUPTED, {
    reason: "user",
  });
  expect(after).toContain("⚫ **No longer asked**");
  expect(after).not.toContain("Lapsed");
});
