import type { TurnItem } from "../state/thread-state.ts";
import { checklist } from "./checklist.ts";
import { type Block, line, loose, prose, stacked } from "./markdown/blocks.ts";
import { safeMarkdown } from "./markdown/safe-markdown.ts";
import { thoughtLine } from "./thought.ts";
import { foldLine, hasLine } from "./tool-fold.ts";
import { toolLine } from "./tool-line.ts";
import { resultBlock } from "./tool-result.ts";
import { isThought } from "./turn-segments.ts";
import type { TurnView } from "./turn-view.ts";

const CHECKLIST_SHARE = 0.25;

export interface BodyContext {
  readonly view: TurnView;
  /** Items whose lines are folded into counts. */
  readonly folded: ReadonlySet<string>;
  /** The item that the post's first line tells of. */
  readonly inHead?: string;
  readonly withChecklist: boolean;
}

/** What has happened, in order: texts in full, between them a line for each tool. */
export function segmentBody(items: readonly TurnItem[], context: BodyContext): Block {
  const blocks: Block[] = [];
  let run: TurnItem[] = [];
  for (const item of items) {
    if (item.kind === "text") {
      blocks.push(...runBlocks(run, context), prose(safeMarkdown(item.text)));
      run = [];
    } else {
      run.push(item);
    }
  }
  blocks.push(...runBlocks(run, context), todos(context));
  return stacked(blocks);
}

function runBlocks(run: readonly TurnItem[], context: BodyContext): readonly Block[] {
  const { view, folded } = context;
  const counted = run.flatMap((item) =>
    item.kind === "tool" && folded.has(item.key) ? [item.call] : [],
  );
  const thoughts = run.filter((item) => isThought(item, view));
  return [
    line(thoughtLine(thoughts)),
    line(counted.length === 0 ? "" : foldLine(counted)),
    ...run
      .filter((item) => !(folded.has(item.key) || isThought(item, view)))
      .flatMap((item) => itemBlocks(item, context)),
  ];
}

function itemBlocks(item: TurnItem, { view, inHead }: BodyContext): readonly Block[] {
  if (item.kind === "compacted") return [line("🗜️ conversation compacted")];
  if (item.kind === "reasoning") return [line(thoughtLine([item])), loose(quoted(item.text))];
  if (item.kind === "text" || item.key === inHead || !hasLine(item.call)) return [];
  const { call } = item;
  const toolText = toolLine(call, view.state, view.outcome !== undefined);
  return [line(toolText), line(resultBlock(call, view))];
}

function todos({ view, withChecklist }: BodyContext): Block {
  if (!withChecklist || view.turn.todos === undefined) return line("");
  return loose(checklist(view.turn.todos, Math.floor(view.maxBodyChars * CHECKLIST_SHARE)));
}

function quoted(text: string): string {
  if (text.trim() === "") return "";
  return `> ${safeMarkdown(text.trimEnd()).replaceAll("\n", "\n> ")}`;
}
