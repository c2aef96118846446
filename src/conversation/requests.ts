import { type PermissionAnswer, readPermissionAnswer } from "../commands/permission-answer.ts";
import {
  notTakenText,
  type QuestionAction,
  readQuestionReaction,
  readQuestionText,
} from "../commands/question-answer.ts";
import { type ReactionAction, readReaction, sentLast } from "../commands/reaction-handler.ts";
import type { Post, Reaction } from "../models/chat.ts";
import type { PermissionReply, PermissionRequest, Question } from "../models/host-event.ts";
import type { RequestId } from "../models/ids.ts";
import { OPTION_MARKS } from "../models/option-marks.ts";
import type { HostPort, Logger } from "../ports.ts";
import { offersAlways } from "../render/always.ts";
import { permissionInBrief } from "../render/permission.ts";
import {
  askedSinceNotice,
  completedSinceNotice,
  longAlwaysNotice,
  noAlwaysNotice,
  nothingChosenNotice,
  permissionWaitsNotice,
  questionInsteadNotice,
  questionsWaitNotice,
  severalWaitNotice,
  wordsNotFilesNotice,
} from "../render/request-notice.ts";
import type { PendingQuestion, Permission } from "../state/thread-state.ts";
import { openQuestion } from "../state/waiting.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";

/** What a text in the thread was for the requests that wait. */
export type AnswerResult =
  | { readonly kind: "not-an-answer" }
  | { readonly kind: "taken" }
  | { readonly kind: "unclear"; readonly text: string };

/** The owner's answers to permissions and questions, brought to OpenCode. Called in the thread's lane. */
export interface ThreadRequests {
  /** Whether anything waits for an answer. */
  wait(): boolean;
  /** A typed text, where it answers something that waits. `anyWords`: a question is answered by any text where that is allowed. */
  text(post: Post, anyWords: boolean): Promise<AnswerResult>;
  /** The answer to the one permission that waits, and that was asked before the answer was written. */
  permission(answer: PermissionAnswer, writtenMs: number): Promise<AnswerResult>;
  reaction(
    action: Extract<ReactionAction, { type: "permission" | "question" }>,
    added: boolean,
  ): Promise<void>;
  /**
   * The owner's reactions under the post with this key as they are now: some may have come or gone unseen. `counts`: whether one
   * that is there may still do something.
   */
  recheck(
    key: string,
    reactions: readonly Reaction[],
    counts: (reaction: Reaction) => boolean,
  ): Promise<void>;
  /** Whether this reaction would do something that has not been done. */
  isAnswer(action: Extract<ReactionAction, { type: "permission" | "question" }>): boolean;
}

const NO_ANSWER: AnswerResult = { kind: "not-an-answer" };
const TAKEN: AnswerResult = { kind: "taken" };

