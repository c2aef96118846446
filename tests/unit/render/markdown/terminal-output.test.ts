import { expect, test } from "bun:test";
import { plainOutput } from "../../../../src/render/markdown/plain-output.ts";
import { lastLines, shortened } from "../../../../src/render/markdown/terminal-output.ts";

test.each([
  ["colours go", "\u001b[1;31mred\u001b[0m text", "red text"],
  ["a title goes", "\u001b]0;title\u0007text", "text"],
  ["of an overwritten line the last version stays", "10 %\r50 %\r100 %\ndone", "100 %\ndone"],
  ["line ends of Windows", "a\r\nb\r\n", "a\nb\n"],
  ["indentation stays", "  a\n\tb", "  a\n\tb"],
])("%s", (_name, output, shown) => {
  expect(plainOutput(output)).toBe(shown);
});

test("the last eight lines, each of a sensible length", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `${index} ${"x".repeat(500)}`);
  const shown = lastLines(`${lines.join("\n")}\n\n`).split("\n");
  expect(shown.map((line) => line.split(" ")[0])).toEqual([
    "12",
    "13",
    "14",
    "15",
    "16",
    "17",
    "18",
    "19",
  ]);
  expect(shown.every((line) => line.length === 120 && line.endsWith("…"))).toBe(true);
});

test("of a long output the beginning and the end", () => {
  expect(shortened("short", 100)).toBe("short");
  const shown = shortened(`begin${"x".repeat(1000)}end`, 21);
  expect(shown).toBe("beginxxxx\n…\nxxxxxxend");
});
