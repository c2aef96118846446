import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { codeBlock, escapeText, inlineCode } from "../../../../src/render/markdown/markup.ts";

describe("inline code", () => {
  test.each([
    ["npm test", "`npm test`"],
    ["echo `date`", "`` echo `date` ``"],
    ["`a`` b", "``` `a`` b ```"],
    ["two\n  lines", "`two lines`"],
    ["a | b", "`a | b`"],
    ["", ""],
    ["  \n", ""],
  ])("%p is %s", (text, code) => {
    expect(inlineCode(text)).toBe(code);
  });

  test("holds any line and ends only at its end", () => {
    const lines = fc.stringMatching(/^[`a ]{1,12}$/).filter((line) => line.trim() !== "");
    fc.assert(
      fc.property(lines, (line) => {
        const code = inlineCode(line);
        const [, delimiter = "", content = ""] = /^(`+)(.*?[^`])\1$/.exec(code) ?? [];
        expect(content.match(/`+/g)?.includes(delimiter) ?? false).toBe(false);
        expect([line, ` ${line} `]).toContain(content);
      }),
    );
  });
});

describe("a code block", () => {
  test.each([
    ["a", "sh", "```sh\na\n```"],
    ["a\n", "", "```\na\n```"],
    ["```\nx\n```", "", "````\n```\nx\n```\n````"],
    ["x ````` y", "", "``````\nx ````` y\n``````"],
  ])("of %p", (text, language, block) => {
    expect(codeBlock(text, language)).toBe(block);
  });
});

test.each([
  ["plain title", "plain title"],
  ["**bold** _it_ `code`", "\\*\\*bold\\*\\* \\_it\\_ \\`code\\`"],
  ["a | b\n# c", "a \\| b \\# c"],
  ["[x](y) ~~z~~ \\", "\\[x\\](y) \\~\\~z\\~\\~ \\\\"],
])("as part of a first line %p is %p", (text, escaped) => {
  expect(escapeText(text)).toBe(escaped);
});
