import type { PermissionReply } from "../models/host-event.ts";
import type { SessionId } from "../models/ids.ts";
import type { Place } from "../models/routing.ts";
import type { CommandPort } from "../ports.ts";

/** One command: what it is called, where it works, what help says of it, and what it does. */
export interface Command {
  /** As typed after `!`, lower case. */
  readonly name: string;
  readonly where: readonly Place[];
  /** What may follow the name, for the help; empty where nothing does. */
  readonly args: string;
  /** One line for the help, without a full stop. */
  readonly help: string;
  /** Works in a thread whose session is over too. */
  readonly whenEnded?: boolean;
  /** What people type for it while the session works, with `!` or without: then it is asked about. */
  readonly alsoTyped?: readonly string[];
  /** It brings something that takes its time, and waits for its turn behind what was written before. All others overtake. */
  readonly inTurn?: boolean;
  /** Resolves with what to answer; empty where a mark under the post says enough. Rejections are answered. */
  run(context: CommandContext): Promise<string>;
}

/** What a command may see and do. */
interface CommandContext {
  readonly args: string;
  /** When it was written, in Unix milliseconds of the server. */
  readonly writtenMs: number;
  readonly place: Place;
  readonly commands: readonly Command[];
  readonly bridge: CommandPort;
  /** The thread that the command was written in; absent in the main DM. */
  readonly thread?: ThreadPort;
  /** The session of the thread that the command was written in. */
  readonly sessionId?: SessionId;
}

/** A thread, as commands need it. */
export interface ThreadPort {
  /** Stops what was begun by then. `later`: what runs now was begun after that. */
  stop(writtenMs: number): Promise<"stopped" | "nothing-runs" | "later">;
  /** `taken`, `not-an-answer` where nothing waits, or a text that says what is unclear. */
  answerPermission(
    answer: { readonly reply: PermissionReply; readonly reason?: string },
    writtenMs: number,
  ): Promise<string>;
}
