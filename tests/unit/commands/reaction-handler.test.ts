import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  readPromptTap,
  readReaction,
  readTurnTap,
} from "../../../src/commands/reaction-handler.ts";
import { asMessageId, asRequestId } from "../../../src/models/ids.ts";

const PERMISSION = "permission/per_1";
const requestId = asRequestId("per_1");

test.each([
  ["white_check_mark", "once"],
  ["heavy_check_mark", "once"],
  ["+1", "once"],
  ["+1_medium_skin_tone", "once"],
  ["thumbsup_dark_skin_tone", "once"],
  ["unlock", "always"],
  ["x", "reject"],
  ["-1_light_skin_tone", "reject"],
  ["thumbsdown", "reject"],
] as const)("%s on a permission is %s", (emoji, reply) => {
  expect(readReaction(PERMISSION, emoji)).toEqual({ type: "permission", requestId, reply });
});

test.each([PERMISSION, "msg_1/0", "msg_1/answer", "root", "reply/post1", "question/que_1/0"])(
  "the stop sign on %s stops",
  (key) => {
    expect(readReaction(key, "octagonal_sign")).toEqual({ type: "stop" });
    expect(readReaction(key, "stop_sign")).toEqual({ type: "stop" });
  },
);

test("a question takes every emoji to its own table", () => {
  expect(readReaction("question/que_1/2", "two")).toEqual({
    type: "question",
    requestId: asRequestId("que_1"),
    index: 2,
    emoji: "two",
  });
});

test("a stray emoji decides nothing", () => {
  const meant = ["octagonal_sign", "white_check_mark", "unlock", "x"];
  const stray = fc.constantFrom("eyes", "heart", "tada", "constructor", "__proto__", "no", "");
  const key = fc.constantFrom(PERMISSION, "msg_1/0", "root", "permissions/per_1", "", "late");
  fc.assert(
    fc.property(key, stray, (on, emoji) => {
      expect(readReaction(on, emoji)).toBeUndefined();
    }),
  );
  for (const emoji of meant) {
    expect(readReaction(undefined, emoji)).toBeUndefined();
    if (emoji !== "octagonal_sign") expect(readReaction("msg_1/answer", emoji)).toBeUndefined();
  }
});

test.each([
  ["repeat", "again"],
  ["leftwards_arrow_with_hook", "undo"],
  ["twisted_rightwards_arrows", "fork"],
] as const)("%s on a prompt, or the post that quotes one, is %s", (emoji, tap) => {
  expect(readPromptTap(emoji)).toBe(tap);
  const turn = asMessageId("msg_1");
  expect(readTurnTap("msg_1/0", emoji)).toEqual({ tap, turn, isFirst: true });
  expect(readTurnTap("msg_1/answer", emoji)).toEqual({ tap, turn, isFirst: false });
  expect(readTurnTap("msg_1/answer.1", emoji)).toEqual({ tap, turn, isFirst: false });
  for (const key of ["root", "reply/p1", "late/p1", "msg_1/result.0", "queued/1/stopped"]) {
    expect(readTurnTap(key, emoji)).toBeUndefined();
  }
});

test("only a prompt that waits is taken out of the queue", () => {
  expect(readPromptTap("x")).toBe("unqueue");
  expect(readTurnTap("msg_1/0", "x")).toBeUndefined();
  expect(readPromptTap("heart")).toBeUndefined();
});
