import type { Answer, ProjectFile, ThreadPort } from "../commands/command.ts";
import { runCommand } from "../commands/command-handler.ts";
import { COMMANDS } from "../commands/index.ts";
import type { Post } from "../models/chat.ts";
import { OPTION_MARKS } from "../models/option-marks.ts";
import type { ParsedCommand } from "../models/routing.ts";
import type { ChatPort, CommandPort, HostPort } from "../ports.ts";
import { askedElsewhereNotice } from "../render/gone-request.ts";
import { filesNotTakenNotice } from "../render/notice.ts";
import { statusOf } from "../state/status.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import type { AskedElsewhere } from "./asked-elsewhere.ts";
import { type Choices, createChoices } from "./choices.ts";
import { contextUse } from "./context-use.ts";
import { type PromptQueue, QUEUE_MARKS } from "./prompt-queue.ts";
import type { QueueRunner } from "./queue-runner.ts";
import type { ThreadRequests } from "./requests.ts";
import type { RunAgain } from "./run-again.ts";
import type { SessionChoices } from "./session-choices.ts";
import type { Fork } from "./session-forks.ts";
import type { SessionHistory } from "./session-history.ts";
import type { SessionWork } from "./session-work.ts";
import type { Stops } from "./stops.ts";

/** The commands of one thread. */
export interface ThreadCommands {
  /** Resolves with what shows that it was run: the bot's answer, or nothing but a mark. */
  run(post: Post, command: ParsedCommand): Promise<"answered" | "marked">;
  readonly choices: Choices;
}

export function createThreadCommands(deps: {
  readonly runtime: ThreadRuntime;
  readonly bridge: CommandPort;
  readonly chat: Pick<ChatPort, "now" | "post" | "thread">;
  readonly requests: Pick<ThreadRequests, "permission">;
  readonly host: HostPort;
  readonly choices: SessionChoices;
  readonly queue: PromptQueue;
  readonly runner: Pick<QueueRunner, "look">;
  readonly elsewhere: AskedElsewhere;
  readonly stop: Stops["stop"];
  readonly history: SessionHistory;
  readonly fork: Fork;
  readonly again: RunAgain;
  readonly work: SessionWork;
  readonly look: (path: string) => Promise<ProjectFile>;
  /** Ends the session in this thread. */
  readonly end: () => Promise<void>;
}): ThreadCommands {
  const { runtime, host, bridge, requests, stop, chat, queue } = deps;

  /** What a command in this post may do here: each member is one thing that is done for a session, and for this post once. */
  const threadFor = (post: Post): ThreadPort => ({
    sessionId: runtime.state().session.id,
    host,
    choices: deps.choices,
    queue: {
      count: () => queue.posts().length,
      isHeld: queue.isHeld,
      texts: queue.texts,
      async add() {
        await queue.add(post);
        deps.runner.look();
      },
      async take(places) {
        const texts = await queue.texts();
        await queue.take(places, post.id);
        return texts.filter((_, place) => places === "all" || places.includes(place));
      },
    },
    history: {
      undo: () => deps.history.undo(post.id),
      redo: () => deps.history.redo(post.id),
      fork: (number) => deps.fork(post.id, number === undefined ? undefined : { number }),
      retry: () => deps.again.last(post),
    },
    work: {
      command: (name, args) => deps.work.command(post.id, name, args),
      shell: (command) => deps.work.shell(post.id, command),
      compact: () => deps.work.compact(post.id),
    },
    context: () => contextUse(deps),
    look: deps.look,
    async end() {
      await stop(post.createdMs);
      await deps.end();
      return queue.posts().length;
    },
    stop,
    async answerPermission(given, writtenMs) {
      const result = await requests.permission(given, writtenMs);
      if (result.kind === "not-an-answer" && deps.elsewhere.has()) return askedElsewhereNotice();
      return result.kind === "unclear" ? result.text : result.kind;
    },
  });

  /** Then it can be brought back, and nothing else. */
  const isOver = (): boolean => statusOf(runtime.state()) !== "active";

  const runNow = (command: ParsedCommand, post: Post) =>
    runCommand(COMMANDS, command, {
      hasFiles: post.files.length > 0,
      place: "thread",
      bridge,
      ...(isOver() ? { sessionId: runtime.state().session.id } : { thread: threadFor(post) }),
      writtenMs: post.createdMs,
    });

  return {
    choices: createChoices({
      ...deps,
      run: (name, args, list) =>
        runNow({ name, args }, { ...list, createdMs: chat.now(), files: [] }),
    }),
    async run(post, command) {
      const answer = await runNow(command, post);
      const { text, isMarked = false } = answer;
      const names = answer.takesFiles ? [] : post.files.map(({ name }) => name);
      if (names.length > 0) {
        runtime.say(`files/${post.id}`, filesNotTakenNotice("a command", names));
      }
      if (text === "" && !isMarked) runtime.mark(post.id, "eyes");
      if (text === "") return "marked";
      const { kind, marks } = offered(command, answer);
      const shown = marks.length > 0 ? marks : undefined;
      runtime.say(`reply/${post.id}${kind}`, text, shown, answer.files);
      return "answered";
    },
  };
}

/** What can be tapped on an answer, and how its key says what that means. */
function offered({ name }: ParsedCommand, { choices = 0, offers }: Answer) {
  if (offers) return { kind: `/${offers}`, marks: QUEUE_MARKS };
  const few = choices <= OPTION_MARKS.length ? choices : 0;
  const marks = OPTION_MARKS.slice(0, few).map((mark) => mark.name);
  return { kind: choices > 0 ? `/${name}` : "", marks };
}
