import type { DesiredPost } from "../models/desired-post.ts";
import type { ToolCall } from "../models/host-event.ts";
import type { TurnItem } from "../state/thread-state.ts";
import { isFinished } from "../state/tool-call.ts";
import { countChars } from "./markdown/chars.ts";
import { codeBlock, inlineCode } from "./markdown/markup.ts";
import { plainOutput } from "./markdown/plain-output.ts";
import { shortened } from "./markdown/terminal-output.ts";
import { hasLine } from "./tool-fold.ts";
import { toolAction } from "./tool-line.ts";
import type { TurnView } from "./turn-view.ts";

const OUTPUT_SHARE = 0.4;
const MAX_RESULT_CHARS = 3000;

/** How much of what a tool brought stands in a post, in code points; what is longer comes as a file as well. */
const maxResultChars = (view: TurnView): number =>
  Math.min(MAX_RESULT_CHARS, Math.floor(view.maxBodyChars * OUTPUT_SHARE));

/** What a finished call brought: the diff of an edit, otherwise what it printed. Shown in a verbose thread only. */
function resultOf(call: ToolCall, view: TurnView): string {
  if (!view.verbose || !isFinished(call)) return "";
  return plainOutput(call.diff ?? call.output).trimEnd();
}

/** The result below its tool's line: whole, or its beginning and end. */
export function resultBlock(call: ToolCall, view: TurnView): string {
  const text = shortened(resultOf(call, view), maxResultChars(view));
  return text.trim() === "" ? "" : codeBlock(text, call.diff === undefined ? "" : "diff");
}

/** What the result takes in a post at most, in code points. */
export const resultChars = (call: ToolCall, view: TurnView): number =>
  Math.min(maxResultChars(view), countChars(resultOf(call, view)));

/** For each result that a post had to cut a post of its own with all of it as a file. */
export function resultPosts(items: readonly TurnItem[], view: TurnView): readonly DesiredPost[] {
  return items.flatMap((item) => {
    if (item.kind !== "tool" || !hasLine(item.call)) return [];
    const text = resultOf(item.call, view);
    if (countChars(text) <= maxResultChars(view)) return [];
    const name = fileName(item.call);
    const what = toolAction(item.call, view.state);
    const size = `${text.split("\n").length} lines`;
    return {
      key: `${view.turn.id}/result.${numberOf(item, view)}`,
      message: `📎 **${view.project}** · ${what} · ${size} in ${inlineCode(name)}`,
      files: [{ name, text }],
      settled: "final" as const,
      urgency: "normal" as const,
    };
  });
}

/** Its place among the turn's tools, which is the same after a restart. */
const numberOf = (item: TurnItem, { turn }: TurnView): number =>
  turn.items.filter(({ kind }) => kind === "tool").indexOf(item);

function fileName({ tool, diff }: ToolCall): string {
  const name = tool.replace(/[^\w-]+/g, "-");
  return diff === undefined ? `${name}-output.txt` : `${name}.diff`;
}