export function createThreadRequests(deps: {
  readonly runtime: ThreadRuntime;
  readonly host: HostPort;
  readonly logger: Logger;
  readonly ownerName: string;
  readonly maxPostChars: number;
}): ThreadRequests {
  const { runtime, host, logger, ownerName } = deps;
  const { id: sessionId } = runtime.state().session;

  const waitingPermissions = () => runtime.state().permissions.filter((p) => !p.decision);
  const waitingQuestions = () => runtime.state().questions.filter((q) => !q.decision);

  /** Nobody answers what was not there yet: words that come late must not allow what came after them. */
  const wasThere = (key: string, writtenMs: number): boolean =>
    (runtime.postedMs(key) ?? Number.POSITIVE_INFINITY) <= writtenMs;

  /** What the call was given came when the post was there already: nobody answers it before it stands there too. */
  const isShown = ({ request, input }: Permission): boolean =>
    input === undefined || input === "unknown" || !input.isLate
      ? true
      : runtime.isShown(`permission/${request.id}`);

  const isAlwaysOffered = (request: PermissionRequest): boolean =>
    offersAlways(request, deps.maxPostChars);

  /** Tells who answers while OpenCode is asked to take it; `false` where the request was no longer waiting. */
  async function settle(
    requestId: RequestId,
    answer: () => Promise<boolean>,
    reply?: PermissionReply,
  ): Promise<boolean> {
    runtime.apply({ type: "answering", requestId, by: ownerName, ...(reply && { reply }) });
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

  /** One answer settles every equal request, those too that come while it is on its way. */
  async function decide(id: RequestId, { reply, reason }: PermissionAnswer): Promise<void> {
    const entry = () => waitingPermissions().find((p) => p.request.id === id);
    const { request } = entry() ?? {};
    if (!request || (reply === "always" && !isAlwaysOffered(request))) return;
    logger.info(`@${ownerName} answered "${reply}" to ${request.permission}`, {
      sessionId,
      requestId: id,
    });
    const asked = new Set<RequestId>();
    for (;;) {
      const requestId = entry()?.pending.find((pending) => !asked.has(pending));
      if (requestId === undefined) return;
      asked.add(requestId);
      const answer = () => host.answerPermission(requestId, reply, reason);
      const taken = await settle(requestId, answer, reply);
      if (taken) runtime.apply({ type: "permission-replied", sessionId, requestId, reply });
    }
  }

  async function tapped(id: RequestId, reply: PermissionReply): Promise<void> {
    const entry = waitingPermissions().find(({ request }) => request.id === id);
    if (entry && !isShown(entry)) runtime.say(`completed/${id}`, completedSinceNotice());
    else await decide(id, { reply });
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
      case "nothing-chosen":
        return runtime.say(`chosen/${requestId}`, nothingChosenNotice());
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

  const unclear = (text: string): AnswerResult => ({ kind: "unclear", text });

  const noneWaits = (): AnswerResult =>
    waitingQuestions().length > 0 ? unclear(questionInsteadNotice()) : NO_ANSWER;

  async function permission(answer: PermissionAnswer, writtenMs: number): Promise<AnswerResult> {
    const waiting = waitingPermissions();
    const [only] = waiting;
    if (!only) return noneWaits();
    if (waiting.length > 1) return unclear(severalWaitNotice(waiting.length));
    const { request } = only;
    if (!wasThere(`permission/${request.id}`, writtenMs)) return unclear(askedSinceNotice());
    if (!isShown(only)) return unclear(completedSinceNotice());
    if (answer.reply === "always" && !isAlwaysOffered(request)) {
      return unclear(request.always.length === 0 ? noAlwaysNotice() : longAlwaysNotice());
    }
    await decide(request.id, answer);
    return TAKEN;
  }

  const keyOf = (pending: PendingQuestion): string =>
    `question/${pending.request.id}/${openQuestion(pending)}`;

  async function question(
    { message, createdMs, files }: Post,
    anyWords: boolean,
  ): Promise<AnswerResult> {
    const waiting = waitingQuestions().filter((pending) => wasThere(keyOf(pending), createdMs));
    const [only, ...others] = waiting;
    const current = only && asked(only);
    if (!only || !current) return NO_ANSWER;
    if (others.length > 0) return unclear(questionsWaitNotice(waiting.length));
    if (message.trim() === "" && files.length > 0)
      return unclear(wordsNotFilesNotice(files.map(({ name }) => name)));
    const custom = current.custom && anyWords;
    const said = readQuestionText({ ...current, custom }, message);
    if (said.type === "none" && !anyWords) return NO_ANSWER;
    if (said.type === "answer") {
      await answerQuestion(only, said);
      return TAKEN;
    }
    return unclear(notTakenText(current, said));
  }

  /** Nothing that is written while a permission waits goes on to the session, where it would wait unseen. */
  function notAnAnswer({ createdMs }: Post): AnswerResult {
    const waiting = waitingPermissions().filter((p) =>
      wasThere(`permission/${p.request.id}`, createdMs),
    );
    const [first] = waiting;
    if (!first) return NO_ANSWER;
    const { request } = first;
    const brief = permissionInBrief(request, runtime.state().session.directory);
    const hasAlways = isAlwaysOffered(request);
    return unclear(permissionWaitsNotice({ count: waiting.length, brief, hasAlways }));
  }

  /** What a reaction means for the question that is asked now. */
  function questionReaction(
    { requestId, index, emoji }: Extract<ReactionAction, { type: "question" }>,
    added: boolean,
  ): { readonly pending: PendingQuestion; readonly read: QuestionAction } | undefined {
    const pending = waitingQuestions().find((q) => q.request.id === requestId);
    const current = pending && asked(pending);
    if (!pending || !current || openQuestion(pending) !== index) return undefined;
    const read = readQuestionReaction(current, pending.chosen, emoji, added);
    return read && { pending, read };
  }

  async function react(
    action: Extract<ReactionAction, { type: "permission" | "question" }>,
    added: boolean,
  ): Promise<void> {
    if (action.type === "permission") {
      if (added) await tapped(action.requestId, action.reply);
      return;
    }
    const meant = questionReaction(action, added);
    if (meant) await answerQuestion(meant.pending, meant.read);
  }

  /** Options that are marked no more are taken out; what is tapped comes after what it is about. */
  async function recheck(
    key: string,
    reactions: readonly Reaction[],
    counts: (reaction: Reaction) => boolean,
  ): Promise<void> {
    const inOrder = [...reactions].sort((a, b) => a.createdMs - b.createdMs);
    const read = (some: readonly Reaction[]) =>
      some.flatMap(({ emoji }) => readReaction(key, emoji) ?? []);
    const names = read(inOrder).flatMap((a) => (a.type === "question" ? [a.emoji] : []));
    const pending = waitingQuestions().find((q) => key.startsWith(`question/${q.request.id}/`));
    for (const index of pending?.chosen ?? []) {
      const isMarked = names.includes(OPTION_MARKS[index]?.name ?? "");
      if (pending && !isMarked) {
        await answerQuestion(pending, { type: "mark", index, on: false });
      }
    }
    for (const action of sentLast(read(inOrder.filter(counts)))) {
      if (action.type === "permission" || action.type === "question") await react(action, true);
    }
  }

  return {
    wait: () => waitingPermissions().length + waitingQuestions().length > 0,
    permission,
    async text(post, anyWords) {
      const answer = readPermissionAnswer(post.message);
      if (answer && waitingPermissions().length > 0) return permission(answer, post.createdMs);
      const result = await question(post, anyWords);
      return result.kind === "not-an-answer" && anyWords ? notAnAnswer(post) : result;
    },
    reaction: react,
    recheck,
    isAnswer(action) {
      if (action.type === "permission") {
        return waitingPermissions().some(({ request }) => request.id === action.requestId);
      }
      const meant = questionReaction(action, true);
      const { read, pending } = meant ?? {};
      const isDone = read?.type === "mark" && pending?.chosen?.includes(read.index) === true;
      return read !== undefined && !isDone;
    },
  };
}
