import { z } from "zod";
import type { Question, QuestionRequest } from "../../models/host-event.ts";
import { RequestId, SessionId } from "./wire.ts";

const Option = z.object({
  value: z.string(),
  label: z.string(),
  description: z.string().default(""),
});

const Fixed = z.union([z.string(), z.number(), z.boolean()]);
const When = z.object({ key: z.string(), op: z.enum(["eq", "neq"]), value: Fixed });

const Field = z.object({
  key: z.string(),
  type: z.enum(["string", "number", "integer", "boolean", "multiselect", "external"]),
  title: z.string().default(""),
  description: z.string().default(""),
  hidden: z.boolean().default(false),
  required: z.boolean().default(false),
  /** All of these must hold, or the field is left out. */
  when: z.array(When).catch([]).default([]),
  options: z.array(Option).default([]),
  custom: z.boolean().optional(),
  url: z.string().optional(),
});
type Field = z.infer<typeof Field>;

export const WireForm = z.object({
  id: RequestId,
  sessionID: SessionId,
  title: z.string().default(""),
  /** The questions of a model are to be answered, all of them; other forms say so of each field. */
  metadata: z
    .object({ kind: z.string() })
    .transform(({ kind }) => kind === "question")
    .catch(false)
    .default(false),
  fields: z.array(Field),
});
export type WireForm = z.infer<typeof WireForm>;

const YES = "Yes";
const NO = "No";
const SKIP = "Skip";

/** The fields that a person is asked for, in order. */
const asked = ({ fields }: WireForm): readonly Field[] => fields.filter((field) => !field.hidden);

/** A form as questions, one a field. */
export function questionsOf(form: WireForm): QuestionRequest {
  const questions = asked(form).map((field): Question => {
    const { title, description, url } = field;
    const skip = maySkip(form, field) ? [{ label: SKIP, description: "leave it out" }] : [];
    return {
      header: title || form.title,
      question: [description || title || field.key, url, onlyWhere(form, field)]
        .filter(Boolean)
        .join("\n"),
      options: [...optionsOf(field), ...skip],
      multiple: field.type === "multiselect",
      custom: isOpen(field),
    };
  });
  return { id: form.id, sessionId: form.sessionID, questions };
}

const maySkip = ({ metadata: isQuestion }: WireForm, { type, required, when }: Field): boolean =>
  type !== "external" && ((!isQuestion && !required) || when.length > 0);

/** When the field counts, for a person who is asked everything at once. */
function onlyWhere({ fields }: WireForm, { when }: Field): string {
  const conditions = when.map(({ key, op, value }) => {
    const of = fields.find((field) => field.key === key);
    const shown = of ? shownAs(of, value) : String(value);
    return `"${of?.title || key}" is ${op === "eq" ? "" : "not "}"${shown}"`;
  });
  return conditions.length === 0 ? "" : `(only where ${conditions.join(" and ")})`;
}

function optionsOf({ type, options }: Field): Question["options"] {
  if (type === "boolean") return [YES, NO].map((label) => ({ label, description: "" }));
  if (type === "external") return [{ label: "Done", description: "after opening the address" }];
  return options.map(({ label, description }) => ({ label, description }));
}

function isOpen({ type, options, custom }: Field): boolean {
  if (type === "number" || type === "integer") return true;
  if (type === "boolean" || type === "external") return false;
  return custom ?? options.length === 0;
}

type Value = string | number | boolean | readonly string[];
export type FormAnswer = Readonly<Record<string, Value>>;

/**
 * The answers as OpenCode wants them, by field. What does not fit a field comes back as the problem, which says what would.
 */
export function formAnswer(
  form: WireForm,
  answers: readonly (readonly string[])[],
): { readonly answer: FormAnswer } | { readonly problem: string } {
  const answer: Record<string, Value> = {};
  for (const [at, field] of asked(form).entries()) {
    const given = answers[at] ?? [];
    if (!counts(field, answer)) continue;
    const name = field.title || field.key;
    if (maySkip(form, field) && given.every((label) => label === SKIP)) {
      if (field.required) return { problem: `"${name}" needs an answer` };
      continue;
    }
    const value = fieldValue(field, given);
    if (value === undefined) {
      return { problem: `"${given.join(", ")}" is no ${field.type} for "${name}"` };
    }
    answer[field.key] = value;
  }
  return { answer };
}

/** A field hangs on those before it. */
const counts = ({ when }: Field, answer: FormAnswer): boolean =>
  when.every(({ key, op, value }) => {
    const given = answer[key];
    const isSo = Array.isArray(given) ? given.includes(value) : given === value;
    return isSo === (op === "eq");
  });

function fieldValue(field: Field, given: readonly string[]): Value | undefined {
  const [first = ""] = given;
  switch (field.type) {
    case "boolean":
      return first === YES ? true : first === NO ? false : undefined;
    case "number":
    case "integer": {
      const value = Number(first.trim().replace(",", "."));
      const fits = first.trim() !== "" && (field.type === "number" || Number.isInteger(value));
      return Number.isFinite(value) && fits ? value : undefined;
    }
    case "multiselect":
      return given.map((label) => valueFor(field, label));
    case "string":
      return valueFor(field, first);
    case "external":
      return first;
  }
}

const valueFor = ({ options }: Field, label: string): string =>
  options.find((option) => option.label === label)?.value ?? label;

/** The other way round: what was answered, as the labels that were shown. */
export function answersOf(
  form: WireForm,
  answer: Readonly<Record<string, unknown>>,
): readonly (readonly string[])[] {
  return asked(form).map((field) => {
    const value = answer[field.key];
    if (value === undefined) return [];
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.map((one) => shownAs(field, one));
  });
}

/** A value as the label that stands for it. */
function shownAs({ type, options }: Field, value: unknown): string {
  if (type === "boolean") return value === true ? YES : NO;
  const text = String(value);
  return options.find((option) => option.value === text)?.label ?? text;
}
