// "It said ✅, but the answer stopped in the middle of a sentence."
import { describe, expect, test } from "bun:test";
import { parseHostEvent } from "../../src/clients/opencode/opencode-events.ts";
import { renderThread } from "../../src/render/thread.ts";
import { OPTIONS } from "../support/build-state.ts";
import { NOW, play, ROOT, status, text, user } from "../support/events.ts";

/** The thread after a turn whose answer ended for this reason, as OpenCode tells it. */
function endedBy(finish: string, answer = "The first half of"): string {
  const info = {
    id: "msg_1-a",
    sessionID: ROOT,
    role: "assistant",
    parentID: "msg_1",
    time: { created: NOW, completed: NOW + 2_000 },
    modelID: "m",
    providerID: "p",
    finish,
  };
  const reply = parseHostEvent({ type: "message.updated", properties: { info } });
  if (!reply) throw new Error("The message is not understood.");
  const state = play([
    user("msg_1", 0),
    status("busy"),
    reply,
    ...(answer === "" ? [] : [text("msg_1-a", "x", answer)]),
    status("idle"),
  ]);
  return renderThread(state, NOW, OPTIONS)
    .map(({ message }) => message)
    .join("\n---\n");
}

describe("an answer that is not whole is not told as done", () => {
  test.each([
    ["length", "cut off by the model's output limit\nReply `go on` for the rest."],
    ["content-filter", "cut off by the provider's content filter\nSay it in other words"],
    ["error", "ended by an error at the provider\nReply to try again."],
  ])("%s", (finish, said) => {
    const shown = endedBy(finish);
    expect(shown).toStartWith("⚠️ **payments-api** · 2 s · ");
    expect(shown).toContain(said);
    expect(shown).toEndWith("\n\nThe first half of");
    expect(shown).not.toContain("✅");
  });
});

test.each(["stop", "unknown", "other"])("one that ended by itself is (%s)", (finish) => {
  expect(endedBy(finish)).toStartWith("✅ **payments-api** · 2 s\n");
});

describe("an end without an answer is not told as done", () => {
  test.each([
    ["the run ended where the model wanted to go on, as after a denial", "tool-calls", "I look."],
    ["the model said nothing", "stop", ""],
    ["nor why", "unknown", ""],
    ["it said nothing but blanks", "stop", " \n "],
  ])("%s", (_, finish, answer) => {
    const shown = endedBy(finish, answer);
    expect(shown).toStartWith(
      "⚠️ **payments-api** · 2 s · ended without an answer\nReply to go on.",
    );
    expect(shown).not.toContain("✅");
  });
});
