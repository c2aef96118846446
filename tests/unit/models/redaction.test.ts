// What must not leave is taken out, in whatever shape it can still be read.
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createRedactor, REDACTED } from "../../../src/models/redaction.ts";

const TOKEN = "qw8ert5zui7opa4sdf6ghj3kly";
/** No token of Mattermost's, but one with everything that is escaped somewhere. */
const ODD = 'a_b*c`d"e/f+g&h<i>j%k~l-m.n!';
const { text, data, find } = createRedactor([TOKEN, ODD]);

/** Every piece of eight characters. */
const pieces = (secret: string): string[] =>
  [...secret].slice(0, -7).map((_, at) => secret.slice(at, at + 8));

describe("the token", () => {
  test.each([
    ["alone", TOKEN, REDACTED],
    ["between words", `a ${TOKEN} b`, `a ${REDACTED} b`],
    ["in an address", `https://x/?t=${TOKEN}&u=1`, `https://x/?t=${REDACTED}&u=1`],
    ["twice", `${TOKEN}${TOKEN}`, REDACTED],
    ["cut at its end", `ls /nope-${TOKEN.slice(0, 20)}`, `ls /nope-${REDACTED}`],
    ["cut at its beginning", `${TOKEN.slice(6)} done`, `${REDACTED} done`],
    ["in two lines", `${TOKEN.slice(0, 13)}\n${TOKEN.slice(13)}`, `${REDACTED}\n${REDACTED}`],
    ["before a picture's address", `!${TOKEN}(https://x/)`, `!${REDACTED}(https://x/)`],
    ["with something invisible in it", TOKEN.replace("5", "5\u200b\u00ad"), REDACTED],
    [
      "with codes in it of what is invisible",
      `${TOKEN.slice(0, 7)}⟨U+200B⟩${TOKEN.slice(7, 14)}⟨50 × U+00AD⟩${TOKEN.slice(14)}`,
      REDACTED,
    ],
    ["with markup in it", `*${TOKEN.replace("5", "5**").replace("7", "7**~~")}*`, `*${REDACTED}*`],
    [
      "in a terminal's colours",
      [...TOKEN].map((char) => `\u001b[1;31m${char}\u001b[0m`).join(""),
      `\u001b[1;31m${REDACTED}\u001b[0m`,
    ],
    ["with control characters in it", [...TOKEN].join("\u0001"), REDACTED],
    ["in JSON's escapes", TOKEN.replace("8", "\\u0038"), REDACTED],
    ["in a URL's escapes", TOKEN.replaceAll("8", "%38"), REDACTED],
    ["in a page's escapes", TOKEN.replaceAll("8", "&#x38;").replace("5", "&#53;"), REDACTED],
    ["after a backslash", `\\${TOKEN}\\n`, `${REDACTED}\\n`],
  ])("%s", (_, given, wanted) => expect(text(given)).toBe(wanted));

  test("leaves the backticks in it, which begin or end code", () => {
    const { text } = createRedactor([TOKEN]);
    const code = `\`${TOKEN.replace("5", "5`")} \`![a](u)\``;
    expect(text(code)).toBe(`\`${REDACTED}\` \`![a](u)\``);
    expect(text(`\`${TOKEN}\``)).toBe(`\`${REDACTED}\``);
  });

  test("of odd characters, as Markdown, JSON, a URL and a page write it", () => {
    const markdown = ODD.replace(/[_*`~<>!]/g, "\\$&");
    const page = ODD.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
    for (const written of [ODD, markdown, page, encodeURIComponent(ODD), JSON.stringify(ODD)]) {
      expect(text(written).replaceAll('"', "")).toBe(REDACTED);
    }
  });

  test("is not seen in what only looks like a piece of it", () => {
    for (const harmless of [
      TOKEN.slice(0, 7),
      TOKEN.toUpperCase(),
      "100 % sure \\o/ &amp; &c",
      "…",
    ])
      expect(text(harmless)).toBe(harmless);
  });
});

test("no piece of eight characters is left, however the text around it looks", () => {
  const around = fc.string({
    unit: fc.constantFrom("a", "q", "\\", "%", "&", "\u200b", "\n", "w8", "*", "`", "\u0001"),
  });
  const part = fc
    .tuple(fc.nat(26), fc.nat(26))
    .map(([from, to]) => TOKEN.slice(Math.min(from, to), Math.max(from, to)));
  fc.assert(
    fc.property(fc.array(fc.oneof(around, part, fc.constant(TOKEN))), (parts) => {
      const cleared = text(parts.join(""));
      for (const piece of pieces(TOKEN)) expect(cleared).not.toContain(piece);
      expect(text(cleared)).toBe(cleared);
    }),
  );
});

test("no text grows over a limit", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(...pieces(TOKEN)))), (parts) => {
      const given = parts.join("");
      expect(text(given).length).toBeLessThanOrEqual(given.length);
    }),
  );
});

test("plain data is cleared at every depth, names too; numbers and bytes' places stay", () => {
  expect(data({ a: [TOKEN, { [`x${TOKEN}`]: `y${TOKEN}` }], n: 1, u: undefined, z: null })).toEqual(
    {
      a: [REDACTED, { [`x${REDACTED}`]: `y${REDACTED}` }],
      n: 1,
      u: undefined,
      z: null,
    },
  );
  expect(find(`ab${TOKEN}`)).toEqual([{ start: 2, end: 28 }]);
});

test("what is too short to be a token, or none, changes nothing", () => {
  const none = createRedactor(["", undefined, "token", "  "]);
  expect(none.text("the token is a token")).toBe("the token is a token");
});

test("takes time in proportion to the text, and little", () => {
  const nasty = "\\%&#x".repeat(200_000);
  const began = performance.now();
  text(nasty);
  expect(performance.now() - began).toBeLessThan(3_000);
});
