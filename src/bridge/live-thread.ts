import { createActOnce } from "../conversation/act-once.ts";
import { createThreadCatchUp, type ThreadCatchUp } from "../conversation/catch-up.ts";
import { createThreadConversation, type ThreadConversation } from "../conversation/conversation.ts";
import { receiveFiles } from "../conversation/file-handler.ts";
import { watchForgotten } from "../conversation/forgotten-prompts.ts";
import { dropGoneRequests } from "../conversation/gone-requests.ts";
import { restoreSince } from "../conversation/restore-turns.ts";
import { messageOf } from "../errors.ts";
import type { Post, Reaction } from "../models/chat.ts";
import { baseEmoji } from "../models/emoji.ts";
import type { SessionInfo } from "../models/host-event.ts";
import type { Identity } from "../models/identity.ts";
import type { MessageId } from "../models/ids.ts";
import type { ThreadStatus } from "../models/thread-mapping.ts";
import type { ThreadPlace } from "../models/thread-place.ts";
import type { Clock, HostPort, Logger } from "../ports.ts";
import { stateMark } from "../render/session-card.ts";
import type { ThreadState } from "../state/thread-state.ts";
import { type Opened, openThread } from "../thread/open-thread.ts";
import { type OutboundFile, sendFile } from "../thread/outbound-file.ts";
import { createThreadOwnership } from "../thread/ownership.ts";
import type { GatewayReady, ThreadGateway, ThreadSink, ThreadView } from "../thread/ports.ts";
import { createThreadRuntime, type ThreadRuntime } from "../thread/thread-runtime.ts";
import { untilDone } from "../timing/retry.ts";

/** A session of this process and its thread, from the claim to the release. */
export interface LiveThread {
  readonly runtime: ThreadRuntime;
  /** Absent until the thread is open. */
  view(): ThreadView | undefined;
  /** The session begins to work in this process, where another one may have had it since. */
  reclaim(): void;
  /** The thread's permalink; absent until the thread is open. */
  link(): string | undefined;
  /** Posts a file in the thread. Resolves with what to tell the model. */
  sendFile(file: OutboundFile): Promise<string>;
  /** The session is over, or its process goes: the thread says so, and nobody owns it from then on. */
  end(how: "deleted" | "exited"): Promise<void>;
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
}

export interface LiveThreadRequest {
  readonly session: SessionInfo;
  /** User messages up to this time are history. */
  readonly horizonMs: number;
  /** Whether the session works in this process: then a live owner elsewhere gives way. */
  readonly takeOver: boolean;
  /** Another process has the thread: this one lets go of it. */
  readonly onLost: () => void;
}

