import type { ThreadStatus } from "./thread-mapping.ts";

/** A command as typed: `!name rest of the line`. The name is lower case; the arguments are as written. */
export interface ParsedCommand {
  readonly name: string;
  readonly args: string;
}

/** Where a post of the owner was written. */
export type Place = "main" | "thread";

/** What to do with a post of the owner. Refusals are routes too: each is answered. */
export type Route =
  | { readonly type: "command"; readonly place: Place; readonly command: ParsedCommand }
  | { readonly type: "unknown-command"; readonly typed: string; readonly meant: string }
  | { readonly type: "main-dm-prompt" }
  | { readonly type: "thread-prompt" }
  | { readonly type: "unknown-thread" }
  | { readonly type: "ended-session"; readonly status: Exclude<ThreadStatus, "active"> };
