import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readQuestionText, type TypedAnswer } from "../../../src/commands/question-answer.ts";
import type { Question } from "../../../src/models/host-event.ts";

const question = (labels: readonly string[], about: Partial<Question> = {}): Question => ({
  header: "H",
  question: "Which?",
  options: labels.map((label) => ({ label, description: "" })),
  multiple: false,
  custom: false,
  ...about,
});
const DATABASES = ["Postgres", "SQLite", "MySQL"];
const answer = (...labels: string[]): TypedAnswer => ({ type: "answer", answer: labels });

describe("one of several options", () => {
  test.each([
    "2",
    " 2 ",
    "2.",
    "2)",
    "(2)",
    "#2",
    "2️⃣",
    ":two:",
    "２",
    "two",
    "Two.",
    "second",
    "the second",
    "option 2",
    "Option two",
    "number 2",
    "no. 2",
    "2nd",
    "SQLite",
    "sqlite.",
    " SQLite ",
  ])("%j is the second", (text) => {
    expect(readQuestionText(question(DATABASES), text)).toEqual(answer("SQLite"));
    const custom = question(DATABASES, { custom: true });
    expect(readQuestionText(custom, text)).toEqual(answer("SQLite"));
  });

  test.each(["1, 3", "1 and 3", "1-3", "2 or 3", "Postgres, MySQL"])(
    "%j is not taken in part",
    (text) => {
      const read = readQuestionText(question(DATABASES), text);
      expect(read.type).toBeOneOf(["one-only", "none"]);
    },
  );

  test.each(["4", "0", "MariaDB", "", "1.5", "-", "the", "two options"])(
    "%j is none of them",
    (text) => {
      expect(readQuestionText(question(DATABASES), text)).toEqual({ type: "none" });
    },
  );

  test.each(["42", "MariaDB", "Postgres, because we know it", "two options", "1.5"])(
    "%j is said in one's own words where those are allowed",
    (text) => {
      const custom = question(DATABASES, { custom: true });
      expect(readQuestionText(custom, text)).toEqual(answer(text));
    },
  );
});

describe("several of the options", () => {
  const several = (labels = DATABASES, custom = false) =>
    question(labels, { multiple: true, custom });

  test.each([
    "1, 3",
    "1,3",
    "1 3",
    "1 and 3",
    "1 & 3",
    "1+3",
    "1/3",
    "1; 3",
    "1\n3",
    "1. 3.",
    "1), 3)",
    "#1 #3",
    "options 1 and 3",
    "option 1, option 3",
    "one and three",
    "the first and the third",
    "1️⃣ 3️⃣",
    ":one: :three:",
    "Postgres, MySQL",
    "postgres and mysql",
    "Postgres\nMySQL",
    "1 and MySQL",
    "1, 3, 1",
  ])("%j", (text) => {
    expect(readQuestionText(several(), text)).toEqual(answer("Postgres", "MySQL"));
    expect(readQuestionText(several(DATABASES, true), text)).toEqual(answer("Postgres", "MySQL"));
  });

  test.each(["1-3", "1 – 3", "1 to 3", "1..3", "1, 2-3"])("%j are all three", (text) => {
    expect(readQuestionText(several(), text)).toEqual(answer(...DATABASES));
  });

  test("labels that hold an and, a comma or blanks", () => {
    const labels = ["Search and replace", "Lint", "Unit tests", "Yes, all"];
    const read = (text: string) => readQuestionText(several(labels), text);
    expect(read("Search and replace, unit tests")).toEqual(
      answer("Search and replace", "Unit tests"),
    );
    expect(read("Lint and Unit tests")).toEqual(answer("Lint", "Unit tests"));
    expect(read("Yes, all")).toEqual(answer("Yes, all"));
  });

  test.each(["1, 7", "1-7", "1 and 7"])("%j is not taken in part", (text) => {
    for (const custom of [false, true]) {
      expect(readQuestionText(several(DATABASES, custom), text)).toEqual({ type: "none" });
    }
  });
});

describe("numbers among the options", () => {
  const read = (labels: readonly string[], text: string, about: Partial<Question> = {}) =>
    readQuestionText(question(labels, { custom: true, ...about }), text);

  test.each([
    [["5", "10", "20"], "5", "5"],
    [["5", "10", "20"], "10", "10"],
    [["5", "10", "20"], "20", "20"],
    [["5", "10", "20"], "15", "15"],
    [["1", "2", "3"], "2", "2"],
    [["1. Postgres", "2. MySQL"], "2", "2. MySQL"],
    [["Python 2", "Python 3", "neither"], "1", "Python 2"],
    [["5 minutes", "10 minutes"], "10 minutes", "10 minutes"],
    [["HTTP", "HTTPS"], "2", "HTTPS"],
  ])("%j: %j means %j", (labels, text, meant) => {
    expect(read(labels, text)).toEqual(answer(meant));
  });

  test.each([
    [["5", "10", "20"], "2", 2],
    [["5", "10", "20"], "1", 1],
    [["2", "4", "8"], "2", 2],
    [["Python 2", "Python 3", "neither"], "3", 3],
    [["Python 2", "Python 3", "neither"], "2", 2],
    [["5 minutes", "10 minutes"], "2", 2],
    [["$10", "$20"], "1", 1],
    [["3.11", "3.12"], "2", 2],
    [["Option 2", "Option 1"], "2", 2],
  ])("%j: %j is asked about", (labels, text, number) => {
    expect(read(labels, text)).toEqual({ type: "ambiguous", number });
  });

  test("one of several that is in doubt puts all in doubt", () => {
    const about = { multiple: true };
    expect(read(["5", "10", "20"], "5, 2", about)).toEqual({ type: "ambiguous", number: 2 });
    expect(read(["5", "10", "20"], "5, 20", about)).toEqual(answer("5", "20"));
  });
});

test("a label as it stands is always that label, or is asked about", () => {
  const labels = fc.uniqueArray(fc.string({ minLength: 1 }), {
    minLength: 1,
    maxLength: 6,
    selector: (label) => label.trim(),
  });
  fc.assert(
    fc.property(labels, fc.nat(5), fc.boolean(), (all, at, multiple) => {
      const label = all[at % all.length] ?? "";
      fc.pre(label.trim() !== "");
      const read = readQuestionText(question(all, { multiple }), label);
      expect([answer(label), { type: "ambiguous" }]).toContainEqual(
        read.type === "ambiguous" ? { type: "ambiguous" } : read,
      );
    }),
  );
});
