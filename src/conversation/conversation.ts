import { COMMANDS } from "../commands/index.ts";
import { isAside, isOfAnyAge, overtakes, routePost } from "../commands/message-router.ts";
import { readPermissionAnswer } from "../commands/permission-answer.ts";
import { mayActOn } from "../commands/while-locked.ts";
import { messageOf } from "../errors.ts";
import type { Post } from "../models/chat.ts";
import type { MessageId, PostId } from "../models/ids.ts";
import type { Route } from "../models/routing.ts";
import type { ThreadStatus } from "../models/thread-mapping.ts";
import { askedElsewhereNotice } from "../render/gone-request.ts";
import {
  asEditedNotice,
  endedByNotice,
  filesNotTakenNotice,
  lockedNotice,
  maybeSentNotice,
  meantNotice,
  notAcceptedNotice,
  tooLateNotice,
} from "../render/notice.ts";
import { refusalText } from "../render/refusal.ts";
import { statusOf } from "../state/status.ts";
import { isTooOld } from "../thread/unanswered-replies.ts";
import type { LateReplies } from "./late-replies.ts";
import type { AnswerResult } from "./requests.ts";
import type { Taps } from "./taps.ts";
import { type ConversationDeps, createThreadParts } from "./thread-parts.ts";

/**
 * What the owner says and does in one thread. What brings something to the session is done in the thread's lane, in its order;
 * what ends or allows something overtakes it, in an order of its own.
 */
export interface ThreadConversation extends Taps, Pick<LateReplies, "offer" | "offers"> {
  /** What a post that comes now may be. */
  sort(post: Post, status: ThreadStatus): Sorted;
  /**
   * `again`: another process may have given it to OpenCode before it died. `ahead`: its turn has not come; where it turns out to
   * be something to wait for, nothing is done.
   */
  post(post: Post, status: ThreadStatus, taken: "first" | "again", when: When): Promise<void>;
  /** A prompt is about to be acted on: what that takes of OpenCode is asked for already. */
  prepare(): void;
  /** Whether the post is one of the owner's in this thread that has been handled. */
  knows(postId: PostId): boolean;
  /**
   * Sends a prompt of this thread once more, under the same ids. `false` where it was not sent here, or twice already, or where
   * everything is switched off.
   */
  again(turn: MessageId): boolean;
  /** The owner has edited a post. `true` where it is still to be acted on. */
  edited(post: Post): boolean;
  deleted(post: Post): Promise<void>;
  /** Whether a post waits for the session to be idle. */
  isQueued(postId: PostId): boolean;
  /** What happened before is known: what is queued may run. */
  begin(): void;
  /** Everything may have been switched on again. */
  unlocked(): void;
  stop(): void;
  sayEnded(how: "deleted" | "exited" | "unloaded"): void;
  /** The thread's state has changed. */
  changed(): void;
}

const POSTS_REMEMBERED = 500;

interface Sorted {
  readonly isPrompt: boolean;
  /** To be acted on before those in the lane. */
  readonly isAhead: boolean;
  /** It may take its time, and what is done at once does not wait for it. */
  readonly isAside: boolean;
  /** To be acted on however late it comes. */
  readonly isOfAnyAge: boolean;
}

/** Of a post: ahead of its turn in the lane, or in its turn. */
export type When = "ahead" | "in-turn";

/**
 * What shows that a post has been acted on: OpenCode has stored it, the bot's answer does, or nothing but a mark. `asked`: nothing
 * was done, the bot has asked what is meant. `left`: it is to be acted on when its turn comes.
 */
type Outcome = "stored" | "answered" | "asked" | "marked" | "left";

