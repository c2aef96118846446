import type { DesiredPost } from "../models/desired-post.ts";
import { type Block, line, loose, stacked } from "./markdown/blocks.ts";
import { clip, countChars } from "./markdown/chars.ts";
import { splitMessage } from "./markdown/split-message.ts";
import type { TurnView } from "./turn-view.ts";

/** A post before it is cut to the server's limit. */
export interface PostDraft extends Pick<DesiredPost, "settled" | "urgency"> {
  readonly key: string;
  /** Its first line, which may change with the clock. */
  readonly head: string;
  /** The first line to make the post with, where `head` does not name the session. */
  readonly pingHead?: string;
  /** A prompt from the terminal. */
  readonly quote: string;
  /** What the running command prints. */
  readonly output: string;
  readonly body: Block;
  /** What its body had to cut, as files in posts below it. */
  readonly attached?: readonly DesiredPost[];
}

/** One post, and further ones where the body is too long for it: where they are cut does not depend on the head. */
export function postsOf(draft: PostDraft, view: TurnView): readonly DesiredPost[] {
  const { key, body, settled, urgency, pingHead } = draft;
  const [first = "", ...more] = splitMessage(body.text, view.maxBodyChars);
  const start: Block = { text: first, tight: body.tight };
  return [
    {
      key,
      message: withPrefix(draft.head, draft, start, view),
      ...(pingHead !== undefined && { firstMessage: withPrefix(pingHead, draft, start, view) }),
      settled,
      urgency,
    },
    ...more.map((part, index) => ({
      key: `${key}.${index + 1}`,
      message: part,
      firstMessage: `💬 **${view.project}**\n\n${part}`,
      settled,
      urgency,
    })),
    ...(draft.attached ?? []),
  ];
}

function withPrefix(head: string, draft: PostDraft, start: Block, view: TurnView): string {
  const maxChars = view.maxPostChars - view.maxBodyChars - 2;
  const pieces = [
    [line(head), loose(draft.quote), line(draft.output)],
    [line(head), loose(draft.quote)],
  ].find((blocks) => countChars(stacked(blocks).text) <= maxChars);
  return stacked([...(pieces ?? [line(clip(head, maxChars))]), start]).text;
}
