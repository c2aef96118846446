import type { DesiredPost, RenderOptions } from "../models/desired-post.ts";
import { isIdleContext } from "../state/added-context.ts";
import type { Outcome, ThreadState, Turn, TurnItem } from "../state/thread-state.ts";
import { isUndone } from "../state/undone.ts";
import { line, loose, stacked } from "./markdown/blocks.ts";
import { codeBlock } from "./markdown/markup.ts";
import { safeMarkdown } from "./markdown/safe-markdown.ts";
import { lastLines } from "./markdown/terminal-output.ts";
import { promptQuote } from "./prompt-quote.ts";
import { remembered } from "./remembered.ts";
import { segmentBody } from "./segment-body.ts";
import { foldedKeys } from "./tool-fold.ts";
import { toolLine } from "./tool-line.ts";
import { resultPosts } from "./tool-result.ts";
import { activityLine, activityOf } from "./turn-activity.ts";
import { compactedLine, headline, ifUndone, sumLine } from "./turn-outcome.ts";
import { type PostDraft, postsOf } from "./turn-post.ts";
import { remainsOf } from "./turn-remains.ts";
import { isThought, type Segment, segmentsOf } from "./turn-segments.ts";
import {
  outcomeOf,
  type RunningView,
  type TurnContext,
  type TurnView,
  viewTurn,
} from "./turn-view.ts";

const NO_WORK: Segment = { kind: "work", items: [] };

/** The posts that a turn should have now. While a turn goes on, posts are only added; none ever goes away. */
export function renderTurn(
  turn: Turn,
  state: ThreadState,
  now: number,
  { verbosity, maxPostChars, project }: RenderOptions,
): readonly DesiredPost[] {
  const { session, children } = state;
  const [outcome, undone] = [outcomeOf(turn, state), isUndone(turn, state)];
  const context = { session, children, verbosity, maxPostChars, project, undone, outcome };
  if (outcome !== undefined) return endedPosts(turn, { ...context, outcome });
  const view = { ...viewTurn(turn, context), state, now };
  return runningDrafts(view).flatMap((draft) => postsOf(draft, view));
}

/** The newest ended turns are looked at with every word of the running one, and do not change. */
const endedPosts = remembered(
  (turn: Turn, context: TurnContext & { readonly outcome: Outcome }): readonly DesiredPost[] => {
    const { outcome } = context;
    const view = viewTurn(turn, context);
    if (turn.remains && outcome.kind === "stopped") return [...remainsOf(turn.remains, view)];
    return endedDrafts(view, outcome).flatMap((draft) => postsOf(draft, view));
  },
);

/** A command of the person's own: it pings once, as it is given. */
function byHandDraft(view: TurnView, outcome: Outcome): PostDraft {
  const draft = draftOf(view, view.quiet ? "answer" : "0");
  const item = view.items.find((each) => each.kind === "tool");
  if (item?.kind !== "tool") return { ...draft, head: headline(view, outcome, []) };
  const output = lastLines(item.call.output);
  return {
    ...draft,
    head: ifUndone(view, `⌨️ **${view.project}** · ${toolLine(item.call, view.state, true)}`),
    output: output === "" ? "" : codeBlock(output),
    attached: resultPosts(view.items, view),
  };
}

function runningDrafts(view: RunningView): readonly PostDraft[] {
  if (view.quiet || isIdleContext(view.turn, view.state)) return [];
  const activity = activityOf(view);
  const isUnseen = view.items.every((item) => isThought(item, view));
  if (isUnseen && activity.mark !== "🔁" && quoteOf(view) === "") return [];
  const begun = atLeastOne(segmentsOf(view));
  const { shown, thoughts } = withoutRemarks(begun.at(-1) ?? NO_WORK, view);
  const segments = [...begun.slice(0, -1), shown];
  return workDrafts(segments, view, activity.itemKey).map((draft, index) => {
    if (index < segments.length - 1) return draft;
    return {
      ...draft,
      head: activityLine(activity, view, "", thoughts),
      pingHead: activityLine(activity, view, `**${view.project}**`, thoughts),
      output: activity.output === "" ? "" : codeBlock(activity.output),
      settled: "live",
      urgency: "cosmetic",
    };
  });
}

/** Where there is nothing but what may be the answer, thinking is told in the first line, as it will be in the end. */
function withoutRemarks({ kind, items }: Segment, view: TurnView) {
  const thoughts = items.filter((item) => isThought(item, view));
  const others = items.filter((item) => !isThought(item, view));
  const mayBeAnswer = others.every((item) => view.items.indexOf(item) >= view.tailFrom);
  return mayBeAnswer
    ? { shown: { kind, items: others }, thoughts }
    : { shown: { kind, items }, thoughts: [] };
}

