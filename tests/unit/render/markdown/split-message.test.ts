import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { countChars } from "../../../../src/render/markdown/chars.ts";
import { type Fence, fenceAfter } from "../../../../src/render/markdown/fence.ts";
import { splitMessage, splitParts } from "../../../../src/render/markdown/split-message.ts";

const line = (char: string, chars: number): string => `${char.repeat(chars)}\n`;
const family = "👨‍👩‍👧‍👦";

describe("where a text is cut", () => {
  test.each<[name: string, text: string, limit: number, parts: string[]]>([
    ["a text that fits stays whole", "hello", 5, ["hello"]],
    ["an empty text is one empty post", "", 5, [""]],
    ["between paragraphs", "aaaa aaaa\n\nbbbb bbbb", 16, ["aaaa aaaa\n\n", "bbbb bbbb"]],
    ["between lines", "aaaa aaaa\nbbbb bbbb", 14, ["aaaa aaaa\n", "bbbb bbbb"]],
    ["blank lines end a part", "aaaa\naaaa\n\nbbbb", 10, ["aaaa\n", "aaaa\n\nbbbb"]],
    [
      "no part begins with what looks like a fence",
      "aaaa b ```x```",
      7,
      ["aaaa ", "b ```", "x```"],
    ],
    ["between words", "aaaa bbbb cccc", 11, ["aaaa bbbb ", "cccc"]],
    ["anywhere in one long word", "abcdefghij", 4, ["abcd", "efgh", "ij"]],
    ["code points count, not UTF-16 units", "😀😀😀😀", 4, ["😀😀😀😀"]],
    ["never inside a surrogate pair", "a😀😀", 2, ["a😀", "😀"]],
    ["never inside a family", `ab${family}`, 8, ["ab", family]],
    ["never before a combining mark", "aae\u0301", 3, ["aa", "e\u0301"]],
    ["a grapheme longer than a post is cut", family, 4, ["👨‍👩‍", "👧‍👦"]],
    [
      "a list that fits a post is kept whole",
      "intro\n\n- one one\n- two two\n- three\n",
      30,
      ["intro\n\n", "- one one\n- two two\n- three\n"],
    ],
    [
      "a longer list is cut between its items",
      "- one one one\n  more\n- two two two\n  more\n",
      24,
      ["- one one one\n  more\n", "- two two two\n  more\n"],
    ],
    [
      "a table that fits a post is kept whole",
      "intro\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
      32,
      ["intro\n\n", "| a | b |\n|---|---|\n| 1 | 2 |\n"],
    ],
    [
      "a table row is never cut",
      "x\n| a a a a a a a a a |\n| b b b b b b b b b |\n",
      23,
      ["x\n", "| a a a a a a a a a |\n", "| b b b b b b b b b |\n"],
    ],
    [
      "a code block is closed and opened again with its language",
      "```ts\nconst a = 1;\nconst b = 2;\nconst c = 3;\n```\n",
      40,
      ["```ts\nconst a = 1;\nconst b = 2;\n```", "```ts\nconst c = 3;\n```\n"],
    ],
    [
      "an indented, longer fence too",
      `- item\n  ~~~~js x\n  ${line("a", 20)}  ${line("b", 20)}  ~~~~\n`,
      50,
      [
        `- item\n  ~~~~js x\n  ${line("a", 20)}  ~~~~`,
        `  ~~~~js x\n  ${line("b", 20)}`.concat("  ~~~~\n"),
      ],
    ],
    [
      "a fence in a quote keeps its quote marks",
      `> \`\`\`\n> ${line("a", 20)}> ${line("b", 20)}> \`\`\`\n`,
      40,
      [`> \`\`\`\n> ${line("a", 20)}> \`\`\``, `> \`\`\`\n> ${line("b", 20)}> \`\`\`\n`],
    ],
    [
      "a shorter fence inside a longer one does not close it",
      `\`\`\`\`\n\`\`\`\n${line("a", 20)}${line("b", 20)}\`\`\`\`\n`,
      40,
      [`\`\`\`\`\n\`\`\`\n${line("a", 20)}\`\`\`\``, `\`\`\`\`\n${line("b", 20)}\`\`\`\`\n`],
    ],
    [
      "a fence of the other kind does not close it",
      `\`\`\`\n~~~\n${line("a", 20)}${line("b", 20)}\`\`\`\n`,
      40,
      [`\`\`\`\n~~~\n${line("a", 20)}\`\`\``, `\`\`\`\n${line("b", 20)}\`\`\`\n`],
    ],
    [
      "a long line of code is cut between words",
      `\`\`\`\naaaa bbbb cccc dddd eeee\n\`\`\``,
      24,
      ["```\naaaa bbbb cccc \n```", "```\ndddd eeee\n```"],
    ],
  ])("%s", (_name, text, limit, parts) => {
    expect(splitMessage(text, limit)).toEqual(parts);
  });

  test("a block that ends where the post ends is not opened again", () => {
    const parts = splitMessage("```\naaaaaaaaaaaaaaaa\n```\nbbbbbbbb bbbbbbbb", 26);
    expect(parts).toEqual(["```\naaaaaaaaaaaaaaaa\n```\n", "bbbbbbbb bbbbbbbb"]);
  });
});

