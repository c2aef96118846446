import type { AttachedFile, Verbosity } from "../models/desired-post.ts";
import type { PermissionReply } from "../models/host-event.ts";
import type { HostOffers, PromptSettings } from "../models/host-offers.ts";
import type { SessionId } from "../models/ids.ts";
import type { Place } from "../models/routing.ts";
import type { SessionSettings } from "../models/session-settings.ts";
import type { CommandPort } from "../ports.ts";
import { onlyInThreadsNotice, unsupportedNotice } from "../render/command-notice.ts";

/** What a command is about: help lists them by it. */
type CommandGroup = keyof typeof COMMAND_GROUPS;

/** In the order in which help lists them. */
export const COMMAND_GROUPS = {
  answer: "Answer what waits",
  run: "Run and stop",
  model: "Model",
  look: "Look",
  session: "Sessions",
  bridge: "This bot",
} as const;

/** One command: what it is called, where it works, what help says of it, and what it does. */
export interface Command {
  /** As typed after `!`, lower case. */
  readonly name: string;
  /** Other names for it. */
  readonly aliases?: readonly string[];
  readonly where: readonly Place[];
  /** What follows the name: nothing (empty), something that may be left out (`[WORDS]`), or something that it needs (`TITLE`). */
  readonly args: string;
  readonly group: CommandGroup;
  /** One line for the help, without a full stop. */
  readonly help: string;
  /** As somebody would type it. */
  readonly example: string;
  /** What the host must be able to do for it: a host that cannot is answered for, in one line. */
  readonly needs?: keyof HostOffers;
  /** Works in a thread whose session is over too. */
  readonly whenEnded?: boolean;
  /** What people type for it while the session works, with `!` or without: then it is asked about. */
  readonly alsoTyped?: readonly string[];
  /** It ends or allows something, and never waits for another command. */
  readonly atOnce?: boolean;
  /** It brings something that takes its time, and waits for its turn behind what was written before. All others overtake. */
  readonly inTurn?: boolean;
  /** It is for what it was written for, however late it comes; all others are not run when they are old. */
  readonly anyAge?: boolean;
  /** Resolves with what to answer; empty where a mark under the post says enough. Rejections are answered. */
  run(context: CommandContext): Promise<string | Answer>;
}

/** An answer that is more than its text. */
export interface Answer {
  readonly text: string;
  /** So many numbered choices are in it: a number tapped on it, or typed next, is the command with what it stands for. */
  readonly choices?: number;
  /** It lists what is queued: ▶️ and 🗑️ are offered under it. */
  readonly offers?: "queue";
  /** A mark under the post says it already. */
  readonly isMarked?: boolean;
  /** Attached to it. */
  readonly files?: readonly AttachedFile[];
  /** What is attached to the command's post goes with it. */
  readonly takesFiles?: boolean;
}

/** What a command may see and do. */
export interface CommandContext {
  readonly args: string;
  /** When it was written, in Unix milliseconds of the server. */
  readonly writtenMs: number;
  readonly place: Place;
  /** Whether something is attached to its post. */
  readonly hasFiles?: boolean;
  readonly commands: readonly Command[];
  readonly bridge: CommandPort;
  /** The thread that the command was written in, with its live session; absent in the main DM. */
  readonly thread?: ThreadPort;
  /** The session of the thread that the command was written in. */
  readonly sessionId?: SessionId;
}

/** A thread, as commands need it. */
export interface ThreadPort {
  readonly sessionId: SessionId;
  readonly host: HostOffers;
  readonly choices: ChoicesPort;
  readonly queue: QueuePort;
  readonly history: HistoryPort;
  readonly work: WorkPort;
  /** What fills the model's context. */
  context(): Promise<ContextUse>;
  /** A file of the project, or what a folder of it holds. */
  look(path: string): Promise<ProjectFile>;
  /** Ends the session here: what runs is stopped. Resolves with how many prompts are left in the queue. */
  end(): Promise<number>;
  /** Stops what was begun by then. `later`: what runs now was begun after that. */
  stop(writtenMs: number): Promise<"stopped" | "nothing-runs" | "later">;
  /** `taken`, `not-an-answer` where nothing waits, or a text that says what is unclear. */
  answerPermission(
    answer: { readonly reply: PermissionReply; readonly reason?: string },
    writtenMs: number,
  ): Promise<string>;
}

/** What the owner chooses for a session. It counts from the next prompt on, and outlives the process. */
interface ChoicesPort {
  /** What the next prompt will run with, as far as that is known. */
  next(): Promise<PromptSettings>;
  choose(change: Pick<SessionSettings, "agent" | "model" | "variant">): Promise<void>;
  verbosity(): Verbosity;
  chooseVerbosity(is: Verbosity): Promise<void>;
}

/** What waits for the session to be idle. */
interface QueuePort {
  count(): number;
  /** Whether it waits for a word of the owner's. */
  isHeld(): boolean;
  texts(): Promise<readonly string[]>;
  /** Puts the post that the command stands in at the end. */
  add(): Promise<void>;
  /** Takes out the posts at these places, from 0. Resolves with what they said. */
  take(places: readonly number[] | "all"): Promise<readonly string[]>;
}

/** What a session has been through. Each is done once for the command's post, and resolves with what to tell the owner. */
interface HistoryPort {
  undo(): Promise<string>;
  redo(): Promise<string>;
  /** From before the prompt with this number, from 1; without one, with everything. */
  fork(number?: number): Promise<string>;
  /** Runs the last prompt again. Empty where it was given to the session. */
  retry(): Promise<string>;
}

/** What the host does in a session on request. Each is done once for the command's post, and resolves with why not, or with nothing. */
interface WorkPort {
  command(name: string, args: string): Promise<string>;
  shell(command: string): Promise<string>;
  compact(): Promise<string>;
}

export interface ContextUse {
  /** In tokens; 0 while nobody has said. */
  readonly tokens: number;
  /** What the model can hold; absent where that is not known. */
  readonly limit?: number;
  readonly model?: string;
  readonly costUsd: number;
}

export type ProjectFile =
  | { readonly kind: "file"; readonly path: string; readonly bytes: Uint8Array }
  | {
      readonly kind: "folder";
      readonly path: string;
      readonly entries: readonly { readonly name: string; readonly isFolder: boolean }[];
    }
  /** Why it cannot be shown, as the rest of a sentence that begins with its name. */
  | { readonly kind: "refused"; readonly why: string };

type InThread = CommandContext & { readonly thread: ThreadPort };
type About = Omit<Command, "where" | "needs" | "run">;

/** A command for the thread of a live session. */
export const threadCommand = (
  about: About,
  run: (context: InThread) => Promise<string | Answer>,
): Command => ({
  ...about,
  where: ["thread"],
  run: async (context) =>
    context.thread ? run({ ...context, thread: context.thread }) : onlyInThreadsNotice(about.name),
});

/** The same, where the host has to be able to do something. */
export const hostCommand = <N extends keyof HostOffers>(
  needs: N,
  about: About,
  run: (context: InThread, call: NonNullable<HostOffers[N]>) => Promise<string | Answer>,
): Command => ({
  ...threadCommand(about, async (context) => {
    const call = context.thread.host[needs];
    return call ? run(context, call) : unsupportedNotice(about.name);
  }),
  needs,
});
