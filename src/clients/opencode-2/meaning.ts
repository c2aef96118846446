import type { z } from "zod";
import type { HostEvent, Part, RunStatus } from "../../models/host-event.ts";
import type { SessionId } from "../../models/ids.ts";
import type { WireForm } from "./forms.ts";
import type { SessionRun } from "./session-run.ts";

/** What must be read from OpenCode before an event can be told. */
export type Lacking =
  /** What the session is. */
  | "session"
  /** Which prompt is being answered: a run that OpenCode resumed by itself says nothing of that. */
  | "prompt"
  /** Which files the turn changed. */
  | "changes"
  /** The message that a person's shell command became. */
  | "shell";

export interface Context {
  readonly run: SessionRun;
  readonly sessionId: SessionId;
  /** When it happened, in Unix milliseconds. */
  readonly atMs: number;
  readonly forms: Map<string, WireForm>;
  /** Whether a form can be answered from here. */
  readonly answersForms: boolean;
}

/** What an event becomes, and what has to be known before. */
export interface Meaning {
  /** It says itself what the session is, or that it is no more. */
  readonly saysAll?: boolean;
  /** It begins an answer: it has to be known to what. */
  readonly answers?: boolean;
  /** It ends a run, which may have changed files. */
  readonly ends?: boolean;
  /** A person's shell command begins or ends. */
  readonly isShell?: boolean;
  readonly tell: (data: unknown, context: Context) => readonly HostEvent[];
}

/** Checks the shape first: data that is not of it means nothing. */
export function meaning<T>(
  schema: z.ZodType<T>,
  tell: (data: T, context: Context) => readonly HostEvent[],
  about: Pick<Meaning, "saysAll" | "answers" | "ends" | "isShell"> = {},
): Meaning {
  return {
    ...about,
    tell(data, context) {
      const parsed = schema.safeParse(data);
      return parsed.success ? tell(parsed.data, context) : [];
    },
  };
}

export const NOTHING: readonly HostEvent[] = [];

export const status = (sessionId: SessionId, run: RunStatus): HostEvent => ({
  type: "status",
  sessionId,
  status: run,
});

export const part = ({ sessionId }: Context, given: Part): readonly HostEvent[] => [
  { type: "part", sessionId, part: given },
];

/** The meanings of some events, by OpenCode's names. */
export type Meanings = Readonly<Record<string, Meaning>>;
