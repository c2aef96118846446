import type { Post } from "./models/chat.ts";
import type { Question } from "./models/host-event.ts";
import type { RequestId } from "./models/ids.ts";
import type { PendingQuestion } from "./models/thread-state.ts";
import { type PermissionAnswer, readPermissionAnswer } from "./permission-answer.ts";
import type { HostPort, Logger } from "./ports.ts";
import { type QuestionAction, readQuestionReaction, readQuestionText } from "./question-answer.ts";
import type { ReactionAction } from "./reaction-handler.ts";
import { severalWaitNotice, useNumbersNotice } from "./render/notice.ts";
import { openQuestion } from "./render/question.ts";
import type { ThreadRuntime } from "./thread-runtime.ts";

/** What a text in the thread was for the requests that wait. */
export type AnswerResult =
  | { readonly kind: "not-an-answer" }
  | { readonly kind: "taken" }
  | { readonly kind: "unclear"; readonly text: string };

/** The owner's answers to permissions and questions, brought to OpenCode. Called in the thread's lane. */
export interface ThreadRequests {
  /** A typed text, where it answers something that waits. */
  text(post: Post): Promise<AnswerResult>;
  /** The answer to the one permission that waits. */
  permission(answer: PermissionAnswer): Promise<AnswerResult>;
  reaction(
    action: Extract<ReactionAction, { type: "permission" | "question" }>,
    added: boolean,
  ): Promise<void>;
}

const NO_ANSWER: AnswerResult = { kind: "not-an-answer" };
const TAKEN: AnswerResult = { kind: "taken" };

export function createThreadRequests(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly logger: Logger;
  readonly ownerName: string;
}): ThreadRequests {
  const { runtime, host, logger, ownerName } = deps;
  const { id: sessionId } = runtime.state().session;

  const waitingPermissions = () => runtime.state().permissions.filter((p) => !p.decision);
  const waitingQuestions = () => runtime.state().questions.filter((q) => !q.decision);

  /** Tells who answers while OpenCode is asked to take it; `false` where the request was no longer waiting. */
  async function settle(requestId: RequestId, answer: () => Promise<boolean>): Promise<boolean> {
    runtime.apply({ type: "answering", requestId, by: ownerName });
    try {
      const taken = await answer();
      if (!taken) {
        runtime.apply({ type: "answering", requestId });
        runtime.apply({ type: "request-gone", requestId });
      }
      return taken;
    } catch (error) {
      runtime.apply({ type: "answering", requestId });
      throw error;
    }
  }

  /** One answer settles every equal request. */
  async function decide(id: RequestId, { reply, reason }: PermissionAnswer): Promise<void> {
    const entry = waitingPermissions().find((p) => p.request.id === id);
    if (!entry) return;
    const { permission, patterns } = entry.request;
    logger.info(`@${ownerName} answered "${reply}" to ${permission} ${patterns.join(" ")}`, {
      sessionId,
      requestId: id,
    });
    for (const requestId of entry.pending) {
      const taken = await settle(requestId, () => host.answerPermission(requestId, reply, reason));
      if (taken) runtime.apply({ type: "permission-replied", sessionId, requestId, reply });
    }
  }

  async function answerQuestion(pending: PendingQuestion, action: QuestionAction): Promise<void> {
    const { id: requestId, questions } = pending.request;
    switch (action.type) {
      case "mark":
        runtime.apply({ type: "option-marked", requestId, index: action.index, on: action.on });
        return;
      case "dismiss": {
        logger.info(`@${ownerName} dismissed a question`, { sessionId, requestId });
        const taken = await settle(requestId, () => host.dismissQuestion(requestId));
        if (taken) runtime.apply({ type: "question-rejected", sessionId, requestId });
        return;
      }
      case "answer": {
        const answers = [...(pending.answersSoFar ?? []), action.answer];
        if (answers.length < questions.length) {
          runtime.apply({ type: "answer-noted", requestId, answer: action.answer });
          return;
        }
        logger.info(`@${ownerName} answered a question`, { sessionId, requestId });
        const taken = await settle(requestId, () => host.answerQuestion(requestId, answers));
        if (taken) runtime.apply({ type: "question-replied", sessionId, requestId, answers });
      }
    }
  }

  const asked = (pending: PendingQuestion): Question | undefined =>
    pending.request.questions[openQuestion(pending) ?? -1];

  async function permission(answer: PermissionAnswer): Promise<AnswerResult> {
    const waiting = waitingPermissions();
    const [only] = waiting;
    if (!only) return NO_ANSWER;
    if (waiting.length > 1) return { kind: "unclear", text: severalWaitNotice(waiting.length) };
    await decide(only.request.id, answer);
    return TAKEN;
  }

  async function question(text: string): Promise<AnswerResult> {
    const waiting = waitingQuestions();
    const [only] = waiting;
    const current = only && asked(only);
    if (!only || !current || waiting.length > 1) return NO_ANSWER;
    const answer = readQuestionText(current, text);
    if (!answer) return { kind: "unclear", text: useNumbersNotice(current.options.length) };
    await answerQuestion(only, { type: "answer", answer });
    return TAKEN;
  }

  return {
    permission,
    async text(post) {
      const answer = readPermissionAnswer(post.message);
      if (answer && waitingPermissions().length > 0) return permission(answer);
      return question(post.message);
    },
    async reaction(action, added) {
      if (action.type === "permission") {
        if (added) await decide(action.requestId, { reply: action.reply });
        return;
      }
      const pending = waitingQuestions().find((q) => q.request.id === action.requestId);
      const current = pending && asked(pending);
      if (!pending || !current || openQuestion(pending) !== action.index) return;
      const read = readQuestionReaction(current, pending.chosen, action.emoji, added);
      if (read) await answerQuestion(pending, read);
    },
  };
}
