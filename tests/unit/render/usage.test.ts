import { expect, test } from "bun:test";
import {
  changedFiles,
  changedLines,
  contextUse,
  counted,
  money,
  percent,
} from "../../../src/render/usage.ts";

test.each([
  [0, "$0.00"],
  [0.004, "<$0.01"],
  [0.42, "$0.42"],
  [12, "$12.00"],
])("%d US dollars: %s", (usd, shown) => {
  expect(money(usd)).toBe(shown);
});

test("shares are whole percents", () => {
  expect(percent(46_000, 200_000)).toBe("23 %");
});

test.each<[tokens: number, limit: number | undefined, shown: string]>([
  [0, 200_000, ""],
  [46_000, 200_000, "context 23 %"],
  [46_400, undefined, "context 46k"],
  [800, 0, "context 800"],
])("%d tokens of %p: %p", (tokens, limit, shown) => {
  expect(contextUse(tokens, limit)).toBe(shown);
});

test.each([
  [3, 24, 7, "3 files +24 −7", "+24 −7"],
  [1, 3, 0, "1 file +3", "+3"],
  [1, 0, 2, "1 file −2", "−2"],
  [2, 0, 0, "2 files", ""],
  [0, 0, 0, "", ""],
])("%d files, %d added, %d deleted", (files, additions, deletions, inFiles, inLines) => {
  expect(changedFiles({ files, additions, deletions })).toBe(inFiles);
  expect(changedLines({ additions, deletions })).toBe(inLines);
});

test("one is singular", () => {
  expect([counted(1, "tool"), counted(2, "tool")]).toEqual(["1 tool", "2 tools"]);
});