export function createThreadConversation(deps: ConversationDeps): ThreadConversation {
  const { runtime, clock, logger, pending, lock } = deps;
  const { id: sessionId } = runtime.state().session;
  /** With the time at which they were last edited before that. */
  const handled = new Map<PostId, number>();
  /** Those of them of which nothing came but a question: what they are edited to is acted on. */
  const open = new Set<PostId>();
  /** Edited since, and not acted on yet. */
  const meantAnew = new Set<PostId>();
  const parts = createThreadParts(deps, handled);
  const { requests, late, queue, runner, answer, wasStored, prompts, stops, commands } = parts;
  const { taps, changes, sender } = parts;

  /** Each post of the owner is acted on once, however often it is delivered. */
  function isFirst({ id, editedMs }: Post): boolean {
    if (handled.has(id)) return false;
    handled.set(id, editedMs);
    const [oldest] = handled.keys();
    if (handled.size > POSTS_REMEMBERED && oldest) handled.delete(oldest);
    return true;
  }

  function routeOf(post: Post, status: ThreadStatus): Route {
    const works = runtime.state().run.kind !== "idle";
    return routePost(post, { place: "thread", status, works }, COMMANDS);
  }

  /** Whether the post was for a request that waits; then it is answered or marked here. */
  function tookAnswer(post: Post, result: AnswerResult): boolean {
    if (result.kind === "taken") runtime.mark(post.id, "eyes");
    const names = post.files.map(({ name }) => name);
    if (result.kind === "taken" && names.length > 0) {
      runtime.say(`files/${post.id}`, filesNotTakenNotice("an answer", names));
    }
    if (result.kind === "unclear") answer(post, result.text);
    return result.kind !== "not-an-answer";
  }

  /** A command of which nobody knows any more what it was for is not offered either. */
  function offer(found: readonly Post[]): void {
    const status = statusOf(runtime.state());
    late.offer(found.filter((post) => mayBeOffered(post, routeOf(post, status))));
  }

  function mayBeOffered(post: Post, route: Route): boolean {
    const minutes = Math.round((deps.chat.now() - post.createdMs) / 60_000);
    if (isOfAnyAge(route, COMMANDS)) {
      void deps
        .inControl(() => deps.take(post))
        .catch((error) => logger.warn(`a late command could not be run: ${messageOf(error)}`));
    } else if (mayActOn(post, lock) && route.type !== "command") {
      return true;
    } else if (isFirst(post)) {
      answer(post, mayActOn(post, lock) ? tooLateNotice(minutes) : lockedNotice(lock.isOn()));
    }
    return false;
  }

  async function acted(
    post: Post,
    status: ThreadStatus,
    taken: "first" | "again",
    when: When,
  ): Promise<Outcome> {
    if (!isFirst(post)) return "stored";
    try {
      if (taken === "again" && (await wasStored(post))) {
        runtime.mark(post.id, "eyes");
        return "stored";
      }
      if (!mayActOn(post, lock)) {
        answer(post, lockedNotice(lock.isOn()));
        return "answered";
      }
      const outcome = await act(post, routeOf(post, status), when);
      if (outcome === "left") handled.delete(post.id);
      return outcome;
    } catch (error) {
      const say = taken === "again" ? maybeSentNotice : notAcceptedNotice;
      answer(post, say(messageOf(error)));
      throw error;
    }
  }

  /** What nothing durable shows is noted, so that it is not done again after a crash. */
  async function settled(...given: Parameters<ThreadConversation["post"]>): Promise<void> {
    const [post] = given;
    const outcome = await acted(...given);
    if (outcome === "left") return;
    if (outcome === "asked") noteOpen(post.id);
    // Where the edit has been answered otherwise, that stands.
    else if (meantAnew.delete(post.id)) runtime.say(`reply/${post.id}`, asEditedNotice());
    changes.settled(post);
    if (outcome === "marked") await deps.done(post.id);
  }

  function noteOpen(id: PostId): void {
    open.add(id);
    const [oldest] = open;
    if (open.size > POSTS_REMEMBERED && oldest) open.delete(oldest);
  }

  /** `true` where nothing was done with a post but asked what is meant: the edit is the answer. */
  function isMeantAnew(post: Post): boolean {
    const { id, editedMs } = post;
    const isNew = editedMs > (handled.get(id) ?? editedMs) && !isTooOld(post, deps.chat.now());
    if (!isNew || !open.delete(id)) return false;
    handled.delete(id);
    meantAnew.add(id);
    runtime.reopen(`reply/${id}`);
    return true;
  }

  async function answerIn(post: Post, anyWords: boolean): Promise<AnswerResult> {
    const result = await requests.text(post, anyWords);
    const isElsewhere = deps.elsewhere.has() && readPermissionAnswer(post.message) !== undefined;
    return result.kind === "not-an-answer" && isElsewhere
      ? { kind: "unclear", text: askedElsewhereNotice() }
      : result;
  }

  /** A word for a command is an answer only where it names an option. */
  async function words(post: Post, when: When, meant: string | undefined): Promise<Outcome> {
    const text = (): Promise<AnswerResult> => answerIn(post, meant === undefined);
    const result = await (when === "ahead" ? text() : deps.inControl(text));
    if (tookAnswer(post, result)) return result.kind === "taken" ? "marked" : "asked";
    if (meant !== undefined) {
      answer(post, meantNotice(meant));
      return "asked";
    }
    if (when === "ahead") return "left";
    return (await chosen(post)) ? "marked" : prompt(post);
  }

  async function chosen(post: Post): Promise<boolean> {
    const isChosen = await commands.choices.typed(post);
    if (isChosen) runtime.mark(post.id, "eyes");
    return isChosen;
  }

  /** A file may take minutes to be fetched: what the owner has made of the post meanwhile counts. */
  async function prompt(post: Post): Promise<Outcome> {
    const given = await prompts.give(post);
    const now = given === "changed" ? pending.now(post) : undefined;
    if (now) {
      handled.set(now.id, now.editedMs);
      return act(now, routeOf(now, statusOf(runtime.state())), "in-turn");
    }
    return given === "answered" ? "answered" : "stored";
  }

  async function act(post: Post, route: Route, when: When): Promise<Outcome> {
    switch (route.type) {
      case "thread-prompt":
        return words(post, when, route.meant);
      case "command":
        return commands.run(post, route.command);
      default:
        answer(post, refusalText(route, sessionId));
        return "asked";
    }
  }

  return {
    sort(post, status) {
      const route = routeOf(post, status);
      const isPrompt = route.type === "thread-prompt";
      const mayAnswer = isPrompt && (route.meant !== undefined || requests.wait());
      return {
        isPrompt,
        isAhead: isPrompt ? mayAnswer : overtakes(route, COMMANDS),
        isAside: isAside(route, COMMANDS),
        isOfAnyAge: isOfAnyAge(route, COMMANDS),
      };
    },
    post: settled,
    prepare: () => sender.prepare(runtime.state().run.kind === "idle"),
    laneOf: taps.laneOf,
    reaction: taps.reaction,
    refuse: taps.refuse,
    recheck: taps.recheck,
    knows: (postId) => handled.has(postId),
    // What is queued is read anew when it is run.
    edited: (post) => !queue.has(post.id) && (isMeantAnew(post) || changes.edited(post)),
    deleted: (post) =>
      queue.has(post.id) ? queue.remove(post.id, "dropped") : changes.deleted(post),
    offer,
    offers: late.offers,
    again: (turn) => !lock.isOn() && !stops.isStopped(turn) && sender.again(turn),
    sayEnded(how) {
      runtime.say(`ended/${clock.now()}`, endedByNotice(how, sessionId, queue.posts().length));
    },
    isQueued: queue.has,
    begin: runner.begin,
    unlocked: runner.look,
    stop: runner.stop,
    changed() {
      stops.changed();
      runner.look();
      prompts.changed();
    },
  };
}
