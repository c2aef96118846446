import type { Todo } from "../models/host-event.ts";
import { clip, countChars } from "./markdown/chars.ts";
import { escapeText } from "./markdown/markup.ts";
import { plainOutput } from "./markdown/plain-output.ts";

const MAX_ITEM_CHARS = 200;

const LINE: Readonly<Record<Todo["status"], (content: string) => string>> = {
  pending: (content) => `- [ ] ${content}`,
  in_progress: (content) => `- [ ] **${content}**`,
  completed: (content) => `- [x] ${content}`,
  cancelled: (content) => `- [x] ~~${content}~~`,
};

/** The todos as a list of check boxes; what does not fit is counted. */
export function checklist(todos: readonly Todo[], maxChars: number): string {
  const lines = todos.map(({ status, content }) =>
    LINE[status](escapeText(clip(plainOutput(content).trim(), MAX_ITEM_CHARS))),
  );
  let room = maxChars;
  const shown = lines.filter((line) => {
    room -= countChars(line) + 1;
    return room >= 0;
  });
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join("\n");
}
