import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { visibleText } from "../../../../src/render/markdown/visible-text.ts";

describe("what would not be seen is written as its code", () => {
  test.each([
    ["controls and directions", "a\u202eb\u001b[2K\u0085", "a⟨U+202E⟩b⟨U+001B⟩[2K⟨U+0085⟩"],
    ["marks without width", "a\u200bb\u2060c\ufeffd\u00ad", "a⟨U+200B⟩b⟨U+2060⟩c⟨U+FEFF⟩d⟨U+00AD⟩"],
    ["fillers", "\u3164\u115f\u1160\uffa0", "⟨U+3164⟩⟨U+115F⟩⟨U+1160⟩⟨U+FFA0⟩"],
    ["signs that are drawn empty", "\u2800\u{1d159}\u{13441}", "⟨U+2800⟩⟨U+1D159⟩⟨U+13441⟩"],
    ["joiners outside of emoji", "a\u200db\u034fc", "a⟨U+200D⟩b⟨U+034F⟩c"],
    ["variation selectors", "a\ufe0f1\ufe00\u{e0101}", "a⟨U+FE0F⟩1⟨U+FE00⟩⟨U+E0101⟩"],
    ["tags", "\u{e0072}\u{e006d}", "⟨U+E0072⟩⟨U+E006D⟩"],
    ["tags behind a flag", "🏴\u{e0072}\u{e007f}", "🏴⟨U+E0072⟩⟨U+E007F⟩"],
    [
      "what no font knows",
      "a\ue000b\u{f0000}c\ufffed\u0378",
      "a⟨U+E000⟩b⟨U+F0000⟩c⟨U+FFFE⟩d⟨U+0378⟩",
    ],
    ["what stands for something else", "a\ufffcb", "a⟨U+FFFC⟩b"],
    ["marks over their neighbours", "r\u0336m\u0338 a\u20dd", "r⟨U+0336⟩m⟨U+0338⟩ a⟨U+20DD⟩"],
    ["towers of marks", `a${"\u0301".repeat(50)}b`, "a\u0301\u0301\u0301\u0301⟨46 × U+0301⟩b"],
    ["odd blanks", "a\u00a0b\u3000c\u202fd\u1680e", "a⟨U+00A0⟩b⟨U+3000⟩c⟨U+202F⟩d⟨U+1680⟩e"],
    ["odd line ends", "a\u2028b\u2029c\rd\ve", "a⟨U+2028⟩b⟨U+2029⟩c⟨U+000D⟩d⟨U+000B⟩e"],
    ["halves of characters", "\ud800x\udc00", "⟨U+D800⟩x⟨U+DC00⟩"],
    ["long runs of them, counted", `a${"\u200b".repeat(500)}b`, "a⟨500 × U+200B⟩b"],
  ])("%s", (_name, text, visible) => {
    expect(visibleText(text)).toBe(visible);
  });
});

describe("what would push the rest out of sight is counted", () => {
  test.each([
    ["blanks", `echo a${" ".repeat(3000)}; rm`, "echo a⟨3000 blanks⟩; rm"],
    ["tabs and blanks", `a${"\t ".repeat(30)}b`, "a⟨60 blanks⟩b"],
    ["empty lines", `a${"\n".repeat(301)}rm`, "a\n⟨300 empty lines⟩\nrm"],
    ["lines of blanks", `a\n${" \n".repeat(50)}   rm`, "a\n⟨50 empty lines⟩\n   rm"],
  ])("%s", (_name, text, visible) => {
    expect(visibleText(text)).toBe(visible);
  });
});

test.each([
  "plain text",
  "two\n\nlines\r\n\tindented",
  `${" ".repeat(40)}deeply indented`,
  "👍🏽 👨‍👩‍👧‍👦 ❤️‍🔥 🏳️‍🌈 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ 🇩🇪 ©️ ⚠️",
  "é 漢字 العربية ไทย e\u0301",
])("%p is seen as it is", (text) => {
  expect(visibleText(text)).toBe(text);
});

test("nothing of it is hidden any more, and twice is no more than once", () => {
  const hidden = /(?![\t\n\r ])[\p{Cc}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\u2800\u3164\u202e\u200b]|\u034f/u;
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      const visible = visibleText(text);
      expect(visible).not.toMatch(hidden);
      expect(visibleText(visible)).toBe(visible);
    }),
  );
});
