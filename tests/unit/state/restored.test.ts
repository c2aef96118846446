// What OpenCode has stored comes to a state that has heard a part of it.
import { expect, test } from "bun:test";
import type { HostEvent } from "../../../src/models/host-event.ts";
import type { ThreadState } from "../../../src/state/thread-state.ts";
import {
  BEFORE_ALL,
  delta,
  NOW,
  play,
  promptText,
  reply,
  status,
  storedOf,
  text,
  tool,
  user,
  wholeTurn,
} from "../../support/events.ts";

/** A turn that was heard up to the middle of a text, and then nothing more. */
const BEGUN: readonly HostEvent[] = [
  user("msg_1", 1),
  promptText("msg_1", "go"),
  status("busy"),
  reply("msg_1-a", "msg_1"),
  tool("msg_1-a", "t1", { state: "running" }),
  text("msg_1-a", "x", "", false),
  delta("msg_1-a", "x", "Half of it"),
];

const restored = (state: ThreadState, events: readonly HostEvent[]): ThreadState =>
  play([{ type: "restored", messages: storedOf(events), horizon: BEFORE_ALL }], state);

const texts = (state: ThreadState): readonly string[] =>
  state.turns.flatMap(({ items }) => items.flatMap((i) => (i.kind === "text" ? i.text : [])));

test("what ended unheard is told as it ended", () => {
  const aborted = { kind: "aborted", message: "" } as const;
  const stored = [
    user("msg_1", 1),
    reply("msg_1-a", "msg_1", { completedMs: NOW + 5_000, error: aborted }),
    tool("msg_1-a", "t1", { state: "error" }),
    text("msg_1-a", "x", "Half of it, and more"),
  ];
  const state = play([status("idle")], restored(play(BEGUN), stored));
  expect(texts(state)).toEqual(["Half of it, and more"]);
  expect(state.turns[0]?.outcome).toEqual({ kind: "stopped" });
  expect(state.turns[0]?.endedMs).toBe(NOW + 5_000);
});

test("a text that OpenCode has not stored yet stays as it was heard, and grows on", () => {
  const stored = [user("msg_1", 1), reply("msg_1-a", "msg_1"), text("msg_1-a", "x", "", false)];
  const state = play([delta("msg_1-a", "x", "!")], restored(play(BEGUN), stored));
  expect(texts(state)).toEqual(["Half of it!"]);
});

test("a turn that gave way to a newer prompt, as far as was heard, and was cut off, is told as stopped", () => {
  const error = { kind: "aborted", message: "" } as const;
  const heard = [...BEGUN, user("msg_2", 9), reply("msg_2-a", "msg_2", { createdMs: NOW + 9 })];
  const before = play(heard);
  expect(before.turns[0]?.outcome).toEqual({ kind: "continued" });
  const stored = [user("msg_1", 1), reply("msg_1-a", "msg_1", { completedMs: NOW + 5, error })];
  expect(restored(before, stored).turns.map(({ outcome }) => outcome)).toEqual([
    { kind: "stopped" },
    undefined,
  ]);
});

test.each([
  ["finished", true],
  ["was cut off", false],
])(
  "a turn of which only the end was heard has its beginning too, which %s, in its order, and stays over",
  (_, finished) => {
    const begun = reply("msg_1-a", "msg_1", { createdMs: NOW + 1, finished });
    const ended = reply("msg_1-c", "msg_1", { createdMs: NOW + 9, finished: true });
    const heard = [
      user("msg_1", 1),
      status("busy"),
      ended,
      text("msg_1-c", "x", "Then"),
      status("idle"),
    ];
    const stored = [
      user("msg_1", 1),
      begun,
      text("msg_1-a", "x", "First"),
      ended,
      text("msg_1-c", "x", "Then"),
    ];
    for (const before of [play(heard), play(heard.slice(0, -1))]) {
      const state = restored(before, stored);
      expect(texts(state)).toEqual(["First", "Then"]);
      expect(state.turns[0]?.replies.map(({ id }) => String(id))).toEqual(["msg_1-a", "msg_1-c"]);
      expect(state.turns[0]?.endedMs).toBe(before.turns[0]?.endedMs);
      expect(state.turns[0]?.outcome).toEqual(before.turns[0]?.outcome);
    }
  },
);

test("a turn that went on unheard after its end is told to its end", () => {
  const stored = [
    ...wholeTurn("msg_1", 1),
    reply("msg_1-z", "msg_1", { createdMs: NOW + 99, completedMs: NOW + 100, finished: true }),
    text("msg_1-z", "x", "And more"),
  ];
  const state = restored(play(wholeTurn("msg_1", 1)), stored);
  expect(texts(state).at(-1)).toBe("And more");
  expect(state.turns[0]?.outcome).toEqual({ kind: "done" });
  expect(state.turns[0]?.endedMs).toBe(NOW + 100);
});

test("an answer that was heard as another prompt's is told there alone", () => {
  const heard = [...wholeTurn("msg_1", 1), ...wholeTurn("msg_2", 5)];
  const stored = [
    ...wholeTurn("msg_1", 1),
    user("msg_2", 5),
    reply("msg_2-a", "msg_1", { createdMs: NOW + 5, finished: true }),
    text("msg_2-a", "x", "answer to msg_2"),
  ];
  const before = play(heard);
  expect(texts(restored(before, stored))).toEqual(texts(before));
});

test("a turn that has ended stays as it was told", () => {
  const before = play(wholeTurn("msg_1", 1));
  const stored = [user("msg_1", 1), reply("msg_1-a", "msg_1"), text("msg_1-a", "x", "Other")];
  expect(restored(before, stored)).toEqual(before);
});