const markdown = fc
  .array(
    fc.oneof(
      fc.lorem({ maxCount: 12 }),
      fc.string({ unit: "grapheme", maxLength: 60 }),
      fc.constantFrom(
        "",
        "",
        "```ts",
        "```",
        "~~~~",
        "  ```",
        "> ```",
        "> x",
        "- item",
        "1. ```sh",
      ),
      fc.constantFrom(
        "| a | b |",
        "|---|---|",
        "# heading",
        "    indented",
        family.repeat(9),
        "\t",
      ),
    ),
    { maxLength: 60, size: "max" },
  )
  .map((lines) => lines.join("\n"));
const limits = fc.integer({ min: 60, max: 240 });

/** What is open after the text, read as a renderer reads it. */
function openAfter(text: string): Fence | undefined {
  let fence: Fence | undefined;
  for (const each of text.split("\n")) fence = fenceAfter(fence, each, true);
  return fence;
}

describe("for any text", () => {
  test("no part is over the limit or empty", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 1, max: 240 }), (text, limit) => {
        const parts = splitParts(text, limit);
        expect(splitMessage(text, limit).every((part) => countChars(part) <= limit)).toBe(true);
        expect(parts.length === 1 || parts.every((part) => part.body !== "")).toBe(true);
      }),
    );
  });

  test("without the added fence lines the parts are the text, byte for byte", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 1, max: 240 }), (text, limit) => {
        const bodies = splitParts(text, limit).map((part) => part.body);
        expect(bodies.join("")).toBe(text);
      }),
    );
  });

  test("no surrogate pair is torn", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.integer({ min: 1, max: 9 }),
        (text, limit) => {
          expect(splitMessage(text, limit).every((part) => part.isWellFormed())).toBe(true);
        },
      ),
    );
  });

  test("every part but the last closes the code block that it opens", () => {
    fc.assert(
      fc.property(markdown, limits, (text, limit) => {
        for (const part of splitMessage(text, limit).slice(0, -1)) {
          expect(openAfter(part)).toBeUndefined();
        }
      }),
    );
  });

  test("as the text grows only its last part changes", () => {
    fc.assert(
      fc.property(markdown, limits, fc.nat(), (text, limit, length) => {
        const points = [...text];
        const before = points.slice(0, length % (points.length + 1)).join("");
        const early = splitMessage(before, limit).slice(0, -1);
        expect(splitMessage(text, limit).slice(0, early.length)).toEqual(early);
      }),
    );
  });
});

describe("a text that begins like one that was cut before", () => {
  const piece = fc.constantFrom(
    "a word ",
    "\n",
    "\n\n",
    "```\n",
    "- item\n",
    "😀",
    "\ud83d",
    "|a|b|\n",
  );
  const pieces = (minLength: number) =>
    fc.array(piece, { minLength, maxLength: 60 }).map((all) => all.join(""));
  /** Makes the splitter forget: it remembers a few texts. */
  const forget = (limit: number): void => {
    for (let n = 0; n < 20; n++) splitMessage(`${n} ${"z ".repeat(limit)}`, limit);
  };

  test("is cut as if nothing had gone before, where it grew, shrank or went on otherwise", () => {
    fc.assert(
      fc.property(
        pieces(20),
        pieces(0),
        pieces(0),
        fc.integer({ min: 10, max: 80 }),
        (begin, one, other, limit) => {
          forget(limit);
          const alone = splitMessage(begin + other, limit);
          forget(limit);
          splitMessage(begin + one, limit);
          expect(splitMessage(begin + other, limit)).toEqual(alone);
        },
      ),
    );
  });
});
