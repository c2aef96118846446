import type { DesiredPost, RenderOptions } from "../models/desired-post.ts";
import type { Question } from "../models/host-event.ts";
import { OPTION_MARKS } from "../models/option-marks.ts";
import type { PendingQuestion, ThreadState } from "../state/thread-state.ts";
import { openQuestion } from "../state/waiting.ts";
import { decidedBy } from "./decision.ts";
import { goneWords, openUntil } from "./lapse.ts";
import { withClosedFence } from "./markdown/blocks.ts";
import { clip, countChars, oneLine } from "./markdown/chars.ts";
import { endsOf } from "./markdown/ends-of.ts";
import { codeBlock, escapeText, inlineCode } from "./markdown/markup.ts";
import { safeMarkdown } from "./markdown/safe-markdown.ts";
import { visibleText } from "./markdown/visible-text.ts";
import { askedBy } from "./sub-agent.ts";

const MAX_ANSWER_CHARS = 300;
const THERE = "to be answered at OpenCode's own screen, which also dismisses";
/** What stands around the text of a choice. */
const CHOICE_CHARS = 20;

/** The posts of a request: one for each question that has been asked so far. */
export function renderQuestion(
  pending: PendingQuestion,
  state: ThreadState,
  options: RenderOptions,
): DesiredPost[] {
  const { questions, id } = pending.request;
  const asked = (pending.answersSoFar?.length ?? 0) + 1;
  return questions.slice(0, asked).map((question, index) => {
    const post = questionPost({ question, index, pending, state, options });
    return { ...post, key: `question/${id}/${index}`, settled: "final", urgency: "interactive" };
  });
}

interface Asked {
  readonly question: Question;
  readonly index: number;
  readonly pending: PendingQuestion;
  readonly state: ThreadState;
  readonly options: RenderOptions;
}

type Parts = Pick<DesiredPost, "message" | "files" | "marks">;

function questionPost(asked: Asked): Parts {
  const { pending, index, state } = asked;
  const isOpen = openQuestion(pending) === index && state.ended === undefined;
  return isOpen ? openPost(asked) : { message: closedPost(asked), marks: [] };
}

function openPost({ question, index, pending, state, options }: Asked): Parts {
  const { request, chosen = [] } = pending;
  const count = request.questions.length;
  const place = count > 1 ? ` (${index + 1} of ${count})` : "";
  const from = askedBy(request.sessionId, state);
  const head = `❓ **${escapeText(options.project)}** asks${place}${from}: ${inHead(question)}`;
  const choices = question.options.map((option, at) => ({
    sign: signOf(at),
    text: choiceText(option),
    mark: chosen.includes(at) ? " ✔" : "",
  }));
  const how = request.isAnsweredThere ? THERE : legend(question);
  const below = [openUntil(request, options.utcOffsetMinutes), how].filter(Boolean).join(" · ");
  const whole = [head, ...inBody(question), ...choices.map(choiceLine), below].join("\n");
  const marks = request.isAnsweredThere ? [] : marksOf(question);
  if (countChars(whole) <= options.maxPostChars) return { message: whole, marks };
  const third = Math.floor(options.maxPostChars / 3);
  const message = [
    clip(head, third / 2),
    endsOfQuestion(question, third),
    ...shortChoices(choices, third),
    "📎 too long for a post: all of it is in `question.md`",
    below,
  ];
  return {
    message: message.filter(Boolean).join("\n"),
    files: [{ name: "question.md", text: whole }],
    marks,
  };
}

interface Choice {
  readonly sign: string;
  readonly text: string;
  readonly mark: string;
}

const choiceLine = ({ sign, text, mark }: Choice): string => `${sign} ${text}${mark}`;

