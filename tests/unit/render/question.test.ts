import { describe, expect, test } from "bun:test";
import type { Question } from "../../../src/models/host-event.ts";
import { asRequestId } from "../../../src/models/ids.ts";
import { countChars } from "../../../src/render/markdown/chars.ts";
import { renderQuestion } from "../../../src/render/question.ts";
import type { PendingQuestion, ThreadState } from "../../../src/state/thread-state.ts";
import { openQuestion } from "../../../src/state/waiting.ts";
import { OPTIONS, SESSION, START_MS, stateOf } from "../../support/build-state.ts";

const COLOR: Question = {
  header: "Color",
  question: "Which color?",
  options: [
    { label: "Red", description: "like *fire*" },
    { label: "Blue", description: "" },
  ],
  multiple: false,
  custom: true,
};
const SIZE: Question = { ...COLOR, header: "Size", question: "Which size?", multiple: true };
const atMs = START_MS + 7 * 60_000;

function asked(questions: readonly Question[], rest: Partial<PendingQuestion> = {}) {
  return { request: { id: asRequestId("que_1"), sessionId: SESSION, questions }, ...rest };
}
function posts(pending: PendingQuestion, state: Partial<ThreadState> = {}) {
  return renderQuestion(pending, stateOf([], state), OPTIONS);
}

test("one question: it is in the first line, its options are marks", () => {
  expect(posts(asked([COLOR]))).toEqual([
    {
      key: "question/que_1/0",
      message: [
        "❓ **payments-api** asks: Which color?",
        "1️⃣ **Red** – like \\*fire\\*",
        "2️⃣ **Blue**",
        "tap one, or reply in your own words · ❌ dismisses",
      ].join("\n"),
      marks: ["one", "two", "x"],
      settled: "final",
      urgency: "interactive",
    },
  ]);
});

describe("how it can be answered", () => {
  const many = Array.from({ length: 12 }, (_, index) => ({ label: `L${index}`, description: "" }));
  test.each<[Partial<Question>, string, number, string | undefined]>([
    [{ custom: false }, "tap one, or reply with its number · ❌ dismisses", 3, "x"],
    [
      { multiple: true },
      "tap all that apply, then ✅, or reply in your own words · ❌ dismisses",
      4,
      "x",
    ],
    [{ options: [] }, "reply with your answer · ❌ dismisses", 1, "x"],
    [{ options: many }, "tap one, or reply in your own words · ❌ dismisses", 11, "x"],
  ])("case %#", (change, legend, count, last) => {
    const [post] = posts(asked([{ ...COLOR, ...change }]));
    expect(post?.message.split("\n").at(-1)).toBe(legend);
    expect(post?.marks).toHaveLength(count);
    expect(post?.marks?.at(-1)).toBe(last);
  });

  test("what is marked so far is shown", () => {
    const [post] = posts(asked([SIZE], { chosen: [1] }));
    expect(post?.message).toContain("1️⃣ **Red** – like \\*fire\\*\n2️⃣ **Blue** ✔");
    expect(post?.marks).toEqual(["one", "two", "white_check_mark", "x"]);
  });

  test("the eleventh option has a number to reply with", () => {
    expect(posts(asked([{ ...COLOR, options: many }]))[0]?.message).toContain("11\\. **L10**");
  });
});

test("a long question has its title in the first line and stands below it whole", () => {
  const question = "Which one?\n\n- first\n- second";
  const [post] = posts(asked([{ ...COLOR, question }]));
  expect(post?.message).toStartWith(`❓ **payments-api** asks: Color\n\n${question}\n\n1️⃣`);
});

test("beyond the limit the whole is a file", () => {
  const question = `${"why ".repeat(5000)}?`;
  const [post] = posts(asked([{ ...COLOR, question }]));
  expect(countChars(post?.message ?? "")).toBeLessThanOrEqual(OPTIONS.maxPostChars);
  expect(post?.files?.[0]?.text).toContain(question);
  expect(post?.marks).toEqual(["one", "two", "x"]);
});