export function createLiveThread(deps: LiveThreadDeps, request: LiveThreadRequest): LiveThread {
  const { gateway, host, clock, logger } = deps;
  const { session } = request;
  const { onLost } = request;
  const ownership = createThreadOwnership({
    gateway,
    clock,
    logger,
    sessionId: session.id,
    onLost,
  });
  let conversation: ThreadConversation | undefined;
  let catchUp: ThreadCatchUp | undefined;
  /** Whether the session works in this process: it may begin to while its thread is being opened. */
  let { takeOver } = request;
  let unregister = (): void => undefined;
  let sinceMs = clock.now();
  let stopped = false;
  let wroteEarly = false;
  let opened:
    | { readonly place: ThreadPlace; readonly identity: Identity; readonly siteUrl: string }
    | undefined;
  const retry = { clock, logger, stopped: () => stopped };
  const runtime = createThreadRuntime({
    session,
    face: {
      project: deps.project,
      directory: deps.shortPath(session.directory),
      used: false,
      status: "active",
    },
    horizonMs: request.horizonMs,
    isMine: ownership.isMine,
    clock,
    logger,
    onChange: changed,
    onGap: (from) => void restoreSince({ ...retry, runtime, host, gateway }, from),
    onOwed(key, message) {
      if (!opened) return;
      const { channelId, rootPostId, sessionId, machineId } = opened.place;
      const mark = { key, session_id: sessionId, machine_id: machineId };
      const where = { channelId, rootId: rootPostId, urgency: "interactive" } as const;
      gateway.postOwed({ ...where, mark, message, searchFirst: true });
    },
  });

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
    if (found.kind === "mine") await begin(found, ready);
    else if (takeOver && !takes) await open();
    else onLost();
  }

  async function begin(
    thread: Extract<Opened, { kind: "mine" }>,
    { identity, context, commands }: GatewayReady,
  ): Promise<void> {
    const { rootPostId, posts, mapping, from } = thread;
    ownership.opened(mapping);
    runtime.setFace({ used: posts.some((post) => post.userId === identity.owner.id) });
    const { machineId } = gateway;
    const place = { channelId: mapping.channelId, rootPostId, sessionId: session.id, machineId };
    opened = { place, identity, siteUrl: identity.limits.siteUrl || gateway.url };
    runtime.open(context, place, posts);
    const { chat, files, maxFileBytes } = gateway;
    conversation = createThreadConversation({
      runtime,
      host,
      clock,
      logger,
      owner: identity.owner,
      bridge: commands,
      receive: (post) => receiveFiles({ chat, files, logger, maxFileBytes }, post),
      isLocked: gateway.isLocked,
      take: (post) => takeNow(post, clock.now(), "again"),
      done: ownership.done,
    });
    const { offer, offers, recheck } = conversation;
    const about = { runtime, host, gateway, clock, logger, identity, mapping, from };
    catchUp = createThreadCatchUp({
      ...about,
      take,
      offer,
      offers,
      recheck(key, reactions) {
        inLane("a reaction that was missed", async () => {
          if (!gateway.isLocked()) await recheck(key, reactions);
        });
      },
    });
    unregister = gateway.register(rootPostId, sink());
    void showBranch();
    const read = () => gateway.chat.thread(rootPostId);
    const now = wroteEarly ? await untilDone("reading the thread", retry, read) : posts;
    if (now) await catchUp.begin(now);
    await catchUp.reactions();
  }

  async function showBranch(): Promise<void> {
    const branch = await host.branch().catch(() => undefined);
    if (branch && branch !== runtime.face().branch) runtime.setFace({ branch });
  }

  function changed(before: ThreadState, after: ThreadState): void {
    if (stateMark(before, "active") !== stateMark(after, "active")) {
      sinceMs = clock.now();
      gateway.stateChanged();
    }
    if (before.run.kind !== "idle" && after.run.kind === "idle") {
      void showBranch();
      dropGoneRequests({ runtime, host, clock, logger });
    }
    const moved = before.turns.length !== after.turns.length || before.run !== after.run;
    const again = (turn: MessageId): boolean => !stopped && conversation?.again(turn) === true;
    if (moved) watchForgotten(runtime, clock, again);
    if (before.session.title !== after.session.title) {
      void ownership.note((stored) => ({ ...stored, title: after.session.title }));
    }
    if (after.ended === "deleted" && before.ended === undefined) void end("deleted");
  }

  /** A deleted session cannot come back; one whose OpenCode was closed can. */
  async function end(how: "deleted" | "exited"): Promise<void> {
    if (how === "exited" && !(await ownership.isMine())) return;
    const over = how === "deleted" ? "orphaned" : "ended";
    runtime.setFace({ status: over });
    if (how === "exited") runtime.apply({ type: "exited" });
    conversation?.sayEnded(how);
    await ownership.note(({ owner: _, ...stored }) => ({ ...stored, status: over }));
  }

  /** Another process may have taken the session over since; it works here again. */
  async function reclaim(): Promise<void> {
    takeOver = true;
    const from = await ownership.reclaim();
    runtime.setFace({ status: "active" });
    if (from) catchUp?.tookFrom(from);
  }

  const status = (): ThreadStatus => runtime.face().status;

  function inLane(what: string, task: () => Promise<void> | undefined): void {
    void runtime.inLane(what, async () => {
      if (!stopped && (await ownership.isMine())) await task();
    });
  }

  const takeNow = createActOnce({
    clock,
    ownership,
    acting: gateway.acting,
    isLocked: gateway.isLocked,
    stopped: () => stopped,
    hold: (post) => catchUp?.hold(post),
    refuse: (post) => conversation?.refuse(post),
    act: async (post, taken) => conversation?.post(post, status(), taken),
  });

  const take = (post: Post, known?: "again"): Promise<void> => {
    const queuedMs = clock.now();
    return runtime.inLane("a post", () => takeNow(post, queuedMs, known));
  };

  async function atOnce(reaction: Reaction, added: boolean): Promise<void> {
    try {
      if (await ownership.isMine()) await conversation?.reaction(reaction, added);
    } catch (error) {
      logger.warn(`a reaction could not be acted on: ${messageOf(error)}`);
    }
  }

  function sink(): ThreadSink {
    return {
      sessionId: session.id,
      post: (post) => void take(post),
      missed() {
        wroteEarly = true;
      },
      reaction(reaction, added) {
        // Stopping must not wait for a prompt that hangs.
        if (baseEmoji(reaction.emoji) === "octagonal_sign") void atOnce(reaction, added);
        else inLane("a reaction", () => conversation?.reaction(reaction, added));
      },
      seen: (post) => runtime.seen(post),
      has: (postId) => runtime.keyOf(postId) !== undefined || conversation?.knows(postId) === true,
      recheck() {
        if (gateway.isLocked()) return;
        void catchUp?.goOn();
        void catchUp?.reactions();
      },
      async takeBack() {
        if (await ownership.takeBack()) catchUp?.wasCalledLost();
      },
      view,
    };
  }

  function view(): ThreadView | undefined {
    const mapping = ownership.mapping();
    return mapping && { mapping, state: runtime.state(), face: runtime.face(), sinceMs };
  }

  void open();
  return {
    runtime,
    view,
    end,
    reclaim: () => {
      void reclaim().catch((error) =>
        logger.warn(`session ${session.id} could not be claimed: ${messageOf(error)}`),
      );
    },
    link: () => opened && `${opened.siteUrl}/_redirect/pl/${opened.place.rootPostId}`,
    async sendFile(file) {
      if (!opened) return "Not sent: the session has no thread in Mattermost yet.";
      return sendFile({ chat: gateway.chat, clock, logger, ...opened }, file);
    },
    stop() {
      stopped = true;
      unregister();
      catchUp?.stop();
      runtime.stop();
    },
  };
}
