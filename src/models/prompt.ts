import type { PromptOrigin } from "./host-event.ts";
import type { PromptSettings } from "./host-offers.ts";
import type { MessageId, PostId } from "./ids.ts";

export interface Prompt {
  /** Chosen by the sender, once for each prompt: OpenCode stores the message under it. */
  readonly id: MessageId;
  /** Exactly what the person wrote, and what they said. */
  readonly text: string;
  /** Stored with the prompt: the durable proof that this post has been sent. Without it the thread quotes the prompt. */
  readonly postId?: PostId;
  /** Stored with the prompt: where it comes from, for the quote. */
  readonly origin?: PromptOrigin;
  readonly files: readonly PromptFile[];
  /** Files that the model is told of by path only. */
  readonly paths: readonly string[];
  /** Files that the person attached and that cannot be given: for each one why, so that the model does not take them for given. */
  readonly missing?: readonly string[];
  /** Absent in a session's first prompt: then OpenCode's defaults count. */
  readonly settings?: PromptSettings;
}

export interface PromptFile {
  readonly name: string;
  readonly mime: string;
  /** `file://…` or `data:…` */
  readonly url: string;
}