function endedDrafts(view: TurnView, outcome: Outcome): readonly PostDraft[] {
  if (outcome.kind === "context") return [];
  if (view.turn.byHand) return [byHandDraft(view, outcome)];
  if (isMereCompaction(view, outcome)) {
    return [{ ...draftOf(view, "0"), head: compactedLine(view) }];
  }
  if (outcome.kind === "continued") return continuedDrafts(view);
  const segments = atLeastOne(segmentsOf(view));
  const last = segments.at(-1) ?? NO_WORK;
  const tail = new Set(view.items.slice(view.tailFrom));
  const isFinal = (item: TurnItem): boolean => item.kind === "text" && tail.has(item);
  if (view.quiet) {
    const texts = view.items.filter(isFinal);
    return [answerDraft(view, outcome, { key: "answer", texts, thoughts: [], quote: true })];
  }
  const texts = last.items.filter(isFinal);
  const rest = last.items.filter((item) => !isFinal(item));
  if (rest.every((item) => isThought(item, view))) {
    const index = segments.length - 1;
    const answer = { key: String(index), texts, thoughts: rest, quote: index === 0 };
    const work = workDrafts(segments.slice(0, -1), view);
    return [...withSum(work, view, outcome), answerDraft(view, outcome, answer)];
  }
  const work = workDrafts([...segments.slice(0, -1), { kind: "work", items: rest }], view);
  const answer = { key: "answer", texts, thoughts: [], quote: false };
  return [...withSum(work, view, outcome), answerDraft(view, outcome, answer)];
}

/** The answer to this prompt is part of the next one's: no answer post, what was written stays where it is. */
function continuedDrafts(view: TurnView): readonly PostDraft[] {
  if (view.quiet || (view.items.length === 0 && quoteOf(view) === "")) return [];
  return withSum(workDrafts(atLeastOne(segmentsOf(view)), view), view, { kind: "continued" });
}

const atLeastOne = (segments: readonly Segment[]): readonly Segment[] =>
  segments.length === 0 ? [NO_WORK] : segments;

function isMereCompaction({ turn, items }: TurnView, outcome: Outcome): boolean {
  return (
    turn.compaction &&
    outcome.kind === "done" &&
    turn.prompt.text.trim() === "" &&
    items.every((item) => item.kind === "compacted" || item.kind === "reasoning")
  );
}

interface WorkDraft extends PostDraft {
  readonly kind: Segment["kind"];
}

function workDrafts(
  segments: readonly Segment[],
  view: TurnView,
  inHead?: string,
): readonly WorkDraft[] {
  const folded = view.verbose ? new Set<string>() : foldedKeys(view.items);
  const listAt = checklistPlace(segments);
  return segments.map(({ kind, items }, index) => ({
    ...draftOf(view, String(index)),
    kind,
    pingHead: `💬 **${view.project}**`,
    quote: index === 0 ? quoteOf(view) : "",
    body: segmentBody(items, {
      view,
      folded,
      ...(inHead !== undefined && { inHead }),
      withChecklist: index === listAt,
    }),
    attached: resultPosts(items, view),
  }));
}

/** The checklist stands where it was last written. */
function checklistPlace(segments: readonly Segment[]): number {
  return segments.findLastIndex(({ items }) =>
    items.some((item) => item.kind === "tool" && item.call.kind === "todos"),
  );
}

/** The sum stands in the first post with work in it. */
function withSum(
  drafts: readonly WorkDraft[],
  view: TurnView,
  { kind }: Outcome,
): readonly PostDraft[] {
  const place = drafts.findIndex((draft) => draft.kind === "work");
  return drafts.map((draft, index) => {
    if (index !== place) return draft;
    return {
      ...draft,
      head: sumLine(view, kind, ""),
      pingHead: sumLine(view, kind, `**${view.project}**`),
    };
  });
}

interface Answer {
  readonly key: string;
  readonly texts: readonly TurnItem[];
  readonly thoughts: readonly TurnItem[];
  readonly quote: boolean;
}

function answerDraft(view: TurnView, outcome: Outcome, answer: Answer): PostDraft {
  const texts = answer.texts.map((item) => (item.kind === "text" ? safeMarkdown(item.text) : ""));
  return {
    ...draftOf(view, answer.key),
    head: headline(view, outcome, answer.thoughts),
    quote: answer.quote ? quoteOf(view) : "",
    body: loose(stacked(texts.map(loose)).text),
  };
}

function draftOf({ turn }: TurnView, key: string): PostDraft {
  return {
    key: `${turn.id}/${key}`,
    head: "",
    quote: "",
    output: "",
    body: line(""),
    settled: "final",
    urgency: "normal",
  };
}

/** Files alone may be the first sight of a prompt whose text, and with it its origin, is still to come. */
function quoteOf({ turn: { prompt, replies } }: TurnView): string {
  return prompt.text === "" && replies.length === 0 ? "" : promptQuote(prompt);
}
