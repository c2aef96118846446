import type { ProjectFile } from "../commands/command.ts";
import { createCallInputs } from "../conversation/call-inputs.ts";
import { watchForgotten } from "../conversation/forgotten-prompts.ts";
import { dropGoneRequests } from "../conversation/gone-requests.ts";
import { type OpenConversation, openConversation } from "../conversation/open-conversation.ts";
import { rereadTurns, restoreSince } from "../conversation/restore-turns.ts";
import type { OpenBeside } from "../conversation/session-forks.ts";
import { messageOf } from "../errors.ts";
import type { SessionInfo } from "../models/host-event.ts";
import type { Identity } from "../models/identity.ts";
import type { MessageId, SessionId } from "../models/ids.ts";
import type { ThreadPlace } from "../models/thread-place.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import { deletedThreadNotice } from "../render/deleted-thread.ts";
import { stateMark } from "../render/session-card.ts";
import { statusOf } from "../state/status.ts";
import type { ThreadState } from "../state/thread-state.ts";
import { isLeftUndone } from "../state/waiting.ts";
import { type Opened, openThread } from "../thread/open-thread.ts";
import { type OutboundFile, sendFile } from "../thread/outbound-file.ts";
import { createThreadOwnership, type ThreadOwnership } from "../thread/ownership.ts";
import type { GatewayReady, ThreadGateway, ThreadView } from "../thread/ports.ts";
import { createThreadRuntime, type ThreadRuntime } from "../thread/thread-runtime.ts";
import { createLifetime } from "../timing/lifetime.ts";
import { untilDone } from "../timing/retry.ts";
import { createContextLimit } from "./context-limit.ts";
import { createRootWatch } from "./root-watch.ts";

/** A session of this process and its thread, from the claim to the release. */
export interface LiveThread extends Pick<ThreadOwnership, "choose"> {
  readonly runtime: ThreadRuntime;
  /** Absent until the thread is open. */
  view(): ThreadView | undefined;
  /** The session begins to work in this process, where another one may have had it since. */
  reclaim(): void;
  /** The thread's permalink; absent until the thread is open. */
  link(): string | undefined;
  /** Posts a file in the thread. Resolves with what to tell the model. */
  sendFile(file: OutboundFile): Promise<string>;
  /** Something was done in the session of which nothing was heard here. */
  lookAgain(): void;
  /** OpenCode has stopped everything to read its configuration again, without a word of it here. */
  reloaded(): void;
  /** The session is over, or its process goes, or goes on without this plugin: the thread says so, and nobody owns it then. Resolves when both are done. */
  end(how: "deleted" | "exited" | "unloaded"): Promise<void>;
  stop(): void;
}

export interface LiveThreadDeps {
  readonly gateway: ThreadGateway;
  readonly host: HostPort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly project: string;
  /** A directory as the person knows it: the home folder as `~`. */
  readonly shortPath: (directory: string) => string;
  /** Opens the thread of a session that was made beside another one. */
  readonly openBeside: OpenBeside;
  /** What waits for an answer in this process, in this session or its sub-agents', is to be told again: another process had the thread. */
  readonly tellAsked: (session: SessionId) => void;
  /** A file of the project, or what a folder of it holds. */
  readonly look: (path: string) => Promise<ProjectFile>;
}

export interface LiveThreadRequest {
  readonly session: SessionInfo;
  /** User messages up to this time are history. */
  readonly horizonMs: number;
  /** Whether the session works in this process: then a live owner elsewhere gives way. */
  readonly takeOver: boolean;
  /** Another process has the thread: this one lets go of it. */
  readonly onLost: () => void;
  /** The thread was deleted in Mattermost, and the session goes on. `works`: in this process. */
  readonly onDeleted: (works: boolean) => void;
}

const linkTo = (site: string, at: ThreadPlace) => `${site}/_redirect/pl/${at.rootPostId}`;

