import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { safeMarkdown, withoutPictures } from "../../../../src/render/markdown/safe-markdown.ts";
import { readersOfPictures } from "../../../support/markdown-readers.ts";
import { MARKDOWN_PIECES } from "../../../support/odd-markdown.ts";

describe("pictures become links", () => {
  test.each([
    ["![alt](https://x.test/a.png)", "[alt](https://x.test/a.png)"],
    ["![](https://x.test/a.png)", "[picture](https://x.test/a.png)"],
    ['see ![a](//x.test/a "t") and ![b](b.png)', 'see [a](//x.test/a "t") and [b](b.png)'],
    ["![alt][ref]\n\n[ref]: https://x.test", "[alt][ref]\n\n[ref]: https://x.test"],
    ["![Ref]\n\n[ref]: https://x.test", "[Ref]\n\n[ref]: https://x.test"],
    ["![a [b] c](https://x.test)", "[a [b] c](https://x.test)"],
    ["![a\nb](https://x.test)", "[a\nb](https://x.test)"],
    ["- item\n  ![a](https://x.test)", "- item\n  [a](https://x.test)"],
    ["| ![a](https://x.test) |", "| [a](https://x.test) |"],
    ["```\ncode\n```\n![a](https://x.test)", "```\ncode\n```\n[a](https://x.test)"],
    ["Look!![a](u)", "Look! [a](u)"],
    ["!!![](u)", "!! [picture](u)"],
    ["![a\\]b]\n\n- [a\\]b]: /u", "[a\\]b]\n\n- [a\\]b]: /u"],
    ["a\r\r![a](u)", "a\r\r[a](u)"],
    ["what is not stored: !\0[a](u)", "what is not stored: [a](u)"],
  ])("%p", (text, safe) => {
    expect(safeMarkdown(text)).toBe(safe);
  });
});

describe("however code is hinted at around them", () => {
  test.each([
    ["an unclosed backtick", "` ![a](https://x.test)"],
    ["an escaped backtick", "\\`![a](https://x.test)`"],
    ["runs of unequal length", "``![a](https://x.test)`"],
    ["code that began on the line before", "a ` b\n` ![a](https://x.test) `"],
    ["code that began in an item before", "x `\n- y `\n` ![a](https://x.test) `"],
    ["a backtick above a heading", "`\n# h ![a](https://x.test) `"],
    ["a fence that is none", "``` a`b\n![a](https://x.test)\n```"],
    ["a fence indented as code", "text\n\n    ```\n![a](https://x.test)"],
    ["a fence in a list, left by its indentation", "- a\n\n        ```\n![a](https://x.test)"],
    ["a fence in a quote that has ended", "> ```\n![a](https://x.test)"],
    ["a fence that nothing closes", "```\n![a](https://x.test)"],
    ["a fence within HTML", "<div>\n```\n\n![a](https://x.test)\n\n```\n</div>"],
    ["a fence that ends with a blank which is none", "```\n```\u00a0\n![a](https://x.test)\n```"],
    ["a label that takes in a fence", "[b\n```\nc]: /u\n![a](https://x.test)\n```"],
    ["an item that begins after an empty line", "- \n\n```\n- ![a](https://x.test)\n```"],
    ["an indented line of a list, below empty ones", "- a\n\n\n    ![a](https://x.test)"],
    ["emphasis that takes in a backtick", "*x ` y* ![a](https://x.test) `"],
    ["an address that takes in a backtick", "http://x.y/` ![a](https://x.test) `"],
    ["an address that takes in a backslash", "http://x.y/\\![ a](https://x.test)"],
    ["a cell that cuts a code", "| ` | ![a](https://x.test) ` |\n|---|---|"],
    ["an attribute that takes in a backtick", '<b a="`"> ![a](https://x.test) `'],
  ])("%s", (_name, text) => {
    expect(safeMarkdown(text)).not.toMatch(/!\[ ?a\]/);
  });
});

describe("everything else stays byte for byte", () => {
  test.each([
    ["a code block", "```md\n![a](https://x.test)\n```"],
    ["an indented code block in a list", "- x\n  ```md\n  ![a](https://x.test)\n  ```"],
    ["indented code", "text\n\n    ![a](https://x.test)"],
    ["code below a list and a rule", "- x\n\ntext\n\n---\n\n```md\n- ![a](https://x.test)\n```"],
    ["inline code in a list, among emphasis", "- **Note**: use `![a](https://x.test)`"],
    ["inline code", "use `![a](https://x.test)` here"],
    ["inline code with longer delimiters", "use `` ![a](`x`) `` here"],
    ["an escaped mark", "\\![a](https://x.test)"],
    ["Rust", "call vec![1, 2] and #![allow(x)]"],
    ["exclamation marks", "Done!! [a](https://x.test)"],
    ["HTML, which Mattermost does not render", '<img src="https://x.test">'],
    ["mentions and links", "@all see [a](https://x.test)!"],
  ])("%s", (_name, text) => {
    expect(safeMarkdown(text)).toBe(text);
  });
});

test("only exclamation marks before a bracket ever go", () => {
  const pieces = fc.constantFrom(
    "![a](u)",
    "`",
    "```",
    "\n",
    "\n\n",
    "    ",
    "- ",
    "> ",
    "x",
    "\\",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const text = parts.join("");
      expect(safeMarkdown(text).replaceAll("![", "[")).toBe(text.replaceAll("![", "["));
    }),
  );
});

describe("whatever the text, once it is safe", () => {
  /** Fewer kinds of pieces in one text bring more of them together. */
  const texts = fc
    .shuffledSubarray([...MARKDOWN_PIECES], { minLength: 3, maxLength: 14 })
    .chain((some) => fc.array(fc.constantFrom("![a](u)", ...some), { maxLength: 25 }))
    .map((pieces) => pieces.join(""));
  const many = { numRuns: 3_000, seed: 1 };

  test("no reader finds a picture in it", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(readersOfPictures(safeMarkdown(text))).toEqual([]);
        expect(readersOfPictures(withoutPictures(text))).toEqual([]);
      }),
      many,
    );
  });

  test("there is nothing more to do, and a finished post has not become longer", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const safe = safeMarkdown(text);
        expect(safeMarkdown(safe)).toBe(safe);
        expect(withoutPictures(text).length).toBeLessThanOrEqual(text.length);
      }),
      many,
    );
  });
});