/** The beginning and the end of each; what has no room is counted. */
function shortChoices(choices: readonly Choice[], maxChars: number): readonly string[] {
  const each = Math.floor(maxChars / Math.max(1, choices.length)) - CHOICE_CHARS;
  const lines = choices.map((choice) =>
    choiceLine({ ...choice, text: endsInLine(choice.text, each) }),
  );
  let room = maxChars;
  const shown = lines.filter((line) => {
    room -= countChars(line) + 1;
    return room >= 0;
  });
  const more = lines.length - shown.length;
  return more > 0 ? [...shown, `and ${more} more`] : shown;
}

function choiceText({ label, description }: Question["options"][number]): string {
  const text = description === "" || description === label ? "" : ` – ${escapeText(description)}`;
  return `**${escapeText(label)}**${text}`;
}

const isShort = ({ question }: Question): boolean =>
  !question.trim().includes("\n") && countChars(visibleText(question)) <= 200;

/** A short question is in the first line, which is what a push shows; for a longer one its title is. */
function inHead(question: Question): string {
  return escapeText(isShort(question) ? question.question : question.header || "a question");
}

function inBody(question: Question): readonly string[] {
  if (isShort(question)) return [];
  return ["", safeMarkdown(withClosedFence(visibleText(question.question.trim()))), ""];
}

function endsOfQuestion(question: Question, maxChars: number): string {
  if (isShort(question)) return "";
  const text = visibleText(question.question.trim());
  const { head, left, tail } = endsOf(text, Math.floor(maxChars / 3)) ?? {
    head: text,
    left: "",
    tail: "",
  };
  return codeBlock([head, left, tail].filter(Boolean).join("\n"));
}

/** A choice that is cut is not Markdown any more. */
function endsInLine(text: string, maxChars: number): string {
  const cut = endsOf(text, maxChars);
  return cut ? inlineCode(`${cut.head} ${cut.left} ${cut.tail}`) : text;
}

const signOf = (index: number): string => OPTION_MARKS[index]?.sign ?? `${index + 1}\\.`;

function legend({ options, multiple, custom }: Question): string {
  const own = custom ? "or reply in your own words" : "";
  if (options.length === 0) return "reply with your answer · ❌ dismisses";
  const tap = multiple ? "tap all that apply, then ✅" : "tap one";
  return [[tap, own || "or reply with its number"].join(", "), "❌ dismisses"].join(" · ");
}

function marksOf({ options, multiple }: Question): readonly string[] {
  const numbers = OPTION_MARKS.slice(0, options.length).map(({ name }) => name);
  return [...numbers, ...(multiple && numbers.length > 0 ? ["white_check_mark"] : []), "x"];
}

function closedPost({ question, index, pending, options }: Asked): string {
  const { decision, answersSoFar, request } = pending;
  const text = escapeText(clip(oneLine(question.question), MAX_ANSWER_CHARS));
  if (decision === undefined) {
    const answer = answersSoFar?.[index];
    return answer === undefined
      ? `⚫ **Not answered**, the session ended\n${text}`
      : `✅ **${spoken(answer)}** · sent with the last answer\n${text}`;
  }
  if (decision.answer === "gone") return `${goneWords(request, decision)}\n${text}`;
  const who = decidedBy(decision, options.utcOffsetMinutes);
  if (decision.answer === "dismissed") return `❌ **Dismissed** ${who}\n${text}`;
  const isLastAsked = index === (answersSoFar?.length ?? 0);
  const others = isLastAsked ? unasked(request.questions, decision.answer, index) : [];
  const first = `✅ **Answered** ${who}: **${spoken(decision.answer[index] ?? [])}**`;
  return [first, text, ...others].join("\n");
}

/** What was answered elsewhere to questions that were never asked here. */
function unasked(
  questions: readonly Question[],
  answers: readonly (readonly string[])[],
  asked: number,
): readonly string[] {
  return questions.slice(asked + 1).map((question, offset) => {
    const title = escapeText(question.header || clip(oneLine(question.question), 80));
    return `${title}: **${spoken(answers[asked + 1 + offset] ?? [])}**`;
  });
}

function spoken(answer: readonly string[]): string {
  return escapeText(clip(oneLine(answer.join(", ")), MAX_ANSWER_CHARS)) || "nothing";
}
