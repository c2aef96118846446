import { describe, expect, test } from "bun:test";
import {
  answersOf,
  formAnswer,
  questionsOf,
  WireForm,
} from "../../../../src/clients/opencode-2/forms.ts";

const formOf = (fields: readonly object[], kind?: string): WireForm =>
  WireForm.parse({
    id: "frm_1",
    sessionID: "ses_1",
    title: "Deploy",
    ...(kind && { metadata: { kind, tool: {} } }),
    fields,
  });

const optionsOf = (form: WireForm): readonly (readonly string[])[] =>
  questionsOf(form).questions.map(({ options }) => options.map(({ label }) => label));

const STAGE = {
  key: "stage",
  type: "string",
  title: "Stage",
  required: true,
  options: [
    { value: "prod", label: "Production" },
    { value: "test", label: "Test" },
  ],
};
const required = true;

describe("a field of each type, as a question, and its answer as OpenCode takes it", () => {
  test.each([
    ["a choice", STAGE, ["Production", "Test"], false, ["Production"], "prod"],
    [
      "a choice with own words",
      { ...STAGE, custom: true },
      ["Production", "Test"],
      true,
      ["x"],
      "x",
    ],
    ["a text", { key: "t", type: "string", required }, [], true, ["by hand"], "by hand"],
    ["a number", { key: "n", type: "number", required }, [], true, [" 1,5 "], 1.5],
    ["a whole number", { key: "n", type: "integer", required }, [], true, ["3"], 3],
    ["yes or no", { key: "b", type: "boolean", required }, ["Yes", "No"], false, ["No"], false],
    [
      "several",
      { ...STAGE, type: "multiselect" },
      ["Production", "Test"],
      false,
      ["Test", "Production"],
      ["test", "prod"],
    ],
  ])("%s", (_, field, labels, custom, given, value) => {
    const form = formOf([field]);
    const [question] = questionsOf(form).questions;
    expect(question?.options.map(({ label }) => label)).toEqual(labels);
    expect(question?.custom).toBe(custom);
    const answer = { [field.key]: value };
    expect(formAnswer(form, [given])).toEqual({ answer });
    const shown = answersOf(form, answer)[0]?.map((label) => label.replace("1.5", " 1,5 "));
    expect(shown).toEqual(given);
  });

  test("an address to open says so, and is confirmed", () => {
    const form = formOf([{ key: "e", type: "external", title: "Log in", url: "https://x.test/a" }]);
    expect(questionsOf(form).questions[0]?.question).toBe("Log in\nhttps://x.test/a");
    expect(optionsOf(form)).toEqual([["Done"]]);
  });

  test.each([
    ["number", "many", '"many" is no number for "n"'],
    ["integer", "1.5", '"1.5" is no integer for "n"'],
    ["boolean", "perhaps", '"perhaps" is no boolean for "n"'],
  ])("what is no %s is refused with the reason", (type, given, problem) => {
    expect(formAnswer(formOf([{ key: "n", type, required }]), [[given]])).toEqual({ problem });
  });
});

describe("what need not be answered", () => {
  const optional = { key: "note", type: "string", title: "Note" };

  test("can be skipped; what must be answered cannot", () => {
    const form = formOf([STAGE, optional]);
    expect(optionsOf(form)).toEqual([["Production", "Test"], ["Skip"]]);
    expect(formAnswer(form, [["Test"], ["Skip"]])).toEqual({ answer: { stage: "test" } });
    expect(formAnswer(form, [["Test"], ["soon"]])).toEqual({
      answer: { stage: "test", note: "soon" },
    });
  });

  test("the questions of a model are answered, all of them", () => {
    expect(optionsOf(formOf([optional], "question"))).toEqual([[]]);
  });

  test("a field that hangs on another says so, and is left out where it does not count", () => {
    const ticket = {
      ...{ key: "ticket", type: "string", title: "Ticket", required },
      when: [{ key: "stage", op: "eq", value: "prod" }],
    };
    const form = formOf([STAGE, ticket]);
    expect(questionsOf(form).questions[1]?.question).toBe(
      'Ticket\n(only where "Stage" is "Production")',
    );
    expect(formAnswer(form, [["Test"], ["T-1"]])).toEqual({ answer: { stage: "test" } });
    expect(formAnswer(form, [["Production"], ["T-1"]])).toEqual({
      answer: { stage: "prod", ticket: "T-1" },
    });
    expect(formAnswer(form, [["Production"], ["Skip"]])).toEqual({
      problem: '"Ticket" needs an answer',
    });
  });

  test("what is hidden is not asked", () => {
    const form = formOf([{ key: "h", type: "string", hidden: true }, STAGE]);
    expect(optionsOf(form)).toEqual([["Production", "Test"]]);
    expect(formAnswer(form, [["Test"]])).toEqual({ answer: { stage: "test" } });
  });
});
