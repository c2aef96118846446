// "The thread said ✓, but the command had been stopped. And what are all these [31m?"
import { describe, expect, test } from "bun:test";
import { parsePart } from "../../src/clients/opencode/opencode-parts.ts";
import type { HostEvent } from "../../src/models/host-event.ts";
import { refusedNotice } from "../../src/render/notice.ts";
import { renderCard } from "../../src/render/session-card.ts";
import { renderThread } from "../../src/render/thread.ts";
import { OPTIONS } from "../support/build-state.ts";
import { aSession, failed, play, ROOT, reply, status, user } from "../support/events.ts";

const RED = "\u001b[1;31mERROR\u001b[0m";

/** A tool part as OpenCode stores it. */
function toolPart(state: Readonly<Record<string, unknown>>): HostEvent {
  const part = parsePart({
    id: "prt_1",
    messageID: "msg_1-a",
    type: "tool",
    tool: "bash",
    callID: "call_1",
    state: { status: "completed", input: { command: "npm test" }, title: "npm test", ...state },
  });
  if (!part) throw new Error("The part is not understood.");
  return { type: "part", sessionId: ROOT, part };
}

function shown(...events: readonly HostEvent[]): string {
  const begun = [user("msg_1", 1), status("busy"), reply("msg_1-a", "msg_1")];
  const state = play([...begun, ...events]);
  return renderThread(state, Date.now(), OPTIONS)
    .map(({ message }) => message)
    .join("\n");
}

describe("a command that did not end by itself", () => {
  const time = { start: 1_000, end: 3_000 };
  const note = (text: string): string => `begun\n\n\n<shell_metadata>\n${text}\n</shell_metadata>`;

  test("because of its time limit", () => {
    const output = note("shell tool terminated command after exceeding timeout 2000 ms. If this …");
    const metadata = { output: "begun\n", exit: null };
    expect(shown(toolPart({ output, metadata, time }))).toContain(
      "✗ bash · `npm test` · over its time limit · 2 s",
    );
  });

  test("because it was stopped", () => {
    const output = note("User aborted the command");
    expect(
      shown(toolPart({ output, metadata: { output: "begun\n", exit: null }, time })),
    ).toContain("✗ bash · `npm test` · stopped · 2 s");
  });
});

test("one odd field costs no other", () => {
  const metadata = { output: 7, exit: 3, files: "many", diff: null, truncated: "?" };
  expect(shown(toolPart({ output: "lost", title: 1, time: "now", metadata }))).toContain(
    "✗ bash · `npm test` · exit 3 · lost",
  );
});

describe("colours and other codes of a terminal are not shown", () => {
  test.each([
    ["in what a command printed", toolPart({ output: `ok\n${RED}: no`, metadata: { exit: 1 } })],
    ["in a tool's error", toolPart({ status: "error", error: `${RED}: no` })],
    ["in what it works on", toolPart({ input: { command: `echo ${RED}` } })],
    ["in the provider's failure", failed("provider", `${RED}: no`)],
    ["in a long failure", failed("provider", `${RED}: no ${"and on ".repeat(90)}`)],
  ])("%s", (_, event) => {
    const text = shown(event, status("idle"));
    expect(text).toContain("ERROR");
    expect(text).not.toContain("\u001b");
    expect(text).not.toMatch(/\[1;31m|U\+001B/);
  });

  test("in a title", () => {
    const options = { project: "p", directory: "~/p", used: true, utcOffsetMinutes: 0 };
    const state = play([
      { type: "session-updated", session: aSession("ses_root", { title: RED }) },
    ]);
    expect(renderCard(state, options)).toContain("· ERROR\n");
  });
});

describe("a web page instead of an answer", () => {
  const page =
    "<!DOCTYPE html><html><head><title>502 Bad Gateway &amp; more</title><style>a{}</style></head><body><h1>Oops</h1></body></html>";

  test.each([
    ["its title is told", page, "502 Bad Gateway & more"],
    ["with what stands before it", `Bad Gateway: ${page}`, "Bad Gateway: 502 Bad Gateway & more"],
    ["without a title, its heading", page.replace(/<title.*title>/, ""), "Oops"],
    ["without either, its text", "<html><script>x()</script><p>Away</p></html>", "Away"],
  ])("%s", (_, message, told) => {
    expect(shown(failed("provider", message), status("idle"))).toContain(`· ${told}\n`);
    expect(refusedNotice(message)).toContain(`refuses it: ${told}.`);
  });
});
