import { clip, oneLine } from "./markdown/chars.ts";
import { escapeText, inlineCode } from "./markdown/markup.ts";

const MAX_REASON_CHARS = 300;

/** The worktree that a new session works in. */
export const worktreeNotice = (made: {
  readonly directory: string;
  readonly branch: string;
  readonly isNew: boolean;
}): string =>
  `🌳 Worktree ${inlineCode(made.directory)} · branch ${inlineCode(made.branch)}${made.isNew ? "" : " · both were there already"}`;

/** No worktree could be made, so no session begins. */
export const noWorktreeNotice = (reason: string): string =>
  `❌ **Nothing was started**: no worktree could be made: ${escapeText(clip(oneLine(reason), MAX_REASON_CHARS))}. Mend that, or leave \`--worktree\` out.`;
