import { clip, oneLine } from "./markdown/chars.ts";
import { escapeText, inlineCode } from "./markdown/markup.ts";

const MAX_REASON_CHARS = 300;

interface Place {
  readonly directory: string;
  readonly branch: string;
}

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

/** The session that worked in it is over, and nothing would be lost. */
export const worktreeOfferNotice = ({ directory, branch }: Place): string =>
  `🌳 Its worktree ${inlineCode(directory)} is clean: \`!end remove\` here takes it away, with what git ignores in it. Its branch ${inlineCode(branch)} stays.`;

/** It is not taken away. */
export function worktreeStaysNotice({ directory }: Place, reason = ""): string {
  const why =
    reason === ""
      ? "has changes that are on no branch"
      : `cannot be removed: ${escapeText(clip(oneLine(reason), MAX_REASON_CHARS))}`;
  return `🌳 Its worktree ${inlineCode(directory)} stays, because it ${why}. Mend that, then \`!end remove\` here.`;
}

export const worktreeInUseNotice = ({ directory }: Place): string =>
  `🌳 Its worktree ${inlineCode(directory)} stays: another session works there. \`!end\` that one first.`;

export const worktreeRemovedNotice = ({ directory, branch }: Place): string =>
  `🌳 The worktree ${inlineCode(directory)} is removed. Its branch ${inlineCode(branch)} stays.`;

export const worktreeGoneNotice = (): string =>
  "🌳 The session's folder is not there any more, so there is nothing to remove. `!sessions` in the main DM lists what is live.";

/** Only what was made for a session is taken away after it. */
export const noWorktreeHereNotice = (): string =>
  "🌳 This session has no worktree of its own that `!new --worktree` made, so nothing was removed.";
