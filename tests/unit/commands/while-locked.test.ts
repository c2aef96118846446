import { describe, expect, test } from "bun:test";
import { countsAsTap, isShutOut, mayActOn } from "../../../src/commands/while-locked.ts";
import type { Post } from "../../../src/models/chat.ts";
import { asChannelId, asPostId, asUserId } from "../../../src/models/ids.ts";
import { createMemoryLockSwitch } from "../../support/memory-kill-switch.ts";

const POST: Post = {
  id: asPostId("post"),
  channelId: asChannelId("dm"),
  userId: asUserId("owner"),
  message: "",
  type: "",
  createdMs: 1,
  editedMs: 0,
  deleted: false,
  props: {},
  files: [],
  reactions: [],
};

describe("with the kill switch", () => {
  /** On from 100 to 200; `false` where it is still on. */
  const lockOf = (isOver: boolean) => {
    const lock = createMemoryLockSwitch();
    lock.set(true, 100);
    if (isOver) lock.set(false, 200);
    return lock;
  };

  test.each([
    ["do it", 99, { on: [false, false], over: [false, true] }],
    ["do it", 150, { on: [true, false], over: [true, false] }],
    ["do it", 201, { on: [true, false], over: [false, true] }],
    ["!lock", 150, { on: [false, true], over: [false, true] }],
    ["!unlock", 150, { on: [false, true], over: [false, true] }],
  ])("%p of %p", (message, createdMs, { on, over }) => {
    const said = { ...POST, message, createdMs };
    for (const [isOver, verdict] of [
      [false, on],
      [true, over],
    ] as const) {
      const lock = lockOf(isOver);
      expect([isShutOut(said, lock), mayActOn(said, lock)]).toEqual(verdict);
    }
  });

  test.each([
    [99, false, false],
    [150, false, false],
    [200, false, true],
    [0, false, false],
  ])("a tap of %p", (createdMs, on, over) => {
    const tap = { postId: asPostId("post"), userId: asUserId("owner"), emoji: "x", createdMs };
    expect(countsAsTap(tap, lockOf(false))).toBe(on);
    expect(countsAsTap(tap, lockOf(true))).toBe(over);
    expect(countsAsTap(tap, createMemoryLockSwitch())).toBe(true);
  });
});
