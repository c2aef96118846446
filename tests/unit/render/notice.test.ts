import { expect, test } from "bun:test";
import {
  mainDmPromptNotice,
  sessionDisconnectedNotice,
  sessionEndedNotice,
  sessionGoneNotice,
  unknownThreadNotice,
} from "../../../src/render/notice.ts";
import { SESSION } from "../../support/build-state.ts";

test.each([
  [mainDmPromptNotice(), "**Prompts not accepted in main DM**", ["thread", "`!new"]],
  [unknownThreadNotice(), "**Thread not recognized**", ["`!sessions`"]],
  [sessionEndedNotice(SESSION), "**Session ended**", ["`!resume`", `opencode -s ${SESSION}`]],
  [sessionDisconnectedNotice(SESSION), "**Session disconnected**", ["`!resume`"]],
  [sessionGoneNotice(), "**Session ended**", ["`!new`"]],
])("%p is short and says what to do", (notice, first, steps) => {
  expect(notice.split("\n")).toHaveLength(2);
  expect(notice).toStartWith(`${first}\n`);
  for (const step of steps) expect(notice).toContain(step);
});
