import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readPermissionAnswer } from "../../../src/commands/permission-answer.ts";

describe("an answer", () => {
  test.each([
    ["yes", "once"],
    ["Yes.", "once"],
    ["YES!", "once"],
    ["yes!!", "once"],
    ["yes,", "once"],
    [" y \n", "once"],
    ["ok", "once"],
    ["once", "once"],
    ["!yes", "once"],
    ["always", "always"],
    ["Always.", "always"],
    ["!always", "always"],
    ["no", "reject"],
    ["No.", "reject"],
    ["no!!", "reject"],
    ["deny", "reject"],
    ["!no", "reject"],
    ["no,", "reject"],
    ["no -", "reject"],
    ["Yes please", "once"],
    ["yes, please!", "once"],
    ["sure", "once"],
    ["Sure, go ahead.", "once"],
    ["go ahead", "once"],
    ["ok do it", "once"],
    ["yes\nplease", "once"],
    ["Allow it", "once"],
    ["yes, always", "always"],
    ["always allow, thanks", "always"],
    ["no thanks", "reject"],
    ["No, thank you.", "reject"],
    ["nope", "reject"],
    ["not now", "reject"],
    ["please don't", "reject"],
    ["Don’t do that!", "reject"],
    ["👍", "once"],
    ["👍🏽 thanks", "once"],
    ["✔️", "once"],
    ["✅", "once"],
    [":+1:", "once"],
    [":thumbsup_medium_skin_tone:", "once"],
    [":white_check_mark: ", "once"],
    ["🔓", "always"],
    ["👎", "reject"],
    ["❌", "reject"],
    [":-1:", "reject"],
  ] as const)("%j is %s", (text, reply) => {
    expect(readPermissionAnswer(text)).toEqual({ reply });
  });

  test.each([
    ["no, because it deletes my work", "because it deletes my work"],
    ["no because it deletes my work", "because it deletes my work"],
    ["No: use npm ci", "use npm ci"],
    ["no; later", "later"],
    ["no - use npm ci", "use npm ci"],
    ["no – use npm ci", "use npm ci"],
    ["no — use npm ci", "use npm ci"],
    ["no,\nuse npm ci\nplease", "use npm ci\nplease"],
    ["!no use npm ci", "use npm ci"],
    ["!no, use npm ci", "use npm ci"],
    ["no, --force is dangerous", "--force is dangerous"],
    ["!no --force is dangerous", "--force is dangerous"],
    ["no, .env is secret", ".env is secret"],
    ["reject, wrong file", "wrong file"],
    ["No. Use rg instead", "Use rg instead"],
    ["No! Use rg instead", "Use rg instead"],
    ["no\nuse rg instead", "use rg instead"],
    ["no.\n\n- use rg\n- not grep", "- use rg\n- not grep"],
    ["nope, wrong folder", "wrong folder"],
    ["no thanks, I'd rather use ‘rg’", "I'd rather use ‘rg’"],
    ["👎 – use npm ci", "use npm ci"],
    ["not now: first the tests", "first the tests"],
  ])("%j denies and says why", (text, reason) => {
    expect(readPermissionAnswer(text)).toEqual({ reply: "reject", reason });
  });
});

test.each([
  "yes please do X",
  "yes, do that and then run rm -rf",
  "Yes. And push it",
  "yes but only the tests",
  "yes?",
  "always use tabs",
  "always, everywhere",
  "ok now fix the tests",
  "y-axis label is wrong",
  "no-op change, please",
  "no-one uses this",
  "n-gram model",
  "no tests are needed",
  "now",
  "sure, but only in /tmp",
  "ok but use rg",
  "go ahead and push",
  "yes no",
  "yes 👎",
  "no?",
  "no. 5",
  "please",
  "thanks",
  "thank you!",
  "no.5 is wrong",
  "no use",
  "don't forget the tests",
  "never mind the tests",
  "fine-tune the model",
  "approved by whom",
  ":tada:",
  "🎉",
  "yesterday",
  "1",
  "",
  "!",
  "!important",
  "constructor",
  "__proto__",
  "toString",
  "the answer is yes",
  "ja",
])("%j answers nothing", (text) => {
  expect(readPermissionAnswer(text)).toBeUndefined();
});

test("nothing that goes on after a word of consent consents", () => {
  const consent = fc.constantFrom("yes", "y", "ok", "once", "always", "allow", "!yes", "!always");
  const more = fc.string({ unit: "binary" }).filter((text) => /[\p{L}\p{N}]/u.test(text));
  fc.assert(
    fc.property(consent, more, (word, rest) => {
      expect(readPermissionAnswer(`${word} ${rest}`)?.reply ?? "reject").toBe("reject");
    }),
  );
});
