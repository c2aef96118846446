import type { ProjectFile } from "../commands/command.ts";
import type { Post, User } from "../models/chat.ts";
import type { PostId } from "../models/ids.ts";
import type { ChatPort, Clock, CommandPort, HostPort, KillSwitch, Logger } from "../ports.ts";
import type { ThreadOwnership } from "../thread/ownership.ts";
import type { ThreadRuntime } from "../thread/thread-runtime.ts";
import { toLocalMs } from "../timing/server-time.ts";
import type { AskedElsewhere } from "./asked-elsewhere.ts";
import { createDoOnce } from "./do-once.ts";
import type { InboundFiles } from "./file-handler.ts";
import { createGivePrompt, type GivePrompt } from "./give-prompt.ts";
import { createLateReplies } from "./late-replies.ts";
import { createOwnerChanges } from "./owner-changes.ts";
import type { PendingReplies } from "./pending-replies.ts";
import { createPromptQueue } from "./prompt-queue.ts";
import { createPromptSender, wasSent } from "./prompt-sender.ts";
import { createPromptTaps } from "./prompt-taps.ts";
import { createQueueRunner } from "./queue-runner.ts";
import { createThreadRequests } from "./requests.ts";
import { createRunAgain } from "./run-again.ts";
import type { SessionChoices } from "./session-choices.ts";
import { createFork, type OpenBeside } from "./session-forks.ts";
import { createSessionHistory } from "./session-history.ts";
import { createSessionWork } from "./session-work.ts";
import { createStops, type Stops } from "./stops.ts";
import { createTaps } from "./taps.ts";
import { createThreadCommands } from "./thread-commands.ts";

/** A stop takes effect within this time. */
const STOPPED_JUST_NOW_MS = 10_000;

/** What a thread's conversation is made with. */
export interface ConversationDeps {
  readonly runtime: ThreadRuntime;
  readonly elsewhere: AskedElsewhere;
  readonly ownership: Pick<ThreadOwnership, "mapping" | "take" | "change" | "settled">;
  readonly host: HostPort;
  readonly clock: Clock;
  /** Of what is done to its end though the thread may go meanwhile: a prompt that is being sent. */
  readonly outlasting: Clock;
  readonly logger: Logger;
  readonly owner: User;
  /** Mattermost's limit for one post, in code points. */
  readonly maxPostChars: number;
  readonly bridge: CommandPort;
  /** Brings the files of a post into reach of OpenCode. */
  readonly receive: (post: Post) => Promise<InboundFiles>;
  /** The replies that wait for their turn. */
  readonly pending: PendingReplies;
  /** Runs what answers a request after what has overtaken the lane so far. */
  readonly inControl: <T>(task: () => Promise<T>) => Promise<T>;
  /** Asked when the turn of something has come, just before it is done. */
  readonly lock: Pick<KillSwitch, "isOn" | "period">;
  readonly chat: Pick<ChatPort, "now" | "post" | "thread">;
  readonly choices: SessionChoices;
  readonly openBeside: OpenBeside;
  /** A file of the project, or what a folder of it holds. */
  readonly look: (path: string) => Promise<ProjectFile>;
  /** Ends the session in this thread. */
  readonly end: () => Promise<void>;
  /** Of this thread. */
  readonly link: () => string;
  /** Has a reply acted on, by `post`, if it is this process's to act on and nobody has before. */
  readonly take: (post: Post) => Promise<void>;
  /** It has been acted on, and nothing else shows that for good. */
  readonly done: (postId: PostId) => Promise<void>;
}

/** `handled`: the owner's posts that were acted on here, with the time at which they were last edited before that. */
export function createThreadParts(deps: ConversationDeps, handled: Map<PostId, number>) {
  const { runtime, host, clock, logger, pending, owner } = deps;
  const { id: sessionId } = runtime.state().session;

  const answer = (post: Post, text: string): void => runtime.say(`reply/${post.id}`, text);

  const wasStored = ({ id, createdMs }: Post): Promise<boolean> =>
    wasSent(host, sessionId, { id, createdMs: toLocalMs(createdMs, deps) });

  const requests = createThreadRequests({
    runtime,
    host,
    logger,
    ownerName: owner.username,
    maxPostChars: deps.maxPostChars,
  });
  const about = {
    host,
    clock: deps.outlasting,
    logger,
    told: runtime.state,
    chosen: deps.choices.chosen,
  };
  const sender = createPromptSender(about, sessionId);
  const given = createGivePrompt({ ...deps, pending, sender, answer });
  const prompts: GivePrompt = {
    ...given,
    async give(post) {
      const result = await given.give(post);
      if (result === "stored") runner.gave(post.id);
      return result;
    },
  };
  const stops = createStops(deps);
  const queue = createPromptQueue(deps);
  const runner = createQueueRunner({
    ...deps,
    queue,
    owner: owner.id,
    give: prompts.give,
    wasStored,
    answer,
    acting: ({ id, editedMs }) => void handled.set(id, editedMs),
  });

  let stoppedMs = Number.NEGATIVE_INFINITY;
  let stopCount = 0;
  const once = createDoOnce(deps);
  const history = createSessionHistory({
    ...deps,
    once,
    isStopping: () => clock.now() - stoppedMs < STOPPED_JUST_NOW_MS,
  });
  const again = createRunAgain({
    ...deps,
    history,
    sender,
    give: prompts.give,
    stops: () => stopCount,
  });
  const fork = createFork({ ...deps, once, isIdle: history.isIdle });
  const work = createSessionWork({ ...deps, once, history });

  /** Says nothing: the posts of the turn tell that it was stopped. */
  async function stop(writtenMs: number): ReturnType<Stops["stop"]> {
    const stopped = await stops.stop(writtenMs);
    stoppedMs = clock.now();
    stopCount++;
    if (stopped !== "later") runner.stopping();
    if (stopped === "stopped") logger.info(`@${owner.username} stopped the session`, { sessionId });
    return stopped;
  }

  const commands = createThreadCommands({
    ...deps,
    requests,
    stop,
    queue,
    runner,
    history,
    fork,
    again,
    work,
  });
  const late = createLateReplies({ ...deps, read: deps.chat.post });
  const parts = { requests, late, stop, queue, runner };
  const promptTaps = createPromptTaps({ ...deps, queue, history, fork, again });
  const taps = createTaps({ ...deps, ...parts, choices: commands.choices, prompts: promptTaps });
  const changes = createOwnerChanges({
    ...deps,
    serverNow: deps.chat.now,
    actedOn: (id) => handled.get(id),
    wasStored,
  });
  return { ...parts, answer, wasStored, sender, prompts, stops, commands, taps, changes };
}
