import type { AssistantMessage, Part, SessionInfo, UserMessage } from "../../models/host-event.ts";
import type { CallId, MessageId, RequestId } from "../../models/ids.ts";
import { type CallFacts, toolPart } from "./parts.ts";

/** What has to be remembered of a session to tell what its next event means. Forgotten when the session is. */
export interface SessionRun {
  info?: SessionInfo;
  /** The newest prompt that the model was given: what comes next answers it. */
  asked?: UserMessage;
  /** Prompts that OpenCode has stored and not given to the model yet. Notes of OpenCode's own are not among them. */
  readonly waiting: Set<MessageId>;
  /** Whether a step runs, or is about to. */
  working: boolean;
  /** Whether a file was changed since the run began. */
  hasChanged: boolean;
  /** The newest messages that the model writes or wrote. */
  readonly replies: Map<MessageId, AssistantMessage>;
  /** A person's shell commands that run beside. */
  readonly shells: Set<string>;
  /** The summing up that somebody asked for, and that goes on now. */
  compacting?: UserMessage;
  /** Since when the model has been thinking, in Unix milliseconds. */
  thoughtSinceMs?: number;
  readonly calls: Map<CallId, CallFacts & { readonly messageId: MessageId }>;
  /** Questions that are asked no more: dismissed, or gone with a run that is being stopped. What comes next tells. */
  readonly withdrawn: RequestId[];
}

export const newRun = (): SessionRun => ({
  waiting: new Set(),
  working: false,
  hasChanged: false,
  replies: new Map(),
  calls: new Map(),
  withdrawn: [],
  shells: new Set(),
});

const REPLIES_REMEMBERED = 10;

export function noteReply(run: SessionRun, reply: AssistantMessage): AssistantMessage {
  run.replies.set(reply.id, reply);
  const [oldest] = run.replies.keys();
  if (run.replies.size > REPLIES_REMEMBERED && oldest) run.replies.delete(oldest);
  return reply;
}

/** Adds to what is known of a tool call. */
export function noteCall(
  run: SessionRun,
  messageId: MessageId,
  facts: Partial<CallFacts> & { readonly id: CallId },
): Part {
  const before = run.calls.get(facts.id);
  const known: CallFacts = { name: "tool", state: "pending", input: {}, ...before, ...facts };
  if (known.state === "completed" || known.state === "error") run.calls.delete(facts.id);
  else run.calls.set(facts.id, { ...known, messageId });
  return toolPart(messageId, known);
}

/** A command of a tool call that runs. */
export interface RunningShell {
  readonly callId: CallId;
  readonly messageId: MessageId;
  readonly shellId: string;
}

export const shellsOf = (run: SessionRun | undefined): readonly RunningShell[] =>
  [...(run?.calls.values() ?? [])].flatMap(({ id, messageId, shellId }) =>
    shellId === undefined ? [] : { callId: id, messageId, shellId },
  );
