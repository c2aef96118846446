import type { ThreadStatus } from "./thread-mapping.ts";

/** A command as typed: `!name rest of the line`. The name is lower case; the arguments are as written. */
export interface ParsedCommand {
  readonly name: string;
  readonly args: string;
  /** There are blanks between the `!` and the name: mostly a sentence, so that only an exact name counts. */
  readonly isLoose?: boolean;
}

/** Where a post of the owner was written. */
export type Place = "main" | "thread";

/** What to do with a post of the owner. Refusals are routes too: each is answered. */
export type Route =
  | { readonly type: "command"; readonly place: Place; readonly command: ParsedCommand }
  | { readonly type: "unknown-command"; readonly typed: string; readonly meant: string }
  /** It works in the other place. */
  | { readonly type: "wrong-place"; readonly name: string; readonly worksIn: Place }
  /** It needs something after its name. */
  | {
      readonly type: "missing-words";
      readonly name: string;
      readonly args: string;
      readonly example: string;
    }
  /** Something follows a command that takes nothing: mostly the rest of a sentence. */
  | { readonly type: "needless-words"; readonly name: string }
  /** Nothing that can be seen. */
  | { readonly type: "blank" }
  /** Written by `/me`: Mattermost's own words for what somebody does. */
  | { readonly type: "me-post" }
  | { readonly type: "main-dm-prompt" }
  /** `meant`: the command that it may be meant as, because the session works. */
  | { readonly type: "thread-prompt"; readonly meant?: string }
  | { readonly type: "unknown-thread" }
  | { readonly type: "ended-session"; readonly status: Exclude<ThreadStatus, "active"> };
