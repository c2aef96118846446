import type { SessionId } from "./ids.ts";

/** A folder that OpenCode has worked in. */
export interface Project {
  readonly name: string;
  readonly directory: string;
  /** The directory as a person knows it: the home folder as `~`. */
  readonly short: string;
  /** The folder is not there any more. */
  readonly isGone: boolean;
}

/** A session in a list. Times are Unix milliseconds. */
export interface SessionLine {
  readonly id: SessionId;
  /** The state as an emoji, the one in the session's card. */
  readonly mark: string;
  /** As it is, as the title is: whoever shows it escapes it. */
  readonly project: string;
  readonly title: string;
  readonly link: string;
  /** For how long it has been in that state. */
  readonly forMs: number;
  readonly needsUser: boolean;
  readonly ended: boolean;
}
