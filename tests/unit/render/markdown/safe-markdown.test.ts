import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { safeMarkdown } from "../../../../src/render/markdown/safe-markdown.ts";

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
  ])("%s", (_name, text) => {
    expect(safeMarkdown(text)).not.toContain("![a]");
  });
});

describe("everything else stays byte for byte", () => {
  test.each([
    ["a code block", "```md\n![a](https://x.test)\n```"],
    ["an indented code block in a list", "- x\n  ```md\n  ![a](https://x.test)\n  ```"],
    ["indented code", "text\n\n    ![a](https://x.test)"],
    ["inline code", "use `![a](https://x.test)` here"],
    ["inline code with longer delimiters", "use `` ![a](`x`) `` here"],
    ["an escaped mark", "\\![a](https://x.test)"],
    ["Rust", "call vec![1, 2] and #![allow(x)]"],
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