export function createLiveThread(deps: LiveThreadDeps, request: LiveThreadRequest): LiveThread {
  const { gateway, host, logger } = deps;
  const { session, onLost } = request;
  const clock = createLifetime(deps.clock);
  const ownership = createThreadOwnership({
    gateway,
    clock,
    logger,
    sessionId: session.id,
    onLost,
  });
  /** Whether the session works in this process: it may begin to while its thread is being opened. */
  let { takeOver } = request;
  let sinceMs = clock.now();
  let stopped = false;
  /** Absent until the thread is open. */
  let opened:
    | {
        readonly place: ThreadPlace;
        readonly identity: Identity;
        readonly siteUrl: string;
        readonly conversation: OpenConversation;
      }
    | undefined;
  const retry = { clock, logger, stopped: () => stopped };
  const runtime = createThreadRuntime({
    session,
    face: {
      project: deps.project,
      directory: deps.shortPath(session.directory),
      used: false,
    },
    horizonMs: request.horizonMs,
    settings: () => ownership.mapping()?.settings ?? {},
    isMine: ownership.isMine,
    clock,
    logger,
    onChange: changed,
    onGap: (from) => void restoreSince({ ...retry, runtime, host, gateway }, from),
    onRefused: () => lookForRoot(),
    onOwed(key, message) {
      if (!opened) return;
      const { channelId, rootPostId, sessionId, machineId } = opened.place;
      const mark = { key, session_id: sessionId, machine_id: machineId };
      const where = { channelId, rootId: rootPostId, urgency: "interactive" } as const;
      gateway.postOwed({ ...where, mark, message, searchFirst: true });
    },
  });

  const lookForRoot = createRootWatch({
    ...retry,
    ownership,
    chat: gateway.chat,
    root: () => opened?.place.rootPostId,
    onGone: () => request.onDeleted(takeOver),
  });
  const showContextLimit = createContextLimit({ runtime, host, logger });
  const inputs = createCallInputs({ runtime, host, clock, logger });

  async function open(): Promise<void> {
    const ready = await gateway.ready();
    const { identity, context } = ready;
    const takes = takeOver;
    const found = await untilDone(`the thread of session ${session.id}`, retry, () =>
      openThread(
        { gateway, identity, clock, logger },
        {
          session: runtime.state().session,
          project: deps.project,
          takeOver: takes,
          cardMessage: () => runtime.card(context),
        },
      ),
    );
    if (!found || stopped) return;
    if (found.kind === "mine") begin(found, ready);
    else if (takeOver && !takes) await open();
    else onLost();
  }

  function begin(thread: Extract<Opened, { kind: "mine" }>, ready: GatewayReady): void {
    const { rootPostId, posts, mapping } = thread;
    const { identity, context } = ready;
    ownership.opened(mapping);
    runtime.setFace({
      used: thread.isAnew || posts.some((post) => post.userId === identity.owner.id),
    });
    const { machineId, instanceId } = gateway;
    const { channelId } = mapping;
    const place = { channelId, rootPostId, sessionId: session.id, machineId, instanceId };
    runtime.open(context, place, posts);
    const parts = { runtime, ownership, host, gateway, clock, logger };
    const siteUrl = identity.limits.siteUrl || gateway.url;
    const link = (): string => linkTo(siteUrl, place);
    const { openBeside, look } = deps;
    const isHeard = (): boolean => takeOver;
    const beside = { openBeside, look, link, end: endHere };
    const about = { ready, thread, view, isHeard, beside, rootDeleted: lookForRoot };
    const conversation = openConversation({ ...parts, ...about });
    if (thread.isAnew) runtime.say("anew", deletedThreadNotice());
    opened = { place, identity, siteUrl, conversation };
    if (posts.length > 1 || thread.isAnew) deps.tellAsked(session.id);
  }

  async function showBranch(): Promise<void> {
    const branch = await host.branch().catch(() => undefined);
    if (branch && branch !== runtime.face().branch) runtime.setFace({ branch });
  }

  function changed(before: ThreadState, after: ThreadState): void {
    if (stateMark(before) !== stateMark(after)) {
      sinceMs = clock.now();
      gateway.stateChanged();
    }
    if (before.contextTokens !== after.contextTokens) void showContextLimit();
    if (before.permissions !== after.permissions) inputs.look();
    runChanged(before, after);
    opened?.conversation.changed();
    keep(before, after);
  }

  function keep(before: ThreadState, { session: { title }, ended }: ThreadState): void {
    if (before.session.title !== title) void ownership.note((stored) => ({ ...stored, title }));
    if (ended === "deleted" && before.ended === undefined) void end("deleted", before);
  }

  function runChanged(before: ThreadState, after: ThreadState): void {
    if (before.run.kind !== "idle" && after.run.kind === "idle") {
      void showBranch();
      dropGoneRequests({ runtime, host, clock, logger });
    }
    const moved = before.turns.length !== after.turns.length || before.run !== after.run;
    const again = (turn: MessageId): boolean => opened?.conversation.again(turn) === true;
    if (moved) watchForgotten(runtime, clock, again);
  }

  /** A deleted session cannot come back; one whose OpenCode was closed can. */
  async function end(
    how: "deleted" | "exited" | "unloaded",
    before = runtime.state(),
  ): Promise<void> {
    if (how !== "deleted" && !(await ownership.isMine())) return;
    if (how !== "deleted") runtime.apply({ type: "exited" });
    if (isMissed(before)) opened?.conversation.sayEnded(how);
    const noted = ownership.note(({ owner: _, ...stored }) => ({
      ...stored,
      status: statusOf(runtime.state()),
    }));
    await Promise.all([noted, runtime.settled()]);
  }

  /** The owner ends it in its thread, which says so by itself. Rejects where that cannot be kept. */
  async function endHere(): Promise<void> {
    await ownership.change(({ owner: _, ...stored }) => ({ ...stored, status: "ended" }));
    runtime.apply({ type: "exited" });
  }

  /** Where nobody in Mattermost took part and nothing was left undone, the card alone says that it is over. */
  function isMissed(before: ThreadState): boolean {
    const tookPart = runtime.face().used || opened?.conversation.tookPart() === true;
    return tookPart || isLeftUndone(before);
  }

  /** Another process may have taken the session over since; it works here again. */
  async function reclaim(): Promise<void> {
    takeOver = true;
    const from = await ownership.reclaim();
    runtime.apply({ type: "resumed" });
    if (!from) return;
    opened?.conversation.tookFrom(from);
    deps.tellAsked(session.id);
  }

  function view(): ThreadView | undefined {
    const mapping = ownership.mapping();
    return mapping && { mapping, state: runtime.state(), face: runtime.face(), sinceMs };
  }

  // The card mostly has it from the beginning then.
  void showBranch();
  void open();
  return {
    runtime,
    view,
    end,
    lookAgain: () => opened?.conversation.lookAgain(),
    choose: ownership.choose,
    reloaded() {
      runtime.apply({ type: "reloaded" });
      void rereadTurns({ ...retry, runtime, host });
    },
    reclaim: () => {
      void reclaim().catch((error) =>
        logger.warn(`session ${session.id} could not be claimed: ${messageOf(error)}`),
      );
    },
    link: () => opened && linkTo(opened.siteUrl, opened.place),
    async sendFile(file) {
      if (!opened) return "Not sent: the session has no thread in Mattermost yet.";
      const { place, identity } = opened;
      // A tool call is always answered, whatever becomes of the thread.
      const sender = { chat: gateway.chat, clock: deps.clock, logger, place, identity };
      return sendFile(sender, file);
    },
    stop() {
      stopped = true;
      opened?.conversation.stop();
      runtime.stop();
      clock.end();
    },
  };
}