describe("a person sees all that is chosen by", () => {
  const hidden = { label: "Red\u3164", description: "all\u202eof it" };

  test("nothing in question, title and options is hidden", () => {
    const [short] = posts(asked([{ ...COLOR, question: "Which\u200b?", options: [hidden] }]));
    expect(short?.message).toContain("asks: Which⟨U+200B⟩?\n1️⃣ **Red⟨U+3164⟩** – all⟨U+202E⟩of it");
    const question = `Which?\n${"\n".repeat(300)}really\u2800?`;
    const [long] = posts(asked([{ ...COLOR, header: "Co\u00adlor", question }]));
    expect(long?.message).toStartWith(
      "❓ **payments-api** asks: Co⟨U+00AD⟩lor\n\nWhich?\n⟨300 empty lines⟩\nreally⟨U+2800⟩?",
    );
  });

  test.each([
    ["```latex\nx", "```"],
    ["Which?\n> ~~~~\n> b", "> ~~~~"],
  ])("no code that %j leaves open takes the options in", (question, end) => {
    const [post] = posts(asked([{ ...COLOR, question }]));
    expect(post?.message).toContain(`\n${question}\n${end}\n\n1️⃣ **Red**`);
  });

  test("beyond the limit, the end of the question and every option too", () => {
    const question = `${"why ".repeat(5000)}, and delete it?`;
    const options = [{ label: "No", description: `${"x".repeat(9000)} but yes` }, hidden];
    const [post] = posts(asked([{ ...COLOR, question, options }]));
    expect(post?.message).toContain(", and delete it?");
    expect(post?.message).toMatch(/^1️⃣ `\*\*No\*\* – x+ ⟨\d+ characters left out⟩ x+ but yes`$/m);
    expect(post?.message).toContain("2️⃣ **Red⟨U+3164⟩** – all⟨U+202E⟩of it");
    expect(countChars(post?.message ?? "")).toBeLessThanOrEqual(OPTIONS.maxPostChars);
  });

  test.each([4_000, 16_383])("it fits in %d, however many options there are", (maxPostChars) => {
    const options = Array.from({ length: 500 }, (_, at) => ({
      label: `${at}${"`".repeat(200)}`,
      description: "d".repeat(500),
    }));
    const pending = asked([{ ...COLOR, question: `${"`".repeat(30_000)}\n?`, options }]);
    const [post] = renderQuestion(pending, stateOf([]), { ...OPTIONS, maxPostChars });
    expect(countChars(post?.message ?? "")).toBeLessThanOrEqual(maxPostChars);
    expect(post?.message).toMatch(/^and \d+ more$/m);
  });
});

describe("several questions are asked one after the other", () => {
  test("first only the first", () => {
    const pending = asked([COLOR, SIZE]);
    expect(posts(pending).map(({ key }) => key)).toEqual(["question/que_1/0"]);
    expect(posts(pending)[0]?.message).toStartWith("❓ **payments-api** asks (1 of 2): Which");
    expect(openQuestion(pending)).toBe(0);
  });

  test("then the second, the first says its answer", () => {
    const pending = asked([COLOR, SIZE], { answersSoFar: [["Blue"]] });
    const [first, second] = posts(pending);
    expect(first?.message).toBe("✅ **Blue** · sent with the last answer\nWhich color?");
    expect(first?.marks).toEqual([]);
    expect(second?.key).toBe("question/que_1/1");
    expect(second?.message).toStartWith("❓ **payments-api** asks (2 of 2): Which size?");
    expect(openQuestion(pending)).toBe(1);
  });

  test("all answered and not confirmed yet: nothing is open", () => {
    const pending = asked([COLOR], { answersSoFar: [["Blue"]] });
    expect(openQuestion(pending)).toBeUndefined();
    expect(posts(pending)[0]?.marks).toEqual([]);
  });
});

describe("decided: what, by whom, when", () => {
  test("answered here", () => {
    const decision = { answer: [["Blue"], ["S", "M"]], atMs, by: "alice" };
    const all = posts(asked([COLOR, SIZE], { answersSoFar: [["Blue"]], decision }));
    expect(all.map(({ message }) => message)).toEqual([
      "✅ **Answered** by @alice, 10:21: **Blue**\nWhich color?",
      "✅ **Answered** by @alice, 10:21: **S, M**\nWhich size?",
    ]);
    expect(all.map(({ marks }) => marks)).toEqual([[], []]);
  });

  test("answered in the terminal: one post says it all", () => {
    const decision = { answer: [["Blue"], ["S"]], atMs };
    expect(posts(asked([COLOR, SIZE], { decision })).map(({ message }) => message)).toEqual([
      "✅ **Answered** in the terminal, 10:21: **Blue**\nWhich color?\nSize: **S**",
    ]);
  });

  test("dismissed", () => {
    const decision = { answer: "dismissed", atMs, by: "alice" } as const;
    expect(posts(asked([COLOR], { decision }))[0]?.message).toBe(
      "❌ **Dismissed** by @alice, 10:21\nWhich color?",
    );
  });

  test("the session ended first", () => {
    const [post] = posts(asked([COLOR]), { ended: "exited" });
    expect(post?.message).toBe("⚫ **Not answered**, the session ended\nWhich color?");
    expect(post?.marks).toEqual([]);
  });
});
